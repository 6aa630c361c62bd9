"""Speed against ffmpeg's minterpolate, and peak memory; each measured in a process of its own."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from clips import CLIP_720P, CLIP_1080P
from measure.call import said
from measure.footage import clip_path
from measure.process import ask

ROUNDS = 2  # the machine is shared: the quicker of two runs counts
SPEED_S = 2  # of extension, and of clip that minterpolate doubles
TARGET = 5  # times the frames per second of minterpolate
Line = tuple[str, dict[str, object]]
LENGTHS = ((1080, 2), (2160, 2), (1080, 60))  # picture height, seconds of extension


def speed_lines(footage: Path, clips: Sequence[str], models: Sequence[str]) -> Iterator[Line]:
    """A table: new frames a second, decode to encode (ProRes), on 720p clips."""
    yield "| clip | maker | new frames | seconds | fps | times minterpolate | until 1st frame |", {}
    yield f"|{' --- |' * 7}", {}
    for name in clips or (CLIP_720P,):
        path = clip_path(footage, name)
        works = {"minterpolate": {"work": "minterpolate", "path": str(path), "seconds": SPEED_S}}
        for model in models:
            work = {"work": "extend", "path": str(path), "model": model, "seconds": SPEED_S}
            works[model] = work
        best: dict[str, dict] = {}
        for _ in range(ROUNDS):  # in turn, so that a busy minute hits all alike
            for maker, work in works.items():
                found = _measure(work)
                if maker not in best or found["seconds"] < best[maker]["seconds"]:
                    best[maker] = found
        rival = best["minterpolate"]["frames"] / best["minterpolate"]["seconds"]
        for maker, found in best.items():
            fps = found["frames"] / found["seconds"]
            times = fps / rival
            verdict = "" if maker == "minterpolate" else f" {said(times >= TARGET)}"
            values = {"clip": name, "maker": maker, **found, "fps": fps, "times": times}
            yield (
                f"| {name} | {_called(maker, found)} | {found['frames']} | {found['seconds']:.1f} |"
                f" {fps:.2f} | {times:.2f}{verdict} | {found['first_s']:.1f} s |",
                values,
            )


def memory_lines(footage: Path, clips: Sequence[str], models: Sequence[str]) -> Iterator[Line]:
    """A table: the most memory that the process held, by size and length."""
    yield "| picture height | extension | maker | peak MB | seconds | fps | 1st preview |", {}
    yield f"|{' --- |' * 7}", {}
    source = clip_path(footage, clips[0] if clips else CLIP_1080P)
    with tempfile.TemporaryDirectory(prefix="longtake-bench-") as folder:
        for height, seconds in LENGTHS:
            path = source
            if height != 1080:
                path = Path(folder) / f"{height}.mov"
                _measure({"work": "resize", "path": str(source), "to": str(path), "height": height})
            for model in models:
                found = _measure(
                    {"work": "extend", "path": str(path), "model": model, "seconds": seconds}
                )
                values = {"height": height, "extension_s": seconds, "maker": model, **found}
                fps = found["frames"] / found["seconds"]
                yield (
                    f"| {height} | {seconds} s | {_called(model, found)} | {found['peak_mb']:.0f} |"
                    f" {found['seconds']:.1f} | {fps:.2f} | {found['preview_s']:.1f} s |",
                    values,
                )


def _called(maker: str, found: dict) -> str:
    model = found.get("model", maker)
    return maker if model == maker else f"{maker}: {model}"


def _measure(work: dict[str, object]) -> dict:
    return ask(Path(__file__).with_name("child.py"), work)
