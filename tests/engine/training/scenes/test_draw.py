"""Drawn scenes: that the motion they come with is the motion they show."""

import pytest

torch = pytest.importorskip("torch")


def test_a_scene_depends_on_its_own_seed_alone():
    from longtake_engine.training.scenes import draw

    batch = draw(5, 3, [0, 1], size=48)
    alone = draw(7, 1, [0, 1], size=48)
    assert torch.equal(batch.frames[2:], alone.frames)
    assert torch.equal(batch.matte[2:], alone.matte)
    assert not torch.equal(batch.frames[:1], alone.frames)
