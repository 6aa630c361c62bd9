"""`python -m longtake_engine.demo scene PATH` and `... sheet VIDEO PNG --joins 25,125`."""

import argparse
import sys
from pathlib import Path

from longtake_engine.demo.scene import write_scene
from longtake_engine.demo.sheet import write_sheet
from longtake_engine.errors import EngineError


def main() -> int:
    """Exit status: 0 where it is done, 1 with a sentence where not."""
    parser = argparse.ArgumentParser(prog="longtake_engine.demo")
    verbs = parser.add_subparsers(dest="verb", required=True)
    scene = verbs.add_parser("scene", help="draw the scene")
    scene.add_argument("path", type=Path)
    sheet = verbs.add_parser("sheet", help="lay out the frames around joins")
    sheet.add_argument("video", type=Path)
    sheet.add_argument("png", type=Path)
    sheet.add_argument("--joins", required=True, help="first frames after the joins: 25,125")
    options = parser.parse_args()
    try:
        if options.verb == "scene":
            write_scene(options.path)
        else:
            write_sheet(options.video, options.png, [int(n) for n in options.joins.split(",")])
    except EngineError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
