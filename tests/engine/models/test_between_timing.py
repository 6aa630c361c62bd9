from dataclasses import replace

import numpy as np
from longtake_engine.models.between import Between
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network import Evidence
from longtake_engine.models.between.network.timing import Timed, retimed
from longtake_engine.testing.picture import format_of, panning


def better(evidence: Evidence) -> Way:
    """Both ends moved by 1 down and apart by 2 across, and the first alone taken."""
    way = evidence.way
    return replace(
        way,
        to_first=way.to_first + np.array([-2 * 0.25, 1], np.float32),
        to_second=way.to_second + np.array([2 * 0.75, 1], np.float32),
        share=np.zeros_like(way.share),
    )


class Mover:
    def refine(self, evidence: Evidence) -> Way:
        return better(evidence)


def test_only_what_both_ends_are_moved_alike_is_taken_more_or_less():
    first, second = panning(format_of("gray", 96, 64), 2)
    evidence = Between.measure(first, second).evidence(0.25)
    way = evidence.way
    for timing in (0.0, 0.5, 1.0, 2.0):
        found = Timed(Mover(), timing).refine(evidence)
        assert np.allclose(found.to_first - way.to_first, [-0.5, timing], atol=1e-5)
        assert np.allclose(found.to_second - way.to_second, [1.5, timing], atol=1e-5)
        assert found.to_first.dtype == np.float32
        assert not found.share.any()
    assert np.array_equal(retimed(evidence, way, 3.0).to_first, way.to_first)
