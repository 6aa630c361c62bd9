"""The bench of defects that are found by themselves: `python tests/bench/defect --help`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from measure.call import chosen, table, write_json
from measure.footage import ABSENT, CLIPS, find_footage
from measure.process import revision
from quality import FINDERS, SHORTEST, Result, run

TUNE, HELD_OUT = "tune", "held out"
# Nothing was set by what comes of these.
HELD = (
    *("bbb60", "bmx", "bottle", "cockatoo", "dog", "dogsjump", "flowers", "friday"),
    *("highway", "juggle", "nasa", "runner", "tea", "vipe", "water"),
)


def main() -> int:
    """Run what the command line asks for; 0 unless there is nothing to run it on."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.frames < SHORTEST:
        parser.error(f"--frames must be {SHORTEST} or more")
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    print(f"Engine at {revision()}.\n", flush=True)
    kinds = chosen(parser, asked.kinds, tuple(FINDERS), FINDERS, "kind")
    results: list[Result] = []
    for clip in chosen(parser, asked.clips, tuple(CLIPS), CLIPS, "clip"):
        print(clip, file=sys.stderr, flush=True)
        results += run(footage, clip, kinds, asked.frames)
        values = [{**asdict(one), "half": _half(one)} for one in results]
        write_json(asked.json, {"shots": values})  # a broken run keeps it
    print("\n\n".join(_figures(kind, [r for r in results if r.kind == kind]) for kind in kinds))
    return 0


def _half(result: Result) -> str:
    return HELD_OUT if result.clip in HELD else TUNE


def _figures(kind: str, results: Sequence[Result]) -> str:
    """The table of one kind: its clips, half by half, and all of each half."""
    head = (kind, "half", "shots", "planted", "found", "missed", "false", "false, none planted")
    rows = []
    for half in (TUNE, HELD_OUT):
        own = [one for one in results if _half(one) == half]
        for clip in dict.fromkeys(one.clip for one in own):
            rows.append([clip, half, *_counts([one for one in own if one.clip == clip])])
        if own:
            rows.append(["all", half, *_counts(own)])
    return table(head, rows)


def _counts(results: Sequence[Result]) -> list[str]:
    outcomes = [one.outcome for one in results]
    planted = sum(len(one.found) for one in outcomes)
    found = sum(sum(one.found) for one in outcomes)
    false = sum(one.false for one in outcomes)
    clean_false = sum(one.clean_false for one in outcomes)
    counts = (len(outcomes), planted, found, planted - found, false, clean_false)
    return [str(count) for count in counts]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python tests/bench/defect", description=__doc__)
    parser.add_argument("--clips", metavar="NAME,..", help=f"of {', '.join(CLIPS)}")
    parser.add_argument("--kinds", metavar="NAME,..", help=f"of {', '.join(FINDERS)}")
    parser.add_argument(
        "--frames", type=int, default=96, metavar="N", help="the most of a shot (usually 96)"
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all that was planted")
    return parser


if __name__ == "__main__":
    sys.exit(main())
