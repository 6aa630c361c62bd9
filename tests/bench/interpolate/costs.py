"""Speed against minterpolate and peak memory, each of a whole process that does nothing else."""

import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from measure.call import said
from measure.footage import IMAGE_RATE, clip_path
from measure.minterpolate import MODES
from measure.process import ask, run

Line = tuple[str, dict[str, object]]
FRAMES = 100  # of each clip that are given
ROUNDS = 2  # the machine is shared: the quicker of two runs counts
TARGETS = {"standard": 3.0, "draft": 6.0}  # times the frames per second of minterpolate


def speed_lines(
    footage: Path, clips: Sequence[str], rivals: Sequence[str], factor: int
) -> Iterator[Line]:
    """A table: pictures written a second, from opening the clip to a finished FFV1 file; processor
    seconds with the start of the process."""
    head = (
        "clip",
        "made by",
        "written",
        "seconds",
        "cpu s",
        "fps",
        "times minterpolate",
        "peak MB",
    )
    yield f"| {' | '.join(head)} |", {}
    yield f"|{' --- |' * len(head)}", {}
    for name in clips:
        best: dict[str, dict[str, float]] = {}
        for _ in range(ROUNDS):  # in turn, so that a busy minute hits all alike
            for rival in rivals:
                found = _measure(clip_path(footage, name), rival, factor)
                if rival not in best or found["seconds"] < best[rival]["seconds"]:
                    best[rival] = found
        fps = {rival: found["written"] / found["seconds"] for rival, found in best.items()}
        for rival, found in best.items():
            times = fps[rival] / fps["minterpolate"]
            verdict = f" {said(times >= TARGETS[rival])}" if rival in TARGETS else ""
            values = {"clip": name, "made_by": rival, **found, "fps": fps[rival], "times": times}
            yield (
                f"| {name} ×{factor} | {rival} | {found['written']:.0f} | {found['seconds']:.1f} |"
                f" {found['cpu_s']:.1f} | {fps[rival]:.1f} | {times:.2f}{verdict} |"
                f" {found['peak_mb']:.0f} |",
                values,
            )


def _measure(path: Path, rival: str, factor: int) -> dict[str, float]:
    """Seconds (FFmpeg's with its start), processor seconds, pictures written and most memory of one
    process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    if rival in MODES and path.is_file() and shutil.which("ffmpeg"):
        found = _ffmpeg(path, rival, factor)
    else:
        asked = {"path": str(path), "name": rival, "factor": factor, "frames": FRAMES}
        found = ask(Path(__file__).with_name("child.py"), asked)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, **found, "cpu_s": cpu}


def _ffmpeg(path: Path, rival: str, factor: int) -> dict[str, float]:
    """FFmpeg's own program: without Python, which is to its advantage."""
    rate = VideoReader(probe(path, IMAGE_RATE)).rate * Fraction(factor)
    filters = f"trim=end_frame={FRAMES},minterpolate=fps={rate}{MODES[rival]}"
    with tempfile.TemporaryDirectory(prefix="longtake-bench-") as folder:
        words = ["ffmpeg", "-nostdin", "-y", "-i", str(path), "-an", "-sn", "-map", "0:v:0"]
        words += ["-vf", filters, "-c:v", "ffv1", "-benchmark", str(Path(folder) / "made.mkv")]
        said_last = run(words).stderr
    peak_kb = float(said_last.split("maxrss=")[-1].split("kB")[0])
    written = float(said_last.split("frame=")[-1].split()[0])
    return {"written": written, "peak_mb": peak_kb / 1024}
