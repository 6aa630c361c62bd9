"""The parts of drawn scenes: lots, bends, codes and light."""

import pytest

torch = pytest.importorskip("torch")


def test_a_bend_can_be_undone():
    from longtake_engine.training.scenes.geometry import pixel_grid
    from longtake_engine.training.scenes.motions import bend, unbend
    from longtake_engine.training.scenes.rolls import Rolls
    from longtake_engine.training.scenes.speeds import draw_bend

    yes = torch.ones(4, 1, dtype=torch.bool)
    bends = draw_bend(Rolls(0, 4), yes, torch.full((4, 1), 0.3), yes, yes)
    field = bends.fields(torch.full((4,), 0.7), 0)
    places = pixel_grid(32, "cpu").expand(4, -1, -1, -1)
    bent = bend(places, field)
    assert (bent - places).abs().max() > 0.01
    assert (unbend(bent, field) - places).abs().max() < 1e-3


def test_lots_fall_as_often_as_they_should():
    from longtake_engine.training.scenes.rolls import Rolls

    rolls = Rolls(0, 4)
    kinds = rolls.choice([1, 3], 2000).float()
    assert abs(kinds.mean() - 0.75) < 0.03
    assert abs(rolls.normal(2000).std() - 1) < 0.05
    assert rolls.uniform(2, 3, 100).min() >= 2


def test_smooth_spectra_fall_faster():
    from longtake_engine.training.scenes.rolls import Rolls
    from longtake_engine.training.scenes.textures import clouds

    drawn = clouds(Rolls(0, 1), 2, 64, torch.tensor([[0.5, 2.0]]))[0]
    steps = (drawn[:, 1:] - drawn[:, :-1]).abs().mean((1, 2))
    assert abs(drawn.std() - 1) < 0.05
    assert steps[1] < steps[0] / 3


def test_blocks_are_coarser_with_larger_steps():
    from longtake_engine.training.scenes.rolls import Rolls
    from longtake_engine.training.scenes.sensor import Sensor, sense

    clean = torch.rand(3, 1, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    none = torch.zeros(3)
    sensor = Sensor(
        read_noise=none,
        shot_noise=none,
        chroma_noise=none,
        coarse=none > 0,
        subsampled=torch.tensor([False, True, True]),
        coarseness=torch.tensor([0.0, 2.0, 40.0]),
        corner=torch.tensor([[0, 0], [3, 5], [3, 5]]),
    )
    off = (sense(clean, sensor, Rolls(0, 3)) - clean).abs().mean((1, 2, 3, 4))
    assert off[0] < 1 / 255
    assert off[0] < off[1] < off[2]


def test_a_flash_is_over_after_its_time():
    from longtake_engine.training.scenes.geometry import pixel_grid
    from longtake_engine.training.scenes.light import draw_light
    from longtake_engine.training.scenes.rolls import Rolls
    from longtake_engine.training.scenes.settings import SceneSettings

    only = SceneSettings(shadow_share=0, light_share=0, vignette_share=0, flash_share=1)
    light = draw_light(Rolls(0, 1), only)
    grey, grid = torch.full((1, 3, 8, 8), 0.3), pixel_grid(8, "cpu")
    assert light.on(grey, light.flash_time, grid).mean() > 0.35
    assert torch.equal(light.on(grey, light.flash_time + light.flash_duration, grid), grey)
