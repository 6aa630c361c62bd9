"""The bench of extensions: `python tests/bench/extend --help`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

import report
from clips import CLIPS, TEXTURES
from costs import memory_lines, speed_lines
from measure.call import chosen, write_json
from measure.footage import ABSENT, find_footage
from measure.process import revision
from quality import ClipResult, run_clip
from rivals import AUTO, SIMPLE, rival_names
from sheet import write_sheets
from slices import Long, write_slices


def main() -> int:
    """Run what the command line asks for; 0 unless something could not be measured."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.tables:
        return _print_earlier(asked.tables)
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    clips = chosen(parser, asked.clips, CLIPS, CLIPS, "clip")
    rivals = chosen(parser, asked.backends, rival_names(), rival_names(), "continuation")
    print(f"Engine at {revision()}.\n", flush=True)
    values: dict[str, object] = {}
    faults = False
    if asked.speed or asked.memory:
        models = [rival for rival in rivals if rival not in SIMPLE] if asked.backends else [AUTO]
        values["costs"] = _costs(asked, footage, clips if asked.clips else (), models)
    elif asked.slices:
        looked_at = clips if asked.clips else TEXTURES
        values["slices"] = _slices(footage, looked_at, asked)
    else:
        results = _quality(footage, clips, rivals, asked)
        values["clips"] = report.as_values(results)
        faults = bool(report.failures(results))
    write_json(asked.json, values)
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python tests/bench/extend", description=__doc__)
    parser.add_argument("--clips", metavar="NAME,..", help=f"of {', '.join(CLIPS)}")
    parser.add_argument("--backends", metavar="NAME,..", help=f"of {', '.join(rival_names())}")
    parser.add_argument("--horizon", default="12,24", metavar="N,..", help="frames hidden")
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="write contact sheets")
    parser.add_argument("--shown", default=AUTO, metavar="NAME", help="on sheets and slices")
    parser.add_argument("--slices", type=float, metavar="SECONDS", help="of long extensions")
    parser.add_argument("--into", type=Path, metavar="DIR", help="where slices are written")
    parser.add_argument("--speed", action="store_true", help="against ffmpeg's minterpolate")
    parser.add_argument("--memory", action="store_true", help="peaks, short and long")
    parser.add_argument(
        "--tables", type=Path, nargs="+", metavar="JSON", help="print those of earlier runs as one"
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all figures")
    return parser


def _quality(
    footage: Path, clips: Sequence[str], rivals: Sequence[str], asked: argparse.Namespace
) -> list[ClipResult]:
    horizons = [int(number) for number in asked.horizon.split(",")]
    results = []
    for name in clips:
        for horizon in horizons:
            print(f"{name}, {horizon} frames", file=sys.stderr, flush=True)
            results.append(run_clip(footage, name, horizon, rivals, asked.shown))
            write_json(asked.json, {"clips": report.as_values(results)})  # a broken run keeps it
    _print_tables(results)
    if asked.sheet and asked.shown in rivals:
        longest = [result for result in results if result.horizon == max(horizons)]
        for page in write_sheets(asked.sheet, longest, asked.shown):
            print(f"wrote {page}", file=sys.stderr)
    return results


def _print_tables(results: Sequence[ClipResult]) -> None:
    rivals = [rival for rival in rival_names() if any(rival in r.outcomes for r in results)]
    count = len({result.clip for result in results})
    print(f"{count} clips.\n\n{report.rival_table(results, rivals)}\n")
    print(report.clip_table(results, rivals))
    if AUTO in rivals:
        print("\nTargets (default take):\n\n" + "\n".join(report.target_lines(results)))
    broken = report.failures(results)
    if broken:
        print("\nNot made:\n\n" + "\n".join(broken))


def _print_earlier(paths: Sequence[Path]) -> int:
    """The tables of runs that wrote JSON, as if of one."""
    values = [value for path in paths for value in json.loads(path.read_text())["clips"]]
    _print_tables(sorted(report.from_values(values), key=lambda result: result.clip))
    return 0


def _slices(
    footage: Path, clips: Sequence[str], asked: argparse.Namespace
) -> list[dict[str, object]]:
    folder = asked.into or Path(tempfile.mkdtemp(prefix="longtake-slices-"))
    print(f"Slices in {folder}: time runs down in -xt, across in -yt; the join is red.\n")
    print(f"| {' | '.join(Long.__dataclass_fields__)} |")
    print(f"|{' --- |' * len(Long.__dataclass_fields__)}")
    found = []
    for name in clips:
        values = asdict(write_slices(footage, name, asked.slices, asked.shown, folder))
        cells = [f"{v:.2f}" if isinstance(v, float) else str(v) for v in values.values()]
        print(f"| {' | '.join(cells)} |", flush=True)
        found.append(values)
    return found


def _costs(
    asked: argparse.Namespace, footage: Path, clips: Sequence[str], models: Sequence[str]
) -> list[dict[str, object]]:
    found = []
    for wanted, lines in ((asked.speed, speed_lines), (asked.memory, memory_lines)):
        for line, values in lines(footage, clips, models) if wanted else ():
            print(line, flush=True)
            if values:
                found.append(values)
    return found


if __name__ == "__main__":
    sys.exit(main())
