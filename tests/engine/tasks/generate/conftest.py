from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.work import Generate, Guidance, Length, Output, Spec

SIZE = (128, 72)  # width, height of the shots


@pytest.fixture
def make_still(tmp_path: Path) -> Callable[..., Path]:
    """Writes a still full of soft texture, never black."""

    def make(name: str = "still.png", width: int = 256, height: int = 144, seed: int = 1) -> Path:
        random = np.random.default_rng(seed)
        coarse = random.uniform(60, 230, (height // 8 + 1, width // 8 + 1, 3)).astype(np.float32)
        image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        path = tmp_path / name
        assert cv2.imwrite(str(path), np.clip(image, 40, 250).astype(np.uint8))
        return path

    return make


@pytest.fixture
def generate(tmp_path: Path) -> Callable[..., Done]:
    """Makes a shot of stills, small and without loss."""

    def make(
        *stills: Path,
        frames: int | None = 24,
        size: tuple[int, int] | None = SIZE,
        guidance: Guidance | None = None,
        cancel: CancelToken | None = None,
        **more: Any,
    ) -> Done:
        spec_fields = {name: more.pop(name) for name in ("model", "take_count") if name in more}
        path = more.pop("path", tmp_path / "made.mkv")
        work = Generate(
            duration=Length(frames=frames) if frames is not None else None,
            size=size,
            still_paths=stills,
            **more,
        )
        spec = Spec(
            work=work,
            output=Output(path, codec="ffv1"),
            guidance=guidance or Guidance(),
            **spec_fields,
        )
        return do_work(spec, cancel)

    return make


@pytest.fixture
def rate() -> Fraction:
    return Fraction(24)
