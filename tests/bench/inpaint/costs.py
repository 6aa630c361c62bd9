"""Frames a second and peak memory of whole processes, at 480p and 1080p."""

from collections.abc import Iterator
from pathlib import Path

from measure.footage import clip_path
from measure.process import ask

SIZES = (("bear", 480), ("night", 1080))
LONGER = 3  # times: memory must not grow with the clip


def cost_lines(footage: Path, frames: int, names: str) -> Iterator[str]:
    """The lines of a table, as they come."""
    yield "| backend | clip | height | frames | fps | first frame, s | peak MB |"
    yield "|" + " --- |" * 7
    for name in names.split(","):
        for clip, height in SIZES:
            for count in (frames, LONGER * frames):
                work = {"path": str(clip_path(footage, clip)), "height": height}
                answer = ask(
                    Path(__file__).with_name("child.py"), {**work, "frames": count, "name": name}
                )
                figures = f"{answer['fps']:.2f} | {answer['first_s']:.1f} | {answer['peak_mb']:.0f}"
                yield f"| {name} | {clip} | {height} | {count} | {figures} |"
