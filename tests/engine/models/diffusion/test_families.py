"""What every other family owes to the tasks, through the real loading code, with tiny random
weights."""

import importlib.util
import shutil
from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import BadInput, Cancelled, MissingInput, NotPossible
from longtake_engine.models.diffusion.block import GREY, Block
from longtake_engine.models.diffusion.family import Steps, tasks_of
from longtake_engine.models.diffusion.loading import loaded, look_through
from longtake_engine.models.diffusion.machine import this_machine
from longtake_engine.models.diffusion.precision import make_small
from longtake_engine.models.diffusion.sibling import to_video
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.testing.picture import format_of, panning
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.work import Guidance

FILM = Fraction(24000, 1001)
LTX = ("ltx", "ltx-video")
LTX_2 = ("ltx2", "ltx-2.5")
SKYREELS = ("skyreels-v2-df", "skyreels-v2-df-1.3b")
COGVIDEOX = ("cogvideox", "cogvideox-2b")
COGVIDEOX_STILL = ("cogvideox-i2v", "cogvideox-5b-i2v")
HUNYUAN = ("hunyuan-video", "hunyuan-video")
HUNYUAN_15 = ("hunyuan-video-1.5-t2v", "hunyuan-video-1.5-t2v")
HUNYUAN_15_STILL = ("hunyuan-video-1.5-i2v", "hunyuan-video-1.5-i2v")
COSMOS = ("cosmos-predict2.5", "cosmos-predict2.5-2b")
HELIOS = ("helios", "helios-base")
HELIOS_DISTILLED = ("helios-distilled", "helios-distilled")
SVD = ("svd", "svd")
FROM_STILL = [COGVIDEOX_STILL, HUNYUAN_15_STILL, SVD]
ONWARD = [LTX, LTX_2, SKYREELS, COSMOS, HELIOS, HELIOS_DISTILLED, *FROM_STILL]
BETWEEN = [LTX, LTX_2, SKYREELS]
# They give back frames that they were given, through an encoder that is whole in each latent.
SHOWN = [LTX_2, SKYREELS, COGVIDEOX_STILL, HUNYUAN_15_STILL, COSMOS]
FROM_WORDS = [LTX, SKYREELS, COGVIDEOX, HUNYUAN, HUNYUAN_15, COSMOS, HELIOS, HELIOS_DISTILLED]
ANEW = [LTX, COGVIDEOX]
EVERY = [*ONWARD, COGVIDEOX, HUNYUAN, HUNYUAN_15]
WAN = [
    ("wan-vace", "wan-vace-1.3b"),
    ("wan-t2v", "wan-t2v-1.3b"),
    ("wan-i2v", "wan-i2v-14b-480p"),
    ("wan-flf2v", "wan-flf2v-14b"),
    ("wan22-i2v", "wan2.2-i2v-a14b"),
    ("wan22-ti2v", "wan2.2-ti2v-5b"),
]
PROMPT = Guidance(prompt="a dog", seed=3)


@pytest.fixture(scope="module", autouse=True)
def guardrail() -> Iterator[None]:
    """Cosmos looks for its guardrail, whose models are fetched from a network."""
    if importlib.util.find_spec("diffusers") is None:
        pytest.skip("diffusers is not installed (the extra `weights`)")
    from longtake_engine.testing.tiny_weights.cosmos import standing_in_for_guardrail

    with standing_in_for_guardrail():
        yield


def canvas(wanted: range, known: Collection[int] = range(6), rate=FILM) -> Canvas:
    format = format_of("gbrp16le", 32, 32)  # shows what a tiny model changes
    pictures = panning(format, max(known, default=0) + 1)
    return Canvas(format, rate, {n: Known(pictures[n]) for n in known}, wanted)


def complete(backend, asked: Canvas, guidance=PROMPT, cancel=None):
    made = list(backend.complete(asked, guidance, cancel or CancelToken()))
    assert [one.frame for one in made] == list(asked.wanted)
    for one in made:
        assert one.picture.format == asked.format
        for number, plane in enumerate(one.picture.planes):
            assert plane.shape == asked.format.plane_size(number)
            assert plane.dtype == asked.format.dtype and plane.flags.c_contiguous
    return [one.picture for one in made]


def same(first, second) -> bool:
    return all(
        np.array_equal(a, b)
        for one, two in zip(first, second, strict=True)
        for a, b in zip(one.planes, two.planes, strict=True)
    )


def called(model) -> str:
    return model[1]


@pytest.mark.parametrize("model", ONWARD, ids=called)
def test_goes_on_from_several_pictures_the_same_for_equal_seeds(tiny, model):
    backend, asked = tiny(*model), canvas(range(20, 25), range(20))
    first, second = complete(backend, asked), complete(backend, asked)
    assert same(first, second)
    others = panning(asked.format, 20, (5, 2), seed=4)
    known = {n: Known(others[n]) for n in range(19)} | {19: asked.known[19]}
    other = complete(backend, replace(asked, known=known))
    assert not same(first, other), "it sees more than the last picture"


