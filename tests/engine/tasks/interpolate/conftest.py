from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.models.between import Fusion
from longtake_engine.models.between.fusion import Way, fuse
from longtake_engine.picture import Picture
from longtake_engine.tasks.soundtrack import to_float
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.testing.film import write_film
from longtake_engine.work import FrameRange, Interpolate, Length, Output, Spec

SAMPLE_RATE = 48000


@pytest.fixture
def ask(out: Path) -> Callable[..., Spec]:
    """A spec to make frames between frames, without loss; numbers for lengths and rates will do."""

    def make(*sources: Path, **options: Any) -> Spec:
        gap = options.pop("gap", None)
        work = Interpolate(
            sources,
            factor=Fraction(options.pop("factor")) if "factor" in options else None,
            frame_rate=Fraction(options.pop("rate")) if "rate" in options else None,
            duration=None if gap is None else Length(frames=gap),
            input_ranges=tuple(FrameRange(*shown) for shown in options.pop("shown", ())),
            join=options.pop("join", "auto"),
            quality=options.pop("quality", "draft"),
        )
        output = Output(
            options.pop("path", out),
            options.pop("codec", "ffv1"),
            no_audio=options.pop("no_audio", False),
        )
        return Spec(work, output, **options)

    return make


@pytest.fixture
def make(ask: Callable[..., Spec]) -> Callable[..., Done]:
    """Make frames between frames and give what came of it; arguments as of `ask`."""

    def interpolate(*sources: Path, **options: Any) -> Done:
        return do_work(ask(*sources, **options))

    return interpolate


@pytest.fixture
def talkie(tmp_path: Path) -> Callable[..., Path]:
    """Write pictures with one stream of sound, int16 or float32 samples C S, as a clip."""

    def write(
        pictures: Sequence[Picture],
        samples: np.ndarray,
        rate: Fraction = Fraction(25),
        bits: int = 16,
    ) -> Path:
        path = tmp_path / f"talkie{len(list(tmp_path.glob('talkie*')))}.mkv"
        return write_film(path, pictures, rate=rate, sound=samples, bits=bits)

    return write


@pytest.fixture
def heard() -> Callable[..., np.ndarray]:
    """All samples of one stream of a file, C S, as float32."""

    def read(path: Path, stream: int = 0) -> np.ndarray:
        return to_float(np.concatenate(list(SoundReader(probe(path), stream).blocks()), axis=1))

    return read


@pytest.fixture
def card(monkeypatch) -> list[Picture]:
    """A card that mixes pictures sooner than the processor does; what it has mixed."""
    mixed: list[Picture] = []

    def fuse_there(first: Picture, second: Picture, way: Way, detail: float) -> Picture:
        mixed.append(fuse(first, second, way, detail))
        return mixed[-1]

    monkeypatch.setattr("longtake_engine.models.between.device.card_is_told_of", lambda: True)
    monkeypatch.setattr("longtake_engine.models.between.device.find_spec", lambda name: True)
    monkeypatch.setattr(
        "longtake_engine.models.between.device.fusion_on",
        lambda device: Fusion(fuse_there, "Card 5"),
    )
    monkeypatch.setattr(
        "longtake_engine.models.between.device._seconds",
        lambda fusion, picture: 1.0 if fusion.device else 2.0,
    )
    return mixed
