"""The gap after the selected clip filled; Resolve gives this script `resolve`."""

import sys

sys.path.insert(0, "@LONGTAKE_LIBRARY@")
import longtake_resolve

longtake_resolve.run(resolve, "fill_gap")  # noqa: F821 - Resolve's own