@pytest.mark.parametrize("model", SHOWN, ids=called)
def test_given_frames_come_out_where_they_were_given(tiny, model):
    """As the encoder leaves them, and at no other frame."""
    import torch

    backend = tiny(*model)
    grid, known = backend.family.grid, min(backend.family.conditioning.before, 17)
    count = grid.count_for(known + 4)
    size = (32, 48) if grid.multiple == 16 else (64, 64)
    frames = np.random.default_rng(0).random((count, *size, 3), np.float32)
    unknown = np.zeros(frames.shape[:3], np.float32)
    frames[known:], unknown[known:] = GREY, 1
    with backend.opened(format_of("yuv420p", 64, 64), CancelToken()) as running:
        pipe = running._opened()
        steps = Steps(2, CancelToken(), lambda done, total: None)
        made = backend.family.run(pipe, Block(frames, unknown, grid.rate), Wish("a dog"), steps)
        with torch.no_grad():
            given = pipe.vae.encode(to_video(pipe, frames[:known])).latent_dist.mode()
            decoded = pipe.vae.decode(given, return_dict=False)[0]
    shown = np.clip(decoded[0].permute(1, 2, 3, 0).numpy() / 2 + 0.5, 0, 1)[:-4]
    errors = [np.abs(made[late : late + len(shown)] - shown).mean() for late in range(4)]
    assert errors[0] < 0.05 * min(errors[1:])


@pytest.mark.parametrize("model", [m for m in ONWARD if m not in (LTX, LTX_2)], ids=called)
def test_what_only_goes_on_refuses_to_go_before_a_clip(tiny, model):
    with pytest.raises(NotPossible, match="cannot make what comes before"):
        complete(tiny(*model), canvas(range(-4, 0)))


@pytest.mark.parametrize("known", [2, 6, 20])
def test_goes_before_a_clip(tiny, known):
    complete(tiny(*LTX), canvas(range(-5, 0), range(known)))


@pytest.mark.parametrize("model", BETWEEN, ids=called)
@pytest.mark.parametrize("new", [1, 6])
def test_fills_between_two_sides(tiny, model, new):
    known = [*range(5), *range(5 + new, 8 + new)]
    backend, asked = tiny(*model), canvas(range(5, 5 + new), known)
    made = complete(backend, asked)
    others = panning(asked.format, 8 + new, (5, 2), seed=4)
    after = {n: Known(others[n]) for n in range(5 + new, 8 + new)}
    other = complete(backend, replace(asked, known={**asked.known, **after}))
    assert not same(made, other), "it heeds where it shall end"


@pytest.mark.parametrize("model", FROM_WORDS, ids=called)
def test_makes_a_shot_from_words_and_a_seed(tiny, model):
    backend, asked = tiny(*model), canvas(range(6), ())
    made = complete(backend, asked)
    # The encoders of two are told so much besides that a tiny one sees nothing of the words.
    deaf = model in (HUNYUAN, HUNYUAN_15)
    other = Guidance(prompt="a dog", seed=4) if deaf else Guidance(prompt="zzz", seed=3)
    assert not same(made, complete(backend, asked, other))


@pytest.mark.parametrize("model", FROM_STILL, ids=called)
def test_what_needs_a_still_says_so(tiny, model):
    with pytest.raises(NotPossible, match="give a still"):
        complete(tiny(*model), canvas(range(4), ()))


@pytest.mark.parametrize("model", ANEW, ids=called)
def test_a_clip_is_made_anew_by_a_share(tiny, model):
    backend = tiny(*model)
    asked = canvas(range(5), range(5), rate=backend.family.grid.rate)
    made = complete(backend, asked, Guidance(prompt="a dog", seed=3, strength=0.7))
    assert not same(made, [asked.known[n].picture for n in range(5)])


@pytest.mark.parametrize("model", EVERY, ids=called)
def test_steps_are_told_and_cancelled_between(tiny, model):
    cancel, heard = CancelToken(), []

    def hear(words: str, remaining_s: float) -> None:
        heard.append(words.split(" of ", maxsplit=1)[0])
        if words.startswith("step 2"):
            cancel.cancel()

    cancel.listen(hear)
    known = range(6) if model in ONWARD else ()
    with pytest.raises(Cancelled):
        complete(tiny(*model), canvas(range(6, 10), known), cancel=cancel)
    assert heard == [f"loading {model[1]}", "step 1", "step 2"]


@pytest.mark.parametrize("model", [*EVERY, *WAN], ids=called)
def test_runs_in_sixteen_bits_as_on_a_card_and_held_in_eight(tiny_store, model):
    """The encoder of video alone works in 32 there; pipelines differ in what they make of that."""
    entry = Catalogue().find(model[1])
    family = family_of(entry)
    assert family is not None
    grid = family.grid
    frames = np.full((grid.count_for(5), 64, 64, 3), GREY, np.float32)
    unknown = np.ones(frames.shape[:3], np.float32)
    told = family.conditioning
    if told.before or told.needs_after:
        unknown[: min(told.before, 2)] = 0
    if told.needs_after:
        unknown[-1] = 0
    weights = look_through(
        entry.name, tiny_store(*model).find(entry.name).folder, (entry.pipeline,)
    )
    card = replace(this_machine(), half="bfloat16")
    block = Block(frames, unknown, grid.rate)
    with loaded(weights, family.pipeline, card, "processor") as pipe:
        for make_ready in (lambda pipe: None, make_small):
            make_ready(pipe)
            steps = Steps(1, CancelToken(), lambda done, total: None)
            made = family.run(pipe, block, Wish("a dog"), steps)
            assert made.shape == frames.shape
            assert made.dtype == np.float32 and np.isfinite(made).all()


