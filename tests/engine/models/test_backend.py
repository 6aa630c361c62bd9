"""What every backend owes to the tasks, whatever it is made of."""

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Completed
from longtake_engine.errors import Cancelled, WrongCall
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import built_in, find_backends, list_models
from longtake_engine.testing.backend import Repeat
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.work import Guidance

BACKENDS = (*find_backends("auto", "extend"), Repeat(), Repeat(remade=2))
FORMATS = [
    ("yuv420p", 97, 61),
    ("yuv422p10le", 96, 64),
    ("yuv444p12le", 61, 97),
    ("yuv411p", 99, 50),
    ("gbrp", 80, 61),
    ("gray", 64, 48),
    ("gray16le", 64, 48),
    ("yuva444p10le", 64, 48),
    ("yuv420p", 32, 18),
    ("yuv420p", 36, 64),
    ("yuv420p", 120, 28),  # too low for OpenCV as it is: it crashed
    ("gray", 8, 8),
]
NEW = 5


def wanted_of(backend: VideoBackend, known: int, new: int = NEW, *, forward: bool = True) -> range:
    remade = backend.remade_frames(new, known)
    return range(known - remade, known + new) if forward else range(-new, remade)


def complete(backend, canvas, cancel: CancelToken | None = None) -> list[Completed]:
    return list(backend.complete(canvas, Guidance(), cancel or CancelToken()))


def same(first, second) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first.planes, second.planes, strict=True))


def named(backend) -> str:
    return f"{backend.info.name}{backend.remade_frames(9, 9) or ''}"


