from typing import Any

import numpy as np
import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.models.guidance.sharing import Sharing, sharing

pytest.importorskip("diffusers")
NAME = "wan-t2v-1.3b"
PROMPTS = ("a red fox on a road", "a red fox in a bed")
SUBJECT = "red fox"


@pytest.fixture(scope="module")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import torch
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline
    from longtake_engine.testing.tiny_store import install_tiny

    torch.set_num_threads(1)
    store = install_tiny("wan-t2v", NAME, tmp_path_factory.mktemp("home"))
    return WanPipeline.from_pretrained(store.find(NAME).folder, local_files_only=True)


def sample(pipe, prompts=PROMPTS, callback=None, steps: int = 3) -> np.ndarray:
    """B C T H W: the latents of a batch of shots."""
    import torch

    noise = torch.randn(2, 16, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    return pipe(
        prompt=list(prompts),
        height=64,
        width=64,
        num_frames=9,
        num_inference_steps=steps,
        guidance_scale=2.0,
        latents=noise[: len(prompts)],
        output_type="latent",
        callback_on_step_end=callback,
    ).frames.numpy()


def shared(pipe, **options) -> tuple[np.ndarray, Sharing]:
    with sharing(pipe, PROMPTS, SUBJECT, **options) as callback:
        return sample(pipe, callback=callback), callback


def test_two_shots_see_each_other_s_subject_and_only_from_the_second_step_on(pipe):
    plain = sample(pipe)
    made, state = shared(pipe)
    assert made.shape == plain.shape
    assert abs(made - plain).max() > 1e-4
    assert state.masks is not None
    assert state.masks.shape == (2, 3 * 4 * 4)  # patches of two by two latents
    assert 0 < state.masks.sum(axis=1).min() <= state.masks.sum(axis=1).max() < 48
    with sharing(pipe, PROMPTS, SUBJECT) as callback:
        first = sample(pipe, callback=callback, steps=1)
    assert abs(first - sample(pipe, steps=1)).max() < 1e-5


def test_a_shot_changes_with_what_the_other_lends_it(pipe):
    made, _ = shared(pipe, dropped=0.0)
    others = (PROMPTS[0], "a red fox far away at sea")
    with sharing(pipe, others, SUBJECT, dropped=0.0) as callback:
        beside_another = sample(pipe, others, callback)
    assert abs(made[0] - beside_another[0]).max() > 1e-5
    alone = sample(pipe, PROMPTS), sample(pipe, others)
    assert abs(alone[0][0] - alone[1][0]).max() < 1e-5  # without sharing it does not


def test_with_nothing_lent_the_shots_are_as_they_were(pipe):
    made, _ = shared(pipe, dropped=1.0)
    assert abs(made - sample(pipe)).max() < 1e-5


def test_a_seed_gives_the_same_again(pipe):
    one, _ = shared(pipe, seed=4)
    assert np.array_equal(one, shared(pipe, seed=4)[0])
    assert not np.array_equal(one, shared(pipe, seed=5)[0])


def test_the_pipeline_is_left_as_it_was(pipe):
    before = [block.attn1.processor for block in pipe.transformer.blocks]
    plain = sample(pipe)
    with pytest.raises(RuntimeError), sharing(pipe, PROMPTS, SUBJECT):
        raise RuntimeError
    assert [block.attn1.processor for block in pipe.transformer.blocks] == before
    assert np.array_equal(sample(pipe), plain)


def test_every_shot_has_to_name_the_subject(pipe):
    for prompts, subject in (
        ((PROMPTS[0], "a dog"), SUBJECT),
        (PROMPTS, ""),
    ):
        with (
            pytest.raises(WrongCall, match="name what they share"),
            sharing(pipe, prompts, subject),
        ):
            pass


def test_the_subject_s_own_tokens_are_looked_at(pipe):
    with sharing(pipe, PROMPTS, SUBJECT) as state:
        for prompt, places in zip(PROMPTS, state.places, strict=True):
            tokens = pipe.tokenizer(prompt)["input_ids"]
            said = "".join(pipe.tokenizer.convert_ids_to_tokens([tokens[n] for n in places]))
            assert said == SUBJECT
