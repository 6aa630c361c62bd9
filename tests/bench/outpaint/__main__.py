"""The bench of borders: `python tests/bench/outpaint --help`.

A fifth of each clip is cut off at the sides that are asked for and made again; the truth is known.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from border import Result, run_clip
from measure.call import chosen, table, write_json
from measure.footage import ABSENT, CLIPS, find_footage
from measure.process import revision
from rivals import NAMES

SIDES = {"around": "lrtb", "beside": "lr"}
FEW = ("bear", "blackswan", "bmx", "cockatoo", "flower", "night", "runner", "tea")


def main() -> int:
    """Run what the command line asks for; 0 unless there is nothing to run it on."""
    parser = argparse.ArgumentParser("python tests/bench/outpaint", description=__doc__)
    parser.add_argument("--clips", metavar="NAME,..", help=f"of {', '.join(CLIPS)}")
    parser.add_argument("--rivals", metavar="NAME,..", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--sides", choices=SIDES, default="beside", help="that are made")
    parser.add_argument("--frames", type=int, default=40, metavar="N", help="of each clip")
    parser.add_argument("--height", type=int, default=240, metavar="PIXELS", help="at most")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="write strips and cuts in time")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all figures")
    parser.add_argument("--tables", type=Path, nargs="+", metavar="JSON", help="of earlier runs")
    asked = parser.parse_args()
    if asked.tables:
        earlier = [one for path in asked.tables for one in json.loads(path.read_text())["clips"]]
        print(tables([Result(**one) for one in earlier]))
        return 0
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    clips = chosen(parser, asked.clips, FEW, CLIPS, "clip")
    rivals = chosen(parser, asked.rivals, NAMES, NAMES, "rival")
    print(f"Engine at {revision()}.\n", flush=True)
    results: list[Result] = []
    for name in clips:
        print(name, file=sys.stderr, flush=True)
        results += run_clip(
            footage,
            name,
            rivals,
            sides=SIDES[asked.sides],
            frames=asked.frames,
            height=asked.height,
            sheet=asked.sheet,
        )
        write_json(asked.json, {"clips": [asdict(one) for one in results]})
    print(tables(results))
    return 0


def tables(results: list[Result]) -> str:
    """The means of each rival, and every clip."""
    names = [name for name in NAMES if any(one.rival == name for one in results)]
    head = ("", "PSNR", "SSIM", "temporal", "detail", "made up", "frames a CPU second")
    means = []
    for name in names:
        some = [one for one in results if one.rival == name]
        count = len(some)
        means.append(
            [
                name,
                f"{sum(one.psnr_db for one in some) / count:.2f}",
                f"{sum(one.ssim for one in some) / count:.3f}",
                f"{sum(one.temporal for one in some) / count:.2f}",
                f"{sum(one.detail for one in some) / count:.2f}",
                f"{sum(one.made_up for one in some) / count:.2f}",
                f"{count / sum(1 / one.frames_a_cpu_second for one in some):.2f}",
            ]
        )
    clips = list(dict.fromkeys(one.clip for one in results))
    by = {(one.clip, one.rival): one for one in results}
    rows = [
        [clip]
        + [
            f"{by[clip, name].psnr_db:.2f} / {by[clip, name].temporal:.1f}"
            if (clip, name) in by
            else ""
            for name in names
        ]
        for clip in clips
    ]
    return f"{table(head, means)}\n\n{table(('dB / temporal', *names), rows)}"


if __name__ == "__main__":
    sys.exit(main())
