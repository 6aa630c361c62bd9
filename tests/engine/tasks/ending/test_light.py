"""Light that changes evenly goes on and eases out; what is not even stays as it is."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.ending import Ending, read_ending
from longtake_engine.testing.picture import crossing, format_of, panning

FORMAT = format_of("yuv420p", 160, 96)
DEEP = format_of("yuv422p10le", 160, 96)
Film = Callable[..., Path]


def lit(pictures: Sequence[Picture], gains: Sequence[float]) -> list[Picture]:
    """Luma times a gain, counted from black."""
    made = []
    for picture, gain in zip(pictures, gains, strict=True):
        black = 16 * (picture.format.max_value + 1) / 256
        luma = np.rint((picture.luma - black) * gain + black).clip(0, picture.format.max_value)
        made.append(Picture((luma.astype(picture.luma.dtype), *picture.planes[1:]), picture.format))
    return made


def means(path: Path) -> list[float]:
    with VideoReader(probe(path)) as reader:
        scale = 255 / reader.format.max_value
        return [float(p.luma.mean()) * scale for p in reader.frames(0, None)]


def end_of(path: Path, *, forward: bool = True) -> Ending:
    return read_ending(VideoReader(probe(path)), forward=forward)


@pytest.mark.parametrize("format", [FORMAT, DEEP], ids=["8 bit", "10 bit"])
@pytest.mark.parametrize("change", [0.003, -0.003])
def test_a_ramp_goes_on_and_eases_out(film: Film, do, out, format, change):
    still = [panning(format, 1)[0]] * 40
    source = film(lit(still, [1 + change * n for n in range(40)]))
    take = do(source, tail=36).take
    assert any(("lighter" if change > 0 else "darker") in note for note in take.notes)
    levels = means(out)
    steps = [b - a for a, b in pairwise(levels)]
    ramp = float(np.mean(steps[30:39]))
    # In 8 bits a step is less than one number: some frames together show it.
    assert np.mean(steps[39:43]) == pytest.approx(ramp, rel=0.3)
    assert all(step * ramp > -0.02 for step in steps[39:])
    assert abs(np.mean(steps[-8:])) < 0.2 * abs(ramp)
    assert take.seams[0].color_jump < 2


def test_the_light_of_a_moving_shot_is_followed(film: Film):
    pictures = lit(panning(FORMAT, 40), [1 + 0.003 * n for n in range(40)])
    light = end_of(film(pictures)).light
    assert light is not None
    assert light.speed == pytest.approx(0.003 / 1.117, rel=0.2)


def test_a_head_is_followed_backwards(film: Film, do, out):
    still = [panning(FORMAT, 1)[0]] * 40
    do(film(lit(still, [0.8 + 0.005 * n for n in range(40)])), head=12)
    levels = means(out)
    assert levels[11] < levels[12] - 0.2
    assert levels[0] < levels[11] - 1


@pytest.mark.parametrize(
    "gains",
    [
        [1.0] * 40,
        [1 + 0.03 * np.sin(n) for n in range(40)],  # flicker
        [1 + 0.1 * min(n, 20) / 20 for n in range(40)],  # that has come to rest
        [1 + 0.0003 * n for n in range(40)],  # not to be seen
    ],
    ids=["even", "flicker", "rested", "slight"],
)
def test_nothing_is_made_of_light_that_does_not_clearly_change(film: Film, gains):
    assert end_of(film(lit(panning(FORMAT, 40), gains))).light is None


def test_something_bright_that_comes_in_is_no_light(film: Film):
    assert end_of(film(crossing(FORMAT, 40, 2, 40))).light is None


def test_a_fade_is_a_fade(film: Film):
    fading = lit(panning(FORMAT, 40), [1.0] * 24 + [1 - n / 22 for n in range(1, 17)])
    ending = end_of(film(fading))
    assert ending.fade
    assert ending.light is None


def test_the_clips_own_pictures_keep_their_light(film: Film, do):
    still = [panning(FORMAT, 1)[0]] * 40
    source = film(lit(still, [1 + 0.004 * n for n in range(40)]))
    take = do(source, tail=8, model="retime").take
    assert not any("lighter" in note for note in take.notes)
