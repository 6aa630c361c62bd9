import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import BadInput, MissingInput, NotPossible, OutOfMemory
from longtake_engine.models.diffusion import backend as backend_module
from longtake_engine.models.diffusion import running as running_module
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.loading import loaded, look_through
from longtake_engine.models.diffusion.placement import GB, WAYS, Machine, fits_card
from longtake_engine.models.diffusion.running import RunningModel
from longtake_engine.models.diffusion.wan import wan_family
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.work import Guidance

VACE = ("wan-vace", "wan-vace-1.3b")
KINDS = ("WanVACEPipeline",)


@pytest.fixture
def folder(tiny, tmp_path) -> Path:
    """A copy of a tiny model's folder, to be broken."""
    backend = tiny(*VACE)
    copy = tmp_path / "model"
    shutil.copytree(backend.store.find(VACE[1]).folder, copy)
    return copy


def test_a_whole_folder_is_taken(folder):
    weights = look_through("it", folder, KINDS)
    need = weights.need(Machine(), 0)
    assert set(need.parts) == {"text_encoder", "transformer", "vae"}
    halved = weights.need(Machine("cuda:0", half="bfloat16"), 0)
    assert halved.parts["transformer"] == need.parts["transformer"] // 2
    assert halved.parts["vae"] == need.parts["vae"], "its rounding would show"


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def pickled(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(1000))


def under_another_name(path: Path) -> None:
    path.rename(path.with_suffix(".bin"))


@pytest.mark.parametrize(
    ("harm", "error", "words"),
    [
        (cut_off, BadInput, "no whole safetensors file"),
        (pickled, BadInput, "holds pickled weights"),
        (under_another_name, BadInput, "has pickled weights only"),
        (Path.unlink, MissingInput, "lacks the weights of its part transformer"),
    ],
)
def test_harmed_weights_are_never_loaded(folder, harm, error, words):
    harm(folder / "transformer" / "diffusion_pytorch_model.safetensors")
    with pytest.raises(error, match=words):
        look_through("it", folder, KINDS)


def test_another_model_is_not_taken_for_it(folder):
    index = folder / "model_index.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | {"_class_name": "LTXPipeline"}))
    with pytest.raises(BadInput, match="holds LTXPipeline, not WanVACEPipeline"):
        look_through("it", folder, KINDS)


def ask(backend) -> list:
    canvas = canvas_of(panning(format_of("yuv420p", 32, 32), 3), range(3, 5), Fraction(16))
    return list(backend.complete(canvas, Guidance(prompt="a dog"), CancelToken()))


def test_files_that_changed_since_they_were_verified_are_not_loaded(tiny):
    backend = tiny(*VACE)
    config = backend.store.find(VACE[1]).folder / "vae" / "config.json"
    kept = config.stat()
    os.utime(config, ns=(kept.st_atime_ns, kept.st_mtime_ns + 1))
    try:
        with pytest.raises(MissingInput, match="longtake models verify"):
            ask(backend)
    finally:
        os.utime(config, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert len(ask(backend)) == 2


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"num_attention_heads": 3}, "make no model"),
        ({"num_layers": 5}, "lack numbers of its part"),
    ],
)
def test_configurations_that_fit_no_weights_are_a_sentence(folder, other, words):
    config = folder / "transformer" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | other))
    weights = look_through("it", folder, KINDS)
    family = wan_family(Catalogue().find(VACE[1]))
    assert family is not None
    machine = Machine(memory_free_bytes=GB)
    running = RunningModel(family, weights, machine, weights.need(machine, 0))
    canvas = canvas_of(panning(format_of("yuv420p", 32, 32), 3), range(3, 5))
    with pytest.raises(BadInput, match=words):
        list(running.complete(canvas, Wish(prompt="a dog"), CancelToken()))


@pytest.mark.parametrize("missing", ["diffusers", "torch", "transformers"])
def test_without_the_libraries_the_sentence_names_the_extra(tiny, monkeypatch, missing):
    backend = tiny(*VACE)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NotPossible, match=r"longtake\[weights\]"):
        ask(backend)


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (Machine(memory_free_bytes=1000), "`longtake models` says what each needs"),
        (Machine("cuda:0", 20 * GB, 1000, "bfloat16"), "would fit: wan-vace-14b"),
    ],
)
def test_too_little_memory_is_told_before_anything_is_loaded(tiny, monkeypatch, machine, words):
    monkeypatch.setattr(backend_module, "this_machine", lambda: machine)
    monkeypatch.setattr(running_module, "loaded", None)  # would raise TypeError
    with pytest.raises(OutOfMemory, match=words):
        ask(tiny(*VACE))


