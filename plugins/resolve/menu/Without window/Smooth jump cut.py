"""The jump cut after the selected clip hidden; Resolve gives this script `resolve`."""

import sys

sys.path.insert(0, "@LONGTAKE_LIBRARY@")
import longtake_resolve

longtake_resolve.run(resolve, "smooth_jump_cut")  # noqa: F821 - Resolve's own
