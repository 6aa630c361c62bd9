import numpy as np
import pytest
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network import Evidence
from longtake_engine.tasks.interpolate.hidden import SHARE, Gain, HiddenTrial, mean_gain
from longtake_engine.testing.picture import format_of, panning

FORMAT = format_of("yuv420p", 96, 64)


class Nothing:
    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []

    def refine(self, evidence: Evidence) -> Way:
        self.asked.append(evidence.channels.shape)
        return evidence.way


@pytest.mark.parametrize(
    ("gain", "timing"),
    [
        (Gain(0.4, 0.8), 2 * SHARE),  # the more the better
        (Gain(0.4, 0.6), 2 * SHARE),  # best beyond twice, which was not tried
        (Gain(0.4, 0.0), SHARE),
        (Gain(0.1, -0.2), 0.75 * SHARE),
        (Gain(-0.1, -0.4), 0.0),
        (Gain(0.1, 0.4), 2 * SHARE),
        (Gain(-0.1, 0.4), 0.0),  # it is only twice that gains
        (Gain(-0.1, -0.1), 0.0),
        (Gain(0.02, 0.02), 0.0),  # too little
        (Gain(0.0, 0.0), 0.0),
    ],
)
def test_as_much_of_the_timing_is_taken_as_gains_most(gain, timing):
    assert gain.timing == pytest.approx(timing)
    assert [gain.at(times) for times in (0, 1, 2)] == pytest.approx([0, gain.once, gain.twice])


def test_the_mean_of_gains_is_that_of_both():
    assert mean_gain([Gain(1, 2), Gain(3, 6)]) == Gain(2, 4)
    assert mean_gain([]) == Gain(0, 0)


def test_every_second_picture_is_hidden_once_three_more_are_seen():
    refiner = Nothing()
    trial = HiddenTrial(refiner)
    gains = [trial.see(picture) for picture in panning(FORMAT, 11)]
    assert [number for number, gain in enumerate(gains) if gain] == [6, 8, 10]
    assert gains[6] == Gain(0, 0)
    assert len(refiner.asked) == 3


def test_deep_large_pictures_are_tried_small():
    refiner = Nothing()
    trial = HiddenTrial(refiner)
    large = format_of("yuv422p10le", 600, 60)
    gains = [trial.see(picture) for picture in panning(large, 7)]
    assert gains[6] == Gain(0, 0)
    assert refiner.asked[0][2] == 144
    assert np.prod(refiner.asked[0][1:]) < 144 * 25