def test_the_sampler_is_left_as_it_was(tiny):
    """What listens to a sampler's steps goes with the call, also where that is cancelled."""
    cancel = CancelToken()

    def hear(words: str, remaining_s: float) -> None:
        if words.startswith("step 1"):
            cancel.cancel()

    backend, asked = tiny(*HUNYUAN_15_STILL), canvas(range(6, 8))
    with backend.opened(asked.format, CancelToken()) as running:
        cancel.listen(hear)
        with pytest.raises(Cancelled):
            list(running.complete(asked, Wish(prompt="a dog"), cancel))
        pipe = running._opened()
        assert "step" not in vars(pipe.scheduler)
        assert "calculate_default_height_width" not in vars(pipe.video_processor)


def test_a_pipeline_over_the_same_parts_is_loaded_as_its_own(tiny_store, tmp_path):
    """What a maker calls the folder: diffusers keeps several pipelines for the same weights."""
    store, entry = tiny_store(*LTX), Catalogue().find(LTX[1])
    folder = shutil.copytree(store.find(entry.name).folder, tmp_path / "copy")
    index = folder / "model_index.json"
    index.write_text(index.read_text().replace("LTXConditionPipeline", "LTXPipeline"))
    weights = look_through(entry.name, folder, (entry.pipeline, *entry.kin))
    assert weights.pipeline == "LTXPipeline"
    with loaded(weights, entry.pipeline, this_machine(), "processor") as pipe:
        assert type(pipe).__name__ == entry.pipeline


def test_cosmos_says_what_its_guardrail_is(tiny, monkeypatch):
    from diffusers.pipelines.cosmos import pipeline_cosmos2_5_predict as module

    def missing(*_):
        raise ImportError("`cosmos_guardrail` is not installed.")

    monkeypatch.setattr(module, "CosmosSafetyChecker", missing)
    with pytest.raises(NotPossible, match=r"cosmos-predict2\.5-2b needs .*cosmos_guardrail"):
        complete(tiny(*COSMOS), canvas(range(6, 8)))


@pytest.mark.parametrize("model", EVERY, ids=called)
class TestFiles:
    """Files that are not what they should be: a sentence before anything is loaded."""

    @pytest.fixture
    def folder(self, tiny_store, model, tmp_path) -> Path:
        store = tiny_store(*model)
        return shutil.copytree(store.find(model[1]).folder, tmp_path / "copy")

    @staticmethod
    def weights(folder: Path) -> Path:
        return max(folder.glob("*/*.safetensors"), key=lambda path: path.stat().st_size)

    @staticmethod
    def look(model, folder: Path) -> None:
        entry = Catalogue().find(model[1])
        family = family_of(entry)
        assert family is not None
        look_through(entry.name, folder, (entry.pipeline, family.pipeline))

    def test_whole_they_pass(self, model, folder):
        self.look(model, folder)

    def test_missing(self, model, folder):
        self.weights(folder).unlink()
        with pytest.raises(MissingInput, match="lacks"):
            self.look(model, folder)

    def test_cut_off(self, model, folder):
        path = self.weights(folder)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(BadInput, match="no whole safetensors file"):
            self.look(model, folder)

    def test_pickled(self, model, folder):
        path = self.weights(folder)
        path.write_bytes(b"PK\x03\x04 and so on")
        with pytest.raises(BadInput, match="pickled"):
            self.look(model, folder)
        path.rename(path.with_suffix(".bin"))
        with pytest.raises(BadInput, match="pickled weights only"):
            self.look(model, folder)

    def test_of_another_model(self, model, folder):
        index = folder / "model_index.json"
        index.write_text(index.read_text().replace('"_class_name": "', '"_class_name": "Another'))
        with pytest.raises(BadInput, match="install or import it again"):
            self.look(model, folder)


@pytest.mark.parametrize(
    "entry", [entry for entry in Catalogue() if entry.tasks], ids=lambda entry: entry.name
)
def test_the_catalogue_says_what_each_family_does(entry):
    family = family_of(entry)
    assert family is not None
    assert set(tasks_of(family.conditioning, entry.tasks)) == set(entry.tasks)
    # A pipeline that takes known frames can go on from them, and one that takes them at both ends
    # can fill between.
    told = family.conditioning
    assert ("extend" in entry.tasks) == bool(told.before and not told.needs_after)
    assert ("interpolate" in entry.tasks) == told.both
    assert ("inpaint" in entry.tasks) == told.masks
