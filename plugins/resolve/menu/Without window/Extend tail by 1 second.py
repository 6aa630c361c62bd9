"""One second more after the selected clip; Resolve gives this script `resolve`."""

import sys

sys.path.insert(0, "@LONGTAKE_LIBRARY@")
import longtake_resolve

longtake_resolve.run(resolve, "extend", tail="1s")  # noqa: F821 - Resolve's own
