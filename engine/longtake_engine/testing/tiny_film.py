"""A long shot by a tiny video model whose window is 17 frames."""

from collections.abc import Generator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Completed
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.schedule import Scheduled
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import Guidance

MODEL = "wan-vace-1.3b"
KNOWN = 12  # frames that it goes on from


def film(home: Path, kept: Path, count: int) -> Generator[Completed, None, None]:
    """`count` frames at the model's own rate after a clip, one step each, by the model in the store
    at `home`; its windows are kept in `kept`."""
    entry = Catalogue().find(MODEL)
    family: Any = family_of(entry)
    family = replace(family, steps=1, grid=replace(family.grid, max_frames=17))
    backend = Scheduled(Diffusion(entry, family, ModelStore(home))).kept_in(kept)
    known = panning(format_of("yuv420p", 32, 32), KNOWN)
    canvas = replace(canvas_of(known, range(KNOWN, KNOWN + count)), rate=Fraction(16))
    yield from backend.complete(canvas, Guidance(prompt="a dog", seed=5), CancelToken())
