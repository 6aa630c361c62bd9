"""One clip with pasted holes, filled by every rival and measured."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from figures import Figures, measure
from holes import HOLES
from longtake_engine.canvas import Completed
from longtake_engine.media.still import to_rgb8
from rivals import made
from scene import Scene, load, scene, shots_of

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one clip and kind of holes."""

    clip: str
    kind: str
    frames: int
    figures: dict[str, Figures]
    fps: dict[str, float]
    rows: dict[str, list[Array]] = field(default_factory=dict, repr=False)  # RGB, to look at


def run_clip(
    footage: Path,
    name: str,
    kind: str,
    rivals: Sequence[str],
    *,
    frames: int,
    height: int,
    shown: Sequence[str],
) -> Result:
    """Fill the holes of one clip by `rivals`; frames are kept of those `shown`."""
    pictures, rate = load(footage, name, frames, height)
    size = pictures[0].luma.shape
    seed = sum(map(ord, name))  # another blob for each clip, the same in every run
    holes = HOLES[kind](footage, seed, len(pictures), *size)
    given = scene(name, pictures, rate, holes, shots_of(footage, name, frames))
    truth = [to_rgb8(picture) for picture in given.truth]
    figures, fps, rows = {}, {}, {}
    if shown:
        rows = {"given": [to_rgb8(p) for p in given.shown], "truth": truth}
    for rival in rivals:
        began = time.monotonic()
        done = list(made(rival, given))
        fps[rival] = len(done) / (time.monotonic() - began)
        check(done, given)
        filled = [to_rgb8(one.picture) for one in done]
        figures[rival] = measure(filled, truth, holes, [one.seen for one in done])
        if rival in shown:
            rows[rival] = filled
    return Result(name, kind, len(pictures), figures, fps, rows)


def check(done: Sequence[Completed], given: Scene) -> None:
    """What is known must have stayed as it was, and no frame may be left out.

    Raises:
        AssertionError: Otherwise.
    """
    assert [one.frame for one in done] == list(range(len(given.truth)))
    for one, hole in zip(done, given.holes, strict=True):
        kept = given.truth[one.frame].luma[~hole] == one.picture.luma[~hole]
        assert kept.all(), f"{given.name}: known pixels of frame {one.frame} were changed"


def as_values(results: Iterable[Result]) -> list[dict[str, Any]]:
    """All figures, for JSON."""
    return [
        {
            "clip": one.clip,
            "kind": one.kind,
            "frames": one.frames,
            "figures": {name: asdict(value) for name, value in one.figures.items()},
            "fps": one.fps,
        }
        for one in results
    ]


def from_values(values: Iterable[dict[str, Any]]) -> list[Result]:
    """The results that `as_values` gave."""
    return [
        Result(**{**v, "figures": {name: Figures(**f) for name, f in v["figures"].items()}})
        for v in values
    ]
