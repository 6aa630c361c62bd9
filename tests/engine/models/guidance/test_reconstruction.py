from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled, NotPossible
from longtake_engine.models import catalog
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.wan import led_wan
from longtake_engine.models.guidance.reconstruction import Reconstruction, after_each
from longtake_engine.models.schedule import Scheduled
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.work import Guidance

pytest.importorskip("diffusers")
NAME = "wan-t2v-1.3b"
PROMPT = Guidance(prompt="a dog", seed=3)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    from longtake_engine.testing.tiny_store import install_tiny

    return install_tiny("wan-t2v", NAME, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def pipe(store) -> Any:
    import torch
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline

    torch.set_num_threads(1)
    return WanPipeline.from_pretrained(store.find(NAME).folder, local_files_only=True)


def sample(pipe, lead, steps: int = 4):
    """Latents that the pipeline makes with `lead` after each step."""
    import torch

    return pipe(
        prompt="a dog",
        height=32,
        width=32,
        num_frames=13,
        num_inference_steps=steps,
        guidance_scale=1.0,
        generator=torch.Generator().manual_seed(1),
        output_type="latent",
        callback_on_step_end=lead,
        callback_on_step_end_tensor_inputs=list(Reconstruction.TENSORS),
    ).frames


def known_latents():
    import torch

    known = torch.randn(1, 16, 4, 4, 4, generator=torch.Generator().manual_seed(7))
    mask = torch.zeros(1, 1, 4, 1, 1)
    mask[:, :, :2] = 1
    return known, mask


def lead_of(weight: float) -> Reconstruction:
    import torch

    return Reconstruction(
        *known_latents(), generator=torch.Generator().manual_seed(2), weight=weight
    )


def test_known_latents_come_out_exactly_and_the_others_are_led(pipe):
    known, _ = known_latents()
    put_in, led = sample(pipe, lead_of(0.0)), sample(pipe, lead_of(2.0))
    for made in (put_in, led):
        assert abs(made[:, :, :2] - known[:, :, :2]).max() < 1e-5
    assert abs(put_in[:, :, 2:] - led[:, :, 2:]).max() > 1e-4
    assert np.array_equal(led, sample(pipe, lead_of(2.0)))


def test_each_step_brings_the_model_nearer_to_what_is_known(pipe):
    lead = lead_of(2.0)
    errors: list[tuple[float, float]] = []

    def measure(pipe, index, timestep, tensors):
        if index + 1 < len(pipe.scheduler.timesteps):
            words = tensors["prompt_embeds"]
            plain = lead_of(0.0)(pipe, index, timestep, tensors)["latents"]
            moved = lead(pipe, index, timestep, tensors)["latents"]
            off = [lead.error(pipe, index + 1, one, words)[0] for one in (plain, moved)]
            errors.append((off[0], off[1]))
        return lead(pipe, index, timestep, tensors)

    sample(pipe, measure)
    assert len(errors) == 3
    assert all(led < plain for plain, led in errors)


def test_the_slope_is_that_of_the_error(pipe):
    import torch

    lead = lead_of(1.0)
    pipe.scheduler.set_timesteps(4)
    latents = torch.randn(1, 16, 4, 4, 4, generator=torch.Generator().manual_seed(5))
    words = torch.randn(1, 8, 32, generator=torch.Generator().manual_seed(6))
    error, slope = lead.error(pipe, 1, latents, words)
    way = slope / slope.norm()
    stepped, _ = lead.error(pipe, 1, latents + 0.01 * way, words)
    assert stepped - error == pytest.approx(0.01 * float(slope.norm()), rel=0.1)


def test_callbacks_go_one_after_the_other():
    def add(pipe, index, timestep, tensors):
        return tensors | {"latents": tensors["latents"] + 1}

    def double(pipe, index, timestep, tensors):
        return tensors | {"latents": tensors["latents"] * 2}

    assert after_each(add, double)(None, 0, None, {"latents": 1}) == {"latents": 4}


def backend(store) -> Diffusion:
    entry = Catalogue().find(NAME)
    family: Any = led_wan(entry)
    return Diffusion(entry, replace(family, steps=3), store)


def test_a_model_made_for_words_goes_on_from_a_clip(store):
    canvas = canvas_of(panning(format_of("yuv420p10le", 32, 32), 12), range(12, 27))
    made = list(backend(store).complete(canvas, PROMPT, CancelToken()))
    assert [one.frame for one in made] == list(canvas.wanted)
    again = list(backend(store).complete(canvas, PROMPT, CancelToken()))
    assert all(
        np.array_equal(a, b)
        for one, two in zip(made, again, strict=True)
        for a, b in zip(one.picture.planes, two.picture.planes, strict=True)
    )


def test_it_can_be_cancelled_between_steps(store):
    canvas = canvas_of(panning(format_of("yuv420p", 32, 32), 12), range(12, 27))
    cancel = CancelToken()
    cancel.listen(lambda words, _: cancel.cancel() if words.startswith("step") else None)
    with pytest.raises(Cancelled):
        list(backend(store).complete(canvas, PROMPT, cancel))


def test_it_is_had_by_name_alone(store, monkeypatch):
    monkeypatch.setenv("LONGTAKE_HOME", str(store.folder.parent))
    (found,) = catalog.find_backends(NAME, "extend")
    assert isinstance(found, Scheduled)
    assert found.info.tasks == ("extend",)
    monkeypatch.setattr(catalog, "card_is_told_of", lambda: True)
    assert NAME not in [one.info.name for one in catalog.find_backends("auto", "extend")]
    with pytest.raises(NotPossible):
        catalog.find_backends("wan-t2v-14b", "extend")