class TestCardThatIsTooSmall:
    """A card on which less fits than was thought."""

    @pytest.fixture
    def ways(self, monkeypatch) -> list[str]:
        """In what ways the model was loaded, none of them on a card."""
        tried: list[str] = []

        @contextmanager
        def loaded(weights, pipeline, machine, way, addition=None):
            tried.append(way)
            yield way

        monkeypatch.setattr(running_module, "loaded", loaded)
        monkeypatch.setattr(running_module, "free_card", lambda machine: None)
        return tried

    def running(self, folder, works_in: str) -> RunningModel:
        family = wan_family(Catalogue().find(VACE[1]))
        assert family is not None

        class Picky:
            """Works in one way only."""

            grid, conditioning = family.grid, family.conditioning
            pipeline, steps = family.pipeline, 3

            def run(self, pipe, block, wish, steps):
                if pipe != works_in:
                    raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
                return np.clip(block.frames, 0, 1)

        machine = Machine("cuda:0", 90 * GB, 90 * GB, "bfloat16")
        weights = look_through("it", folder, KINDS)
        return RunningModel(Picky(), weights, machine, weights.need(machine, 0))

    def make(self, running: RunningModel) -> int:
        canvas = canvas_of(panning(format_of("yuv420p", 32, 32), 3), range(3, 5))
        return len(list(running.complete(canvas, Wish(), CancelToken())))

    def test_is_used_in_a_slower_way(self, folder, ways):
        assert self.make(self.running(folder, "layer by layer")) == 2
        assert ways == list(WAYS[:4])

    def test_gives_a_sentence_where_no_way_is_left(self, folder, ways):
        with pytest.raises(OutOfMemory, match="memory was too little for it"):
            self.make(self.running(folder, "none"))
        assert ways == list(WAYS)


class TestEightBits:
    """Where the memory is too little for the weights as they are loaded."""

    def made(self, tiny, monkeypatch, free_bytes: int):
        """What a whole model makes of half a picture and of a frame, with so much memory free."""
        machine = Machine(memory_free_bytes=free_bytes)
        monkeypatch.setattr(backend_module, "this_machine", lambda: machine)
        monkeypatch.setattr(Diffusion, "_working_bytes", lambda *_: 200_000)
        known = {n: Known(one) for n, one in enumerate(panning(format_of("gbrp16", 32, 32), 4))}
        mask = np.ones((32, 32), np.float32)
        mask[:, 16:] = 0
        known[3] = Known(known[3].picture, mask)
        cancel = CancelToken()
        canvas = Canvas(format_of("gbrp16", 32, 32), Fraction(16), known, range(3, 4))
        (made,) = tiny(*VACE).complete(canvas, Guidance(prompt="a dog"), cancel)
        assert all(map(np.array_equal, *(
            [plane[:, : plane.shape[1] // 2] for plane in one.planes]
            for one in (made.picture, known[3].picture)
        )))  # fmt: skip
        return made.picture.planes[0].astype(float), cancel.remarks_on(VACE[1])

    def test_hold_the_weights_and_are_told(self, tiny, monkeypatch):
        backend = tiny(*VACE)
        weights = look_through(VACE[1], backend.store.find(VACE[1]).folder, KINDS)
        need = weights.need(Machine(), 200_000)
        assert need.small_parts["transformer"] < 0.6 * need.parts["transformer"]
        assert need.small_parts["vae"] == need.parts["vae"]
        plain, nothing = self.made(tiny, monkeypatch, GB)
        small, (said,) = self.made(tiny, monkeypatch, need.weights_bytes + 100_000)
        assert nothing == () and "held in 8 bits" in said
        apart = abs(plain - small)[:, 16:]
        assert 0 < apart.mean() < 200  # of 65535: close, and not the same

    def test_hold_every_layer_that_counts(self, tiny):
        """Of the file's own sizes: what is reckoned is what is held."""
        backend = tiny("wan-t2v", "wan-t2v-1.3b")
        folder = backend.store.find("wan-t2v-1.3b").folder
        weights = look_through("it", folder, ("WanPipeline",))
        with loaded(weights, "WanPipeline", Machine(), "processor in 8 bits") as pipe:
            for name in ("transformer", "text_encoder"):
                held = sum(p.numel() * p.element_size() for p in getattr(pipe, name).parameters())
                reckoned = weights.need(Machine(), 0).small_parts[name]
                assert held == pytest.approx(reckoned, rel=0.2)


def test_other_errors_are_not_taken_for_a_lack_of_memory(folder, tiny):
    backend = tiny(*VACE)
    weights, machine = look_through("it", folder, KINDS), Machine(memory_free_bytes=GB)
    odd = replace(backend.family, grid=replace(backend.family.grid, multiple=3))
    running = RunningModel(odd, weights, machine, weights.need(machine, 0))
    canvas = canvas_of(panning(format_of("yuv420p", 33, 33), 3), range(3, 5))
    with pytest.raises(ValueError, match="divisible"):
        list(running.complete(canvas, Wish(prompt="a dog"), CancelToken()))


@pytest.mark.parametrize(("card_gb", "shares"), [(80, (1.0,)), (8, (0.6, 0.4)), (1, (1.0,))])
def test_a_small_card_makes_smaller_pictures_rather_than_none(tiny, monkeypatch, card_gb, shares):
    backend = tiny(*VACE)
    as_large_as_14b = type(backend._shape())(width=5120, layers=40)
    monkeypatch.setattr(type(backend), "_shape", lambda self: as_large_as_14b)
    weights = look_through(VACE[1], backend.store.find(VACE[1]).folder, KINDS)
    machine = Machine("cuda:0", card_gb * GB, 80 * GB, "bfloat16")
    grid, need = backend._fitting(format_of("yuv420p", 1920, 1080), weights, machine)
    own = backend.family.grid
    assert grid in [replace(own, area=int(own.area * share)) for share in shares]
    assert fits_card(need, machine) == (card_gb > 1), "where nothing fits the processor works"
