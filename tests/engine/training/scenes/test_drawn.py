"""Drawn scenes: that the motion they come with is the motion they show."""

from dataclasses import replace
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch")

SIZE = 64


def settings(**changes: Any):
    from longtake_engine.training.scenes import SceneSettings

    return replace(SceneSettings.plain(), **changes)


def drawn(seed=0, count=4, times=(0.0, 0.5, 1.0), **changes: Any):
    from longtake_engine.training.scenes import draw

    return draw(seed, count, times, size=SIZE, settings=settings(**changes))


def warped(pictures, flow):
    """Pictures B C H W fetched from where the flow B 2 H W leads."""
    line = torch.arange(SIZE, dtype=torch.float32)
    x, y = line + flow[:, 0], line[:, None] + flow[:, 1]
    places = (torch.stack([x, y], -1) * 2 + 1) / SIZE - 1
    return torch.nn.functional.grid_sample(
        pictures, places, mode="bicubic", padding_mode="border", align_corners=False
    )


def well_within(visible):
    """Where all neighbours are visible too: an edge is a mixture of what it parts."""
    return -torch.nn.functional.max_pool2d(-visible, 5, 1, 2) > 0


@pytest.fixture(scope="module")
def scenes():
    return drawn(seed=0, count=8, speed=3)


def test_a_scene_depends_on_its_own_seed_alone():
    from longtake_engine.training.scenes import draw

    batch = draw(6, 2, [0, 1], size=32)
    alone = draw(7, 1, [0, 1], size=32)
    for name in ("frames", "clean", "background", "matte"):
        assert torch.equal(getattr(batch, name)[1:], getattr(alone, name)), name
    assert torch.equal(batch.flow(0, 1)[1:], alone.flow(0, 1))
    assert not torch.equal(batch.frames[:1], alone.frames)


def test_shapes_and_ranges(scenes):
    assert scenes.frames.shape == scenes.clean.shape == (8, 3, 3, SIZE, SIZE)
    assert scenes.matte.shape == (8, 3, 1, SIZE, SIZE)
    assert scenes.flow(0, 1).shape == (8, 2, SIZE, SIZE)
    for pictures in (scenes.frames, scenes.clean, scenes.background, scenes.matte):
        assert pictures.dtype == torch.float32
        assert pictures.min() >= 0
        assert pictures.max() <= 1
    assert set(scenes.visible(0, 2).unique().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize(("start", "end"), [(0, 2), (1, 0)])
def test_the_flow_leads_to_the_same_colours(scenes, start, end):
    flow, visible = scenes.motion(start, end)
    inner = well_within(visible)
    assert visible.mean() > 0.8
    assert flow.norm(dim=1).mean() > 0.3
    first, last = scenes.clean[:, start], scenes.clean[:, end]
    error = (warped(last, flow) - first).abs().mean(1, keepdim=True)[inner].mean()
    without = (last - first).abs().mean(1, keepdim=True)[inner].mean()
    assert error < 0.012
    assert error < without / 2.5


def test_the_flow_of_one_ground_is_exact():
    shares = ("ground", "figure", "thin", "overlay", "still", "tripod")
    without: Any = {f"{name}_share": 0.0 for name in shares}
    scene = drawn(seed=3, things=0, water_share=0.5, **without)
    flow, visible = scene.motion(0, 2)
    error = (warped(scene.clean[:, 2], flow) - scene.clean[:, 0]).abs().mean(1, keepdim=True)
    assert flow.norm(dim=1).mean() > 0.5
    inner = error[well_within(visible)]
    assert inner.mean() < 0.006
    assert inner.quantile(0.99) < 0.06


def test_there_and_back_is_no_way(scenes):
    there, visible = scenes.motion(0, 1)
    back = warped(scenes.flow(1, 0), there)
    off = (there + back).norm(dim=1, keepdim=True)[well_within(visible)]
    assert off.median() < 0.01
    assert off.quantile(0.9) < 0.2


def test_what_stands_has_no_motion():
    scene = drawn(count=3, still_share=1)
    flow, visible = scene.motion(0, 2)
    assert flow.abs().max() < 1e-3
    assert visible.min() == 1
    assert (scene.clean[:, 0] - scene.clean[:, 2]).abs().max() < 1e-3


def test_overlays_stand_before_a_camera_that_moves():
    scene = drawn(seed=1, overlay_share=1, still_share=0, tripod_share=0)
    flow, visible = scene.motion(0, 2)
    over = scene.scene.overlay[:, 3:] >= 0.5
    assert over.any()
    assert flow.abs().amax(1, keepdim=True)[over].max() == 0
    assert visible[over].min() == 1
    assert flow.abs().amax(1, keepdim=True)[~over].max() > 1


def test_what_leaves_the_picture_is_not_visible():
    scene = drawn(seed=1, still_share=0, tripod_share=0, overlay_share=0, speed=3)
    flow, visible = scene.motion(0, 2)
    line = torch.arange(SIZE)
    x, y = line + flow[:, 0], line[:, None] + flow[:, 1]
    outside = ((x < -1) | (x > SIZE) | (y < -1) | (y > SIZE))[:, None]
    assert outside.any()
    assert visible[outside].max() == 0


def test_the_matte_says_where_the_background_shows():
    blurred = drawn(count=2, times=(0.5,), figure_share=1, blur_share=1)
    nothing = (blurred.matte == 0).expand_as(blurred.clean)
    assert (blurred.clean - blurred.background).abs()[nothing].max() < 1e-5
    alone: Any = {"thin_share": 0.0, "overlay_share": 0.0}
    scene = drawn(count=4, times=(0.5,), figure_share=1, **alone)
    clean, background, matte = scene.clean, scene.background, scene.matte
    assert (clean - background).abs()[(matte == 0).expand_as(clean)].max() < 1e-5
    assert matte.max() > 0.95
    # What the thing adds to the background is a colour: between black and white.
    rest = clean - background * (1 - matte)
    assert rest.min() > -0.01
    assert (rest - matte).max() < 0.01
    covered = (matte > 0.95).expand_as(clean)
    assert (clean - background).abs()[covered].mean() > 0.03


def test_everything_at_once():
    from longtake_engine.training.scenes import SceneSettings, draw

    names = [name for name in SceneSettings.__slots__ if name.endswith("_share")]
    shares: Any = {**dict.fromkeys(names, 1.0), "still_share": 0.0}
    everything = SceneSettings(**shares)
    scene = draw(0, 2, [0.0, 0.5], size=SIZE, settings=everything)
    for pictures in (scene.frames, scene.clean, scene.background, scene.matte, scene.flow(0, 1)):
        assert pictures.isfinite().all()
    assert (scene.frames - scene.clean).abs().mean() > 1e-3
    steps = scene.frames * 255
    assert (steps - steps.round()).abs().max() < 1e-3


def test_scenes_look_alike_alone_and_together():
    from longtake_engine.training.scenes import SceneSettings
    from longtake_engine.training.scenes.compose import compose
    from longtake_engine.training.scenes.render import expose
    from longtake_engine.training.scenes.rolls import Rolls

    mixed = SceneSettings(blur_share=0.5)
    time = torch.full((3,), 0.4)
    together = expose(compose(Rolls(2, 3), 48, mixed), time)
    for place in range(3):
        alone = expose(compose(Rolls(2 + place, 1), 48, mixed), time[:1])
        assert torch.allclose(together.picture[place], alone.picture[0], atol=1e-4)
        assert torch.allclose(together.matte[place], alone.matte[0], atol=1e-4)
