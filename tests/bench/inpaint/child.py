"""One clip with a moving hole filled frame by frame, as JSON on stdout. Started by `costs.py`."""

import json
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from measure.process import peak_mb
from stream import Streamed


def main() -> None:
    """Fill the frames that the first argument (JSON) names, holding none of them."""
    work = json.loads(sys.argv[1])
    streamed = Streamed(Path(work["path"]), work["height"], work["frames"])
    began = time.monotonic()
    first_s = 0.0
    count = 0
    for _ in streamed.completed(work["name"]):
        count += 1
        first_s = first_s or time.monotonic() - began
    seconds = time.monotonic() - began
    print(json.dumps({"fps": count / seconds, "first_s": first_s, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
