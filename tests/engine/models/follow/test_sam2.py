import gc
import importlib.util
import subprocess
import sys

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled, WrongCall
from longtake_engine.models.follow import Corrected, Segmenting, choose_tracker
from longtake_engine.models.follow.sam2 import REMEMBERED, Sam2
from longtake_engine.testing.tiny_sam2 import make_tiny_sam2
from longtake_engine.weights.adoption import AdoptOptions, adopt
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import Box, Point

NAME = "sam2.1-hiera-tiny"
ACROSS = [(40 + 5 * n, 60 - n) for n in range(6)]
BOX = Box(48, 38, 44, 44, 2)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    """A store with a tiny SAM 2 of random weights, taken over from a folder as any model is."""
    if importlib.util.find_spec("transformers") is None:
        pytest.skip("transformers is not installed (the extra `weights`)")
    import torch

    torch.set_num_threads(1)  # tests run in two processes at once
    home = tmp_path_factory.mktemp("home")
    folder = make_tiny_sam2(home / "tiny")
    store = ModelStore(home)
    taken = list(adopt(Catalogue(), store, AdoptOptions(folder, NAME), print_nothing))
    assert len(taken) == 1 and store.standing(NAME).state == "installed"
    # What is loaded by now stays: to look through its million objects whenever a model is freed
    # would take longer than all that a tiny model does.
    gc.collect()
    gc.freeze()
    return store


def print_nothing(_progress: object) -> None:
    pass


@pytest.fixture
def sam2(installed: ModelStore) -> Sam2:
    return Sam2(installed.find(NAME))


def test_the_built_in_tracker_follows_where_nothing_is_installed(tmp_path, monkeypatch):
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path))
    assert isinstance(choose_tracker(), Segmenting)


def test_sam2_takes_over_where_it_is_installed(installed, monkeypatch):
    monkeypatch.setattr(ModelStore, "here", classmethod(lambda cls: installed))
    assert choose_tracker().name == NAME


@pytest.mark.parametrize(
    "mark",
    [BOX, Point(50, 58, 2), "matte", "two boxes"],
    ids=["box", "point", "matte", "two boxes"],
)
def test_every_frame_gets_a_matte_both_ways_from_the_mark(disc_clip, sam2, mark):
    clip = disc_clip(ACROSS)
    marks = [mark]
    if mark == "matte":
        marks = [Corrected(clip.mattes[2].astype(np.float32), 2)]
    elif mark == "two boxes":
        marks = [BOX, Box(10, 10, 30, 30, 2)]
    found = list(sam2.follow(clip.pictures, marks, clip.frames, CancelToken()))
    assert [one.frame for one in found] == list(clip.frames)
    for one in found:
        assert one.matte.shape == (clip.format.height, clip.format.width)
        assert one.matte.dtype == np.float32
        assert one.matte.min() >= 0 and one.matte.max() <= 1
        assert 0 <= one.confidence <= 1
        assert one.present or not one.matte.any()


def test_a_matte_that_is_given_comes_out_on_its_frame(disc_clip, sam2):
    clip = disc_clip(ACROSS)
    mark = Corrected(clip.mattes[3].astype(np.float32), 3)
    found = list(sam2.follow(clip.pictures, [mark], clip.frames, CancelToken()))
    assert clip.iou(3, found[3].matte) > 0.8  # the network gives it back at a quarter of its size


def test_what_is_drawn_again_comes_out_on_its_frame_too(disc_clip, sam2):
    clip = disc_clip(ACROSS)
    marks = [BOX, Corrected(clip.mattes[5].astype(np.float32), 5)]
    found = list(sam2.follow(clip.pictures, marks, clip.frames, CancelToken()))
    assert [one.frame for one in found] == list(clip.frames)
    assert clip.iou(5, found[5].matte) > 0.8


def test_memory_does_not_grow_with_the_shot(disc_clip, sam2):
    clip = disc_clip([(60 + n % 5, 60) for n in range(REMEMBERED + 4)])
    sessions = []
    real = sam2.follow(clip.pictures, [Box(38, 38, 44, 44)], clip.frames, CancelToken())
    for _ in real:
        frame = real.gi_frame
        sessions.append(frame.f_locals["run"].session if frame else sessions[-1])
    known = sessions[-1].output_dict_per_obj[0]["non_cond_frame_outputs"]
    assert len(known) <= REMEMBERED + 1
    assert not list(sessions[-1].processed_frames)


def test_a_mark_outside_the_picture_gets_a_sentence(disc_clip, sam2):
    clip = disc_clip(ACROSS)
    with pytest.raises(WrongCall, match="outside the picture"):
        list(sam2.follow(clip.pictures, [Box(500, 0, 9, 9)], clip.frames, CancelToken()))


def test_cancelling_stops_it(disc_clip, sam2):
    clip = disc_clip(ACROSS)
    cancel = CancelToken()
    run = sam2.follow(clip.pictures, [BOX], clip.frames, cancel)
    next(run)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(run)


def test_a_folder_that_holds_something_else_gets_a_sentence(disc_clip, installed, tmp_path):
    clip = disc_clip(ACROSS)
    model = installed.find(NAME)
    other = make_tiny_sam2(tmp_path / "other")
    (other / "config.json").write_text('{"model_type": "bert", "hidden_size": "wide"}')
    broken = Sam2(type(model)(other, model.manifest))
    with pytest.raises(BadInput, match="make no SAM 2"):
        list(broken.follow(clip.pictures, [BOX], clip.frames, CancelToken()))


def test_choosing_a_tracker_loads_no_torch(installed):
    home = installed.find(NAME).folder.parent
    script = (
        "import sys\n"
        "from longtake_engine.models.follow import choose_tracker\n"
        "print(choose_tracker().name, 'torch' in sys.modules, 'transformers' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"LONGTAKE_HOME": str(home), "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout.split() == [NAME, "False", "False"]
