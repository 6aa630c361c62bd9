"""What every Wan owes to the tasks, through the real loading code, with tiny random weights."""

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import Cancelled, NotPossible, WrongCall
from longtake_engine.models.schedule import Scheduled
from longtake_engine.testing.picture import format_of, panning
from longtake_engine.work import Guidance

FILM = Fraction(24000, 1001)
VACE = ("wan-vace", "wan-vace-1.3b")
FROM_STILL = [
    ("wan-i2v", "wan-i2v-14b-480p"),
    ("wan22-i2v", "wan2.2-i2v-a14b"),
    ("wan22-ti2v", "wan2.2-ti2v-5b"),
]
BETWEEN = [VACE, ("wan-flf2v", "wan-flf2v-14b")]
FROM_WORDS = [VACE, ("wan-t2v", "wan-t2v-1.3b"), ("wan22-t2v", "wan2.2-t2v-a14b"), FROM_STILL[2]]
PROMPT = Guidance(prompt="a dog", negative_prompt="blur", seed=3)


def canvas(
    wanted: range, known: Collection[int] = range(8), name="yuv420p", size=(32, 32), rate=FILM
) -> Canvas:
    format = format_of(name, *size)
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
            assert plane.max() <= asked.format.max_value
    return [one.picture for one in made]


def same(first, second) -> bool:
    return all(
        np.array_equal(a, b)
        for one, two in zip(first, second, strict=True)
        for a, b in zip(one.planes, two.planes, strict=True)
    )


