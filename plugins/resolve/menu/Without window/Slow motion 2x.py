"""The selected clip at half speed; Resolve gives this script `resolve`."""

import sys

sys.path.insert(0, "@LONGTAKE_LIBRARY@")
import longtake_resolve

longtake_resolve.run(resolve, "slow_motion", factor=2, follow="overwrite")  # noqa: F821 - Resolve's own
