"""The bench of following: `python tests/bench/follow --help`."""

import argparse
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from measure.call import chosen, write_json
from measure.footage import ABSENT, find_footage
from measure.process import revision
from pasted import SCENES
from quality import Result, as_values, from_values, run
from report import tables
from rivals import RIVALS, USUAL
from sheets import write_strip
from shots import THINGS, Shot, every, shared_shot

STARTS = (0.0, 0.5, 1.0)
KNOWN = (*THINGS, *SCENES)


def main() -> int:
    """Run what the command line asks for; 0 unless there is nothing to run it on."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.tables:
        earlier = [one for path in asked.tables for one in json.loads(path.read_text())["things"]]
        print(tables(from_values(earlier)))
        return 0
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    print(f"Engine at {revision()}.\n", flush=True)
    rivals = chosen(parser, asked.rivals, USUAL, RIVALS, "rival")
    results: list[Result] = []
    for name in chosen(parser, asked.things, KNOWN, KNOWN, "thing"):
        shot = SCENES[name](footage) if name in SCENES else shared_shot(footage, name)
        shot = every(shot, asked.step)
        for start in asked.starts:
            print(f"{name} from {start:g}", file=sys.stderr, flush=True)
            result = run(shot, start, rivals)
            if asked.sheet:
                _look(asked.sheet, shot, result)
            results += from_values(as_values([result]))  # without the mattes
            write_json(asked.json, {"things": as_values(results)})  # a broken run keeps it
    print(tables(results))
    return 0


def _look(folder: Path, shot: Shot, result: Result) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for rival, mattes in result.mattes.items():
        trust = list(result.figures[rival].confidence)
        trust.insert(shot.start(result.start), 1.0)
        name = f"{shot.name.replace(' ', '-')}-{result.start:g}-{rival}.png"
        write_strip(folder / name, shot, mattes, trust)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python tests/bench/follow", description=__doc__)
    parser.add_argument("--things", metavar="NAME,..", help=f"of {', '.join(KNOWN)}")
    parser.add_argument("--rivals", metavar="NAME,..", help=f"of {', '.join(RIVALS)}")
    parser.add_argument(
        "--starts", type=_shares, default=STARTS, metavar="SHARE,..", help="0 first frame, 1 last"
    )
    parser.add_argument("--step", type=int, default=1, metavar="N", help="every Nth frame only")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="write strips of twelve frames")
    parser.add_argument(
        "--tables", type=Path, nargs="+", metavar="JSON", help="print those of earlier runs as one"
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all figures")
    return parser


def _shares(words: str) -> tuple[float, ...]:
    return tuple(float(word) for word in words.split(","))


if __name__ == "__main__":
    sys.exit(main())
