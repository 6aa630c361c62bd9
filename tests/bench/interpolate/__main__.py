"""The bench of frames between frames: `python tests/bench/interpolate --help`."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

import report
from costs import speed_lines
from holes import SIZES, HoleResult, hole_table, run_holes
from learned import REFINED, WEIGHTS, lack_of, refiner_of
from longtake_engine.tasks.backtest import shrink
from measure.call import chosen, write_json
from measure.footage import ABSENT, CLIPS, distinct_excerpt, find_footage
from measure.process import revision
from measure.sheet import write_strips
from quality import ClipResult, run_clip
from rivals import BLEND, MINTERPOLATE, NAMES
from sheet import write_lowest, write_worst

FRAMES = 33  # of each clip: 17 are given at twice the rate, 9 at four times
HOLES = ("highway", "bedroom", "tea")
SPEED = ("bear", "highway", "dog")  # 480p, 540p and 720p
SHOWN_OF_HOLE = 6  # frames in a strip


def main() -> int:
    """Run what the command line asks for; 0 unless there is nothing to run it on."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.tables:
        earlier = [clip for path in asked.tables for clip in json.loads(path.read_text())["clips"]]
        _print_quality(sorted(report.from_values(earlier), key=lambda result: result.clip))
        return 0
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    print(f"Engine at {revision()}.\n", flush=True)
    usual = HOLES if asked.holes else SPEED if asked.speed else tuple(CLIPS)
    clips = chosen(parser, asked.clips, usual, CLIPS, "clip")
    values: dict[str, object] = {}
    if asked.holes:
        values["holes"] = _holes(footage, clips, asked)
    elif asked.speed:
        usual = tuple(name for name in NAMES if name not in WEIGHTS)
        rivals = chosen(parser, asked.rivals, usual, usual, "rival")
        values["speed"] = _speed(footage, clips, rivals, asked)
    else:
        slow = {"minterpolate aobmc", *WEIGHTS}  # and the first is no better
        lacking = set() if asked.network else set(REFINED)
        usual = tuple(name for name in NAMES if name not in slow | lacking)
        rivals = chosen(parser, asked.rivals, usual, NAMES, "rival")
        rivals = _able(name for name in NAMES if name in {*rivals, BLEND, MINTERPOLATE})
        values["clips"] = report.as_values(_quality(footage, clips, rivals, asked))
    write_json(asked.json, values)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python tests/bench/interpolate", description=__doc__)
    parser.add_argument("--clips", metavar="NAME,..", help=f"of {', '.join(CLIPS)}")
    parser.add_argument("--rivals", metavar="NAME,..", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--factor", default="2,4", metavar="N,..", help="2 keeps every 2nd frame")
    parser.add_argument("--frames", type=int, default=FRAMES, metavar="N", help="of each clip")
    parser.add_argument(
        "--sheet", type=Path, metavar="PNG", help="write the worst frames, or holes"
    )
    parser.add_argument("--shown", default="standard", metavar="NAME", help="whose worst frames")
    parser.add_argument("--behind", default=MINTERPOLATE, metavar="NAME", help="behind whom")
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="show the N frames lowest in dB, and why"
    )
    parser.add_argument("--width", type=int, default=0, metavar="PIXELS", help="made smaller to")
    parser.add_argument(
        "--network", type=Path, metavar="FILE", help=f"weights behind {' and '.join(REFINED)}"
    )
    parser.add_argument("--holes", action="store_true", help="missing frames filled")
    parser.add_argument(
        "--speed", action="store_true", help="frames a second, and most memory of a process"
    )
    parser.add_argument(
        "--tables", type=Path, nargs="+", metavar="JSON", help="print those of earlier runs as one"
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all figures")
    return parser


def _able(rivals: Iterable[str]) -> tuple[str, ...]:
    """Those that can run here; why the others cannot is said."""
    able = []
    for name in rivals:
        lack = lack_of(name)
        if lack:
            print(f"{name} is left out: {lack}.", file=sys.stderr, flush=True)
        else:
            able.append(name)
    return tuple(able)


def _quality(
    footage: Path, clips: Sequence[str], rivals: Sequence[str], asked: argparse.Namespace
) -> list[ClipResult]:
    results = []
    refiner = refiner_of(asked.network)
    for name in clips:
        clip = distinct_excerpt(footage, name, asked.frames)
        if asked.width:
            clip = replace(clip, pictures=tuple(shrink(p, asked.width) for p in clip.pictures))
        for factor in map(int, asked.factor.split(",")):
            print(f"{name} ×{factor}", file=sys.stderr, flush=True)
            results.append(run_clip(clip, factor, rivals, (asked.shown, asked.behind), refiner))
            spent = results[-1].seconds.items()
            line = ", ".join(f"{rival} {seconds:.2f}" for rival, seconds in spent)
            print(f"  seconds a frame: {line}", file=sys.stderr, flush=True)
            write_json(asked.json, {"clips": report.as_values(results)})  # a broken run keeps it
    _print_quality(results)
    if asked.sheet and asked.worst:
        write_lowest(asked.sheet, results, asked.behind, asked.shown, asked.worst)
    elif asked.sheet:
        order = dict.fromkeys((asked.shown, asked.behind, MINTERPOLATE, BLEND))
        shown = [name for name in order if name in rivals]
        write_worst(asked.sheet, results, shown, asked.shown)
    return results


def _print_quality(results: Sequence[ClipResult]) -> None:
    rivals = [name for name in NAMES if all(name in result.psnr_db for result in results)]
    count = len({result.clip for result in results})
    most = max(result.frames for result in results)
    print(f"{count} clips, {most} frames at most made in each.\n")
    print(report.rival_table(results, rivals) + "\n")
    for factor in sorted({result.factor for result in results}):
        print(report.clip_table(results, rivals, factor) + "\n")
    if "standard" in rivals:
        print("Targets (standard):\n\n" + "\n".join(report.target_lines(results)))


def _holes(
    footage: Path, clips: Sequence[str], asked: argparse.Namespace
) -> list[dict[str, object]]:
    results = []
    for name in clips:
        for missing in SIZES:
            print(f"{name}, {missing} missing", file=sys.stderr, flush=True)
            results.append(run_holes(footage, name, missing))
    print(hole_table(results))
    if asked.sheet:
        _hole_strips(asked.sheet, results, asked.shown)
    names = ("clip", "missing", "psnr_db", "ssim")
    return [{key: getattr(result, key) for key in names} for result in results]


def _hole_strips(path: Path, results: Sequence[HoleResult], shown: str) -> None:
    for result in results:
        steps = range(SHOWN_OF_HOLE)
        numbers = [round(step * (result.missing - 1) / (SHOWN_OF_HOLE - 1)) for step in steps]
        rows = {
            f"{result.clip}, {result.missing} missing: {name}": [
                result.frames[name][number] for number in numbers
            ]
            for name in ("truth", shown, "dissolve")
        }
        write_strips(path.with_stem(f"{path.stem}-{result.clip}-{result.missing}"), rows)


def _speed(
    footage: Path, clips: Sequence[str], rivals: Sequence[str], asked: argparse.Namespace
) -> list[dict[str, object]]:
    found = []
    for factor in map(int, asked.factor.split(",")):
        for line, values in speed_lines(footage, clips, rivals, factor):
            print(line, flush=True)
            if values:
                found.append({"factor": factor, **values})
    return found


if __name__ == "__main__":
    sys.exit(main())
