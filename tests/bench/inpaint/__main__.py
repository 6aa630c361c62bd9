"""The bench of removals: `python tests/bench/inpaint --help`."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from costs import cost_lines
from holes import HOLES
from measure.call import chosen, table, write_json
from measure.footage import ABSENT, CLIPS, find_footage
from measure.process import revision
from quality import Result, as_values, from_values, run_clip
from removals import MASKS, ROAD, run_removal
from report import tables
from rivals import NAMES, TELEA
from sheets import write_slices, write_strip

FRAMES = 50  # of each clip
HEIGHT = 480  # pixels at most


def main() -> int:
    """Run what the command line asks for; 0 unless there is nothing to run it on."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.tables:
        earlier = [clip for path in asked.tables for clip in json.loads(path.read_text())["clips"]]
        print(tables(sorted(from_values(earlier), key=lambda one: (one.kind, one.clip))))
        return 0
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    print(f"Engine at {revision()}.\n", flush=True)
    if asked.removals:
        _removals(parser, asked, footage)
    elif asked.speed:
        for line in cost_lines(footage, asked.frames, asked.backends or "seen"):
            print(line, flush=True)
    else:
        _quality(parser, asked, footage)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python tests/bench/inpaint", description=__doc__)
    parser.add_argument("--clips", metavar="NAME,..", help=f"of {', '.join(CLIPS)}")
    parser.add_argument("--backends", metavar="NAME,..", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--kinds", metavar="NAME,..", help=f"of holes: {', '.join(HOLES)}")
    parser.add_argument("--frames", type=int, default=FRAMES, metavar="N", help="of each clip")
    parser.add_argument("--height", type=int, default=HEIGHT, metavar="PIXELS", help="at most")
    parser.add_argument("--removals", action="store_true", help="of what the shared masks show")
    parser.add_argument("--speed", action="store_true", help="480p and 1080p, and their memory")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="write strips and cuts in time")
    parser.add_argument("--shown", default="seen", metavar="NAME,..", help="on them")
    parser.add_argument(
        "--tables", type=Path, nargs="+", metavar="JSON", help="print those of earlier runs as one"
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all figures")
    return parser


def _quality(parser: argparse.ArgumentParser, asked: argparse.Namespace, footage: Path) -> None:
    clips = chosen(parser, asked.clips, tuple(CLIPS), CLIPS, "clip")
    rivals = chosen(parser, asked.backends, NAMES, NAMES, "backend")
    kinds = chosen(parser, asked.kinds, tuple(HOLES), HOLES, "kind of holes")
    shown = chosen(parser, asked.shown, (), NAMES, "backend") if asked.sheet else ()
    results: list[Result] = []
    for name in clips:
        for kind in kinds:
            print(f"{name}, {kind}", file=sys.stderr, flush=True)
            result = run_clip(
                footage,
                name,
                kind,
                rivals,
                frames=asked.frames,
                height=asked.height,
                shown=shown,
            )
            if asked.sheet:
                _look(asked.sheet, result)
            results += from_values(as_values([result]))  # without the frames
            write_json(asked.json, {"clips": as_values(results)})  # a broken run keeps it
    print(tables(results))


def _look(folder: Path, result: Result) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_strip(folder / f"{result.clip}-{result.kind}-strip.png", result.rows)
    differ = [
        (given != true).any(-1)
        for given, true in zip(result.rows["given"], result.rows["truth"], strict=True)
    ]
    write_slices(folder / f"{result.clip}-{result.kind}-xt.png", result.rows, differ)


def _removals(parser: argparse.ArgumentParser, asked: argparse.Namespace, footage: Path) -> None:
    known = (*MASKS, ROAD)
    clips = chosen(parser, asked.clips, known, known, "clip with masks")
    rivals = chosen(parser, asked.backends, (TELEA, "seen"), NAMES, "backend")
    folder = asked.sheet or Path("removals")
    found = []
    for name in clips:
        print(name, file=sys.stderr, flush=True)
        found += run_removal(
            footage, name, rivals, frames=asked.frames, height=asked.height, folder=folder
        )
    head = ("clip", "by", "fps", "invented", "dB to the empty road")
    rows = [
        [r.clip, r.rival, f"{r.fps:.2f}", f"{r.invented:.3f}", f"{r.psnr_db:.2f}"] for r in found
    ]
    print(table(head, rows))
    print(f"\nStrips and cuts in time are in {folder}.")
    write_json(asked.json, {"removals": [asdict(one) for one in found]})


if __name__ == "__main__":
    sys.exit(main())