class TestVace:
    @pytest.mark.parametrize("new", [1, 12])
    @pytest.mark.parametrize("forward", [True, False], ids=["tail", "head"])
    def test_goes_on_both_ways_for_any_number_of_frames(self, tiny, new, forward):
        wanted = range(8, 8 + new) if forward else range(-new, 0)
        complete(tiny(*VACE), canvas(wanted))

    @pytest.mark.parametrize(
        ("name", "size"), [("yuv422p10le", (97, 61)), ("gbrp", (33, 48)), ("gray16le", (48, 64))]
    )
    def test_makes_every_kind_of_picture(self, tiny, name, size):
        complete(tiny(*VACE), canvas(range(8, 11), name=name, size=size))

    def test_alpha_goes_on(self, tiny):
        asked = canvas(range(8, 10), name="yuva444p10le", rate=Fraction(16))
        made = complete(tiny(*VACE), asked)
        assert np.array_equal(made[0].planes[3], asked.known[7].picture.planes[3])

    def test_what_is_known_of_a_picture_stays_bit_by_bit(self, tiny):
        asked = canvas(range(2, 6), name="yuv420p10le")
        mask = np.ones((32, 32), np.float32)
        mask[11:25, 9:20] = 0
        known = {n: Known(one.picture, mask) for n, one in asked.known.items()}
        asked = replace(asked, known=known)
        for number, picture in enumerate(complete(tiny(*VACE), asked), 2):
            own = known[number].picture
            for plane, (made, real) in enumerate(zip(picture.planes, own.planes, strict=True)):
                step = 2 if asked.format.is_chroma(plane) else 1
                hidden = mask.reshape(32 // step, step, 32 // step, step).min(axis=(1, 3)) == 0
                assert np.array_equal(made[~hidden], real[~hidden])
                assert not np.array_equal(made[hidden], real[hidden])

    def test_nothing_of_what_is_hidden_is_read(self, tiny):
        asked = canvas(range(2, 4))
        mask = np.ones((32, 32), np.float32)
        mask[10:30, 8:20] = 0
        made = []
        for level in (0, 255):
            known = {}
            for number, one in asked.known.items():
                planes = tuple(plane.copy() for plane in one.picture.planes)
                planes[0][10:30, 8:20] = level
                known[number] = Known(replace(one.picture, planes=planes), mask)
            made.append(complete(tiny(*VACE), replace(asked, known=known)))
        assert all(
            np.array_equal(a.planes[0][10:30, 8:20], b.planes[0][10:30, 8:20])
            for a, b in zip(*made, strict=True)
        )

    def test_a_frame_whose_picture_is_not_there_at_all_is_made(self, tiny):
        asked = canvas(range(2, 7), known=[0, 1, 4, 7])  # keyframes
        made = complete(tiny(*VACE), asked)
        assert same([made[2]], [asked.known[4].picture])

    def test_reference_pictures_change_what_is_made(self, tiny, tmp_path):
        import cv2

        path = tmp_path / "reference.png"
        cv2.imwrite(str(path), np.full((40, 30, 3), (0, 0, 255), np.uint8))
        backend, asked = tiny(*VACE), canvas(range(8, 11))
        shown = complete(backend, asked, replace_guidance(PROMPT, reference_paths=(path,)))
        assert not same(complete(backend, asked), shown)

    def test_drawn_guidance_stands_where_nothing_is_known(self, tiny, monkeypatch):
        from longtake_engine.models.diffusion.wan_vace import WanVace
        from longtake_engine.models.diffusion.wish import Wish

        heard, drawn_for = [], []
        monkeypatch.setattr(WanVace, "run", listening(WanVace.run, heard))

        def draw(frames, size):
            drawn_for.append((tuple(frames), size))
            return np.full((len(frames), *size, 3), 0.8, np.float32)

        backend, asked = tiny(*VACE), canvas(range(8, 11))
        with backend.opened(asked.format, CancelToken()) as model:
            wish = Wish(prompt="a dog", draw=draw)
            assert len(list(model.complete(asked, wish, CancelToken()))) == 3
        ((frames, size),) = drawn_for
        assert 7.0 in frames and size == (32, 32)
        ((block, video, mask),) = heard
        assert np.array_equal(mask[..., 0], block.unknown)
        assert (video[block.unknown == 1] == np.float32(0.8)).all()
        assert np.array_equal(video[block.unknown == 0], block.frames[block.unknown == 0])

    def test_a_longer_canvas_than_it_takes_is_refused_with_a_number(self, tiny):
        with pytest.raises(WrongCall, match="makes 9 frames at once at most"):
            complete(tiny(*VACE, max_frames=9), canvas(range(8, 40)))

    def test_within_its_limits_a_canvas_is_never_too_long(self, tiny):
        backend = tiny(*VACE, max_frames=13)
        for rate in (Fraction(16), FILM, Fraction(60)):
            limits = backend.limits(rate, masked=False)
            known = range(limits.overlap_frames)
            wanted = range(len(known), limits.window_frames)
            complete(backend, canvas(wanted, known, rate=rate, size=(32, 32)))


def listening(run, heard):
    """`run` of a family, that keeps the block and what the pipeline is given of it."""

    def heard_run(self, pipe, block, wish, steps):
        def call(**arguments):
            heard.append((block, arguments["video"][0], arguments["mask"][0]))
            return pipe(**arguments)

        return run(self, call, block, wish, steps)

    return heard_run


def replace_guidance(guidance: Guidance, **fields) -> Guidance:
    import msgspec

    return msgspec.structs.replace(guidance, **fields)


@pytest.mark.parametrize("model", FROM_STILL, ids=lambda model: model[1])
class TestFromStill:
    @pytest.mark.parametrize("known", [1, 8])
    def test_goes_on_from_one_picture_or_from_several(self, tiny, model, known):
        complete(tiny(*model), canvas(range(known, known + 6), range(known)))

    def test_sees_more_than_the_last_picture(self, tiny, model):
        """Other pictures before the same last one make other frames."""
        asked = canvas(range(8, 12), rate=Fraction(16))
        others = panning(asked.format, 8, (5, 2), seed=4)
        known = {n: Known(others[n]) for n in range(7)} | {7: asked.known[7]}
        backend = tiny(*model)
        first, second = complete(backend, asked), complete(backend, replace(asked, known=known))
        assert not same(first, second)

    def test_does_not_go_before_a_clip(self, tiny, model):
        with pytest.raises(NotPossible, match="cannot make what comes before"):
            complete(tiny(*model), canvas(range(-4, 0)))


@pytest.mark.parametrize("model", BETWEEN, ids=lambda model: model[1])
@pytest.mark.parametrize("new", [1, 4, 10])
def test_fills_between_two_sides(tiny, model, new):
    known = [0, 1, 2, *range(3 + new, 6 + new)]
    complete(tiny(*model), canvas(range(3, 3 + new), known))


@pytest.mark.parametrize("model", FROM_WORDS, ids=lambda model: model[1])
class TestFromWords:
    @pytest.mark.parametrize("new", [1, 7])
    def test_makes_a_shot_from_nothing(self, tiny, model, new):
        asked = canvas(range(new), (), "gbrp16le")  # what a tiny model hears of words is little
        pictures = complete(tiny(*model), asked)
        other = complete(tiny(*model), asked, Guidance(prompt="zzz", seed=3))
        assert not same(pictures, other), "the words are heard"


def test_words_are_asked_for_where_nothing_else_says_what(tiny):
    with pytest.raises(WrongCall, match="--prompt"):
        complete(tiny("wan-t2v", "wan-t2v-1.3b"), canvas(range(4), ()), Guidance())


def test_a_clip_is_made_anew_by_a_share(tiny):
    asked = canvas(range(5), range(5), rate=Fraction(16))
    guidance = replace_guidance(PROMPT, strength=0.6)
    made = complete(tiny("wan-t2v", "wan-t2v-1.3b"), asked, guidance)
    assert not same(made, [asked.known[n].picture for n in range(5)])


def test_what_needs_a_still_says_so(tiny):
    with pytest.raises(NotPossible, match="give a still"):
        complete(tiny("wan-i2v", "wan-i2v-14b-480p"), canvas(range(4), ()))
    with pytest.raises(NotPossible, match="no last one"):
        complete(tiny("wan-flf2v", "wan-flf2v-14b"), canvas(range(8, 12)))


@pytest.mark.parametrize("model", [VACE, FROM_STILL[1]], ids=lambda model: model[1])
class TestEvery:
    def test_equal_seeds_give_equal_frames(self, tiny, model):
        backend, asked = tiny(*model), canvas(range(8, 12))
        first, second = complete(backend, asked), complete(backend, asked)
        assert same(first, second)
        other = complete(backend, asked, replace_guidance(PROMPT, seed=4))
        assert not same(first, other)

    def test_steps_are_told_and_cancelled_between(self, tiny, model):
        cancel = CancelToken()
        heard = []

        def hear(words: str, remaining_s: float) -> None:
            heard.append(words)
            if words.startswith("step 2"):
                cancel.cancel()

        cancel.listen(hear)
        with pytest.raises(Cancelled):
            complete(tiny(*model), canvas(range(8, 12)), cancel=cancel)
        assert heard == [f"loading {model[1]}", "step 1 of 3", "step 2 of 3"]

    def test_cancelled_before_it_begins_it_loads_nothing(self, tiny, model):
        cancel = CancelToken()
        heard = []
        cancel.listen(lambda words, _: heard.append(words))
        cancel.cancel()
        with pytest.raises(Cancelled):
            complete(tiny(*model), canvas(range(8, 12)), cancel=cancel)
        assert heard == []

    def test_weights_stay_from_one_canvas_to_the_next_and_no_longer(self, tiny, model):
        import gc

        from diffusers.pipelines.pipeline_utils import DiffusionPipeline
        from longtake_engine.models.diffusion.wish import Wish

        def pipelines() -> int:
            gc.collect()
            return sum(isinstance(one, DiffusionPipeline) for one in gc.get_objects())

        before = pipelines()
        wish, asked = Wish(prompt="a dog"), canvas(range(8, 10))
        with tiny(*model).opened(asked.format, CancelToken()) as running:
            for _ in range(2):
                assert len(list(running.complete(asked, wish, CancelToken()))) == 2
                assert pipelines() == before + 1
        assert pipelines() == before

    def test_costs_grow_with_the_work(self, tiny, model):
        backend = tiny(*model)
        small, large = format_of("yuv420p", 320, 180), format_of("yuv422p10le", 1920, 1080)
        few, many = backend.estimate(small, 10), backend.estimate(large, 100)
        assert 0 < few.seconds < many.seconds
        assert 0 < few.memory_bytes <= many.memory_bytes


class TestWindows:
    """Longer than a run can hold: by the schedule that the catalogue puts round every model."""

    def test_a_hole_in_many_frames(self, tiny):
        backend = Scheduled(tiny(*VACE, max_frames=13))
        asked = canvas(range(24), range(24), rate=Fraction(16))
        mask = np.ones((32, 32), np.float32)
        mask[8:20, 8:20] = 0
        known = {n: Known(one.picture, mask) for n, one in asked.known.items()}
        made = complete(backend, replace(asked, known=known))
        for number, picture in enumerate(made):
            real = known[number].picture.luma
            assert np.array_equal(picture.luma[mask == 1], real[mask == 1])

    @pytest.mark.parametrize("known", [range(8), [*range(8), *range(38, 44)]], ids=["tail", "gap"])
    @pytest.mark.parametrize("rate", [Fraction(16), FILM], ids=["own rate", "another"])
    def test_many_frames_after_a_clip_or_between_two(self, tiny, known, rate):
        complete(Scheduled(tiny(*VACE, max_frames=13)), canvas(range(8, 38), known, rate=rate))