@pytest.mark.parametrize("backend", BACKENDS, ids=named)
class TestBackend:
    @pytest.mark.parametrize("forward", [True, False], ids=["tail", "head"])
    @pytest.mark.parametrize(("name", "width", "height"), FORMATS)
    def test_makes_the_wanted_frames_in_the_canvas_format(
        self, backend, name, width, height, forward
    ):
        format = format_of(name, width, height)
        pictures = panning(format, 8)
        wanted = wanted_of(backend, 8, forward=forward)
        made = complete(backend, canvas_of(pictures, wanted))
        assert [one.frame for one in made] == list(wanted)
        for one in made:
            assert one.picture.format == format
            assert len(one.picture.planes) == format.plane_count
            for number, plane in enumerate(one.picture.planes):
                assert plane.shape == format.plane_size(number)
                assert plane.dtype == format.dtype
                assert plane.flags.c_contiguous
                assert plane.max() <= format.max_value

    @pytest.mark.parametrize("name", ["yuv420p", "gbrp10le", "gray16le"])
    def test_extremes_do_not_wrap_round(self, backend, name):
        format = format_of(name, 64, 48)
        pictures = panning(format, 4)
        for picture in pictures:
            for plane in picture.planes:
                plane[:, plane.shape[1] // 2 :] = format.max_value
                plane[:, : plane.shape[1] // 2] = 0
        for one in complete(backend, canvas_of(pictures, wanted_of(backend, 4))):
            for plane in one.picture.planes:
                quarter = plane.shape[1] // 4
                assert plane[:, -quarter:].min() > format.max_value * 0.9
                assert plane[:, :quarter].max() < format.max_value * 0.1

    @pytest.mark.parametrize("forward", [True, False], ids=["tail", "head"])
    def test_the_fewest_known_frames_are_enough(self, backend, forward):
        least = backend.info.min_known_frames
        pictures = panning(format_of("yuv420p", 64, 48), least)
        wanted = wanted_of(backend, least, forward=forward)
        assert len(complete(backend, canvas_of(pictures, wanted))) == len(wanted)

    def test_one_frame_can_be_asked_for(self, backend):
        pictures = panning(format_of("yuv420p", 64, 48), 6)
        wanted = wanted_of(backend, 6, new=1)
        assert len(complete(backend, canvas_of(pictures, wanted))) == len(wanted)

    def test_frames_need_not_begin_at_zero(self, backend):
        pictures = panning(format_of("yuv420p", 64, 48), 6)
        wanted = wanted_of(backend, 6)
        plain = complete(backend, canvas_of(pictures, wanted))
        late = range(wanted.start + 1000, wanted.stop + 1000)
        moved = complete(backend, canvas_of(pictures, late, start=1000))
        assert [one.frame for one in moved] == list(late)
        for first, second in zip(plain, moved, strict=True):
            assert same(first.picture, second.picture)

    def test_known_pictures_stay_as_they_are(self, backend):
        pictures = panning(format_of("yuv422p10le", 64, 48), 6)
        before = [[plane.copy() for plane in picture.planes] for picture in pictures]
        complete(backend, canvas_of(pictures, wanted_of(backend, 6)))
        for planes, picture in zip(before, pictures, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(planes, picture.planes, strict=True))

    def test_the_same_canvas_gives_the_same_frames(self, backend):
        pictures = panning(format_of("yuv420p", 97, 61), 10, (3, 1))
        wanted = wanted_of(backend, 10)
        first = complete(backend, canvas_of(pictures, wanted))
        other = panning(format_of("gray", 64, 48), 3)
        complete(backend, canvas_of(other, wanted_of(backend, 3)))  # nothing is left behind
        again = complete(backend, canvas_of(pictures, wanted))
        for one, two in zip(first, again, strict=True):
            assert same(one.picture, two.picture)

    def test_cancelling_is_noticed_between_frames(self, backend):
        cancel = CancelToken()
        pictures = panning(format_of("yuv420p", 64, 48), 6)
        made = backend.complete(canvas_of(pictures, wanted_of(backend, 6)), Guidance(), cancel)
        next(made)
        cancel.cancel()
        with pytest.raises(Cancelled):
            next(made)

    def test_cancelled_before_it_begins_it_makes_nothing(self, backend):
        cancel = CancelToken()
        cancel.cancel()
        pictures = panning(format_of("yuv420p", 64, 48), 6)
        with pytest.raises(Cancelled):
            complete(backend, canvas_of(pictures, wanted_of(backend, 6)), cancel)

    def test_remakes_only_what_it_says_and_never_all(self, backend):
        for new, known in ((1, 2), (48, 2), (5, 100), (1000, 7)):
            remade = backend.remade_frames(new, known)
            assert 0 <= remade < known
            assert backend.info.remakes_known_frames or remade == 0
            assert backend.context_frames(new) > remade

    def test_costs_grow_with_the_work(self, backend):
        small, large = format_of("yuv420p", 640, 360), format_of("yuv422p10le", 1920, 1080)
        few, many = backend.estimate(small, 10), backend.estimate(large, 100)
        assert 0 <= few.seconds <= many.seconds
        assert 0 <= few.memory_bytes <= many.memory_bytes


# Where a remade frame lies depends on the whole stretch, so those are not asked for one alone.
@pytest.mark.parametrize(
    "backend", [b for b in BACKENDS if not b.info.remakes_known_frames], ids=named
)
@pytest.mark.parametrize("forward", [True, False], ids=["tail", "head"])
def test_the_frame_at_the_join_is_the_same_when_made_alone(backend, forward):
    pictures = panning(format_of("yuv420p", 97, 61), 8, (3, 1))
    wanted = range(8, 20) if forward else range(-12, 0)
    near = wanted.start if forward else wanted.stop - 1
    whole = {one.frame: one.picture for one in complete(backend, canvas_of(pictures, wanted))}
    (alone,) = complete(backend, canvas_of(pictures, range(near, near + 1)))
    assert alone.frame == near
    # Colour is measured on the frame made alone. How far a border reaches may depend on what
    # else is wanted, so a few pixels there may differ by a level or two.
    for one, two in zip(alone.picture.planes, whole[near].planes, strict=True):
        difference = np.abs(one.astype(int) - two)
        assert difference.mean() < 0.1
        assert difference[2:-2, 2:-2].max() <= 1


def test_models_have_names_of_their_own_and_say_what_they_do():
    models = list_models()
    assert len({model.name for model in models}) == len(models) >= 2
    for model in models:
        assert model.tasks and model.description.endswith(".")


def test_a_backend_is_found_by_its_name():
    for model in (backend.info for backend in built_in()):
        assert [b.info for b in find_backends(model.name, model.tasks[0])] == [model]


def test_auto_is_every_backend_that_can():
    able = [model.name for model in list_models() if "extend" in model.tasks]
    assert [b.info.name for b in find_backends("auto", "extend")] == able
    assert {"motion", "retime"} <= set(able)


@pytest.mark.parametrize(
    ("name", "task"), [("wan", "extend"), ("motion", "generate"), ("", "extend")]
)
def test_a_model_that_is_not_there_is_named(name, task):
    with pytest.raises(WrongCall, match=f'No model "{name}" can {task} here; there are: auto'):
        find_backends(name, task)
