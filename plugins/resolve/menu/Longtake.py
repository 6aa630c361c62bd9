"""The window; Resolve gives this script `resolve`, `fusion` and `bmd`."""

import sys

sys.path.insert(0, "@LONGTAKE_LIBRARY@")
import longtake_window

longtake_window.show(resolve, fusion, bmd)  # noqa: F821 - Resolve's own
