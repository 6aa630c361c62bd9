"""Work asked of an installed video model, from the spec to the file, with tiny random weights."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled, NotPossible, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.models.catalog import find_backends, list_models
from longtake_engine.tasks.note import enlarged_notes
from longtake_engine.tasks.run import estimate
from longtake_engine.testing.picture import format_of
from longtake_engine.work import (
    Extend,
    FrameRange,
    Guidance,
    Inpaint,
    Interpolate,
    Length,
    Outpaint,
    Output,
    Spec,
)

VACE = "wan-vace-1.3b"

pytestmark = pytest.mark.usefixtures("engine")


def same(first, second) -> bool:
    assert len(first) == len(second) > 0
    return all(
        np.array_equal(a, b)
        for one, two in zip(first, second, strict=True)
        for a, b in zip(one.planes, two.planes, strict=True)
    )


def left_beside(out) -> list:
    """What lies where the result would, but for the windows, which the queue removes."""
    return [path for path in out.parent.iterdir() if path.suffix != ".windows"]


def extension(source, out, *, head=0, tail=0, model=VACE, **fields) -> Spec:
    before, after = (Length(frames=count) if count else None for count in (head, tail))
    return Spec(Extend(source, before, after), Output(out, "ffv1"), model=model, **fields)


class TestExtend:
    @pytest.mark.parametrize("rate", [Fraction(16), Fraction(24000, 1001)])
    def test_both_ways_by_exact_counts_with_every_real_frame_kept(
        self, clip, out, do, pictures, rate
    ):
        source = clip("in.mkv", rate=rate)
        take = do(extension(source, out, head=3, tail=6)).take
        assert (take.model, take.rate, take.duration_frames) == (VACE, rate, 19)
        assert take.made_ranges == (FrameRange(0, 3), FrameRange(13, 6))
        assert len(pictures(out)) == 19
        assert same(pictures(out, 3, 13), pictures(source))
        assert any("is not tried on the clip beforehand" in note for note in take.notes)

    def test_the_same_again_for_an_equal_seed(self, clip, out, do, pictures):
        source = clip("in.mkv")
        made = []
        for number, seed in enumerate((5, 5, 6)):
            path = out.with_stem(f"out{number}")
            do(extension(source, path, tail=5, guidance=Guidance(prompt="a road", seed=seed)))
            made.append(pictures(path))
        assert same(made[0], made[1])
        assert not same(made[0], made[2])

    def test_cancelled_in_the_middle_nothing_is_left(self, clip, out, do):
        cancel = CancelToken()
        heard = []

        def hear(words: str, _: float) -> None:
            heard.append(words)
            if words.startswith("step 1"):
                cancel.cancel()

        cancel.listen(hear)
        with pytest.raises(Cancelled):
            do(extension(clip("in.mkv"), out, tail=5), cancel)
        assert heard[-1].startswith("step 1")
        assert left_beside(out) == []

    def test_a_model_that_goes_one_way_says_which_goes_both(self, clip, out, do):
        spec = extension(clip("in.mkv"), out, head=4, model="wan-i2v-14b-480p")
        with pytest.raises(NotPossible, match="cannot make what comes before a clip"):
            do(spec)
        assert left_beside(out) == []

    def test_a_clip_of_one_frame_is_a_still_to_go_on_from(self, clip, out, do, pictures):
        source = clip("in.mkv", 1)
        take = do(extension(source, out, tail=4, model="wan-i2v-14b-480p")).take
        assert take.duration_frames == 5
        assert same(pictures(out, 0, 1), pictures(source))

    def test_what_is_not_installed_is_named_with_the_command(self, clip, out, do):
        with pytest.raises(NotPossible, match="longtake models install wan-vace-14b"):
            do(extension(clip("in.mkv"), out, tail=4, model="wan-vace-14b"))

    def test_its_cost_is_told_before(self, clip, out):
        told = estimate(extension(clip("in.mkv"), out, tail=48))
        assert (told.model, told.new_frames) == (VACE, 48)
        assert told.seconds > 0


class TestGap:
    @pytest.mark.parametrize("model", [VACE, "wan-flf2v-14b"])
    @pytest.mark.parametrize("gap", [1, 7])
    def test_between_two_shots_by_exact_counts(self, clip, out, do, model, gap):
        shots = (clip("a.mkv"), clip("b.mkv", start=14))
        work = Interpolate(shots, duration=Length(frames=gap))
        take = do(Spec(work, Output(out, "ffv1"), model=model)).take
        assert (take.model, take.duration_frames) == (model, gap)
        assert probe(out).video.frame_count == gap

    def test_only_the_join_that_it_makes(self, clip, out, do):
        shots = (clip("a.mkv"), clip("b.mkv"))
        work = Interpolate(shots, duration=Length(frames=4), join="dissolve")
        with pytest.raises(WrongCall, match="leave it out for a dissolve"):
            do(Spec(work, Output(out, "ffv1"), model=VACE))


class TestReplace:
    def hiding(self, tmp_path, source, out, **fields) -> Spec:
        mask = np.zeros((32, 48), np.uint8)
        mask[8:20, 10:24] = 255
        path = tmp_path / "mask.png"
        cv2.imwrite(str(path), mask)
        work = Inpaint(source, mask_path=path, margin=0)
        return Spec(work, Output(out, "ffv1"), **fields)

    def test_a_prompt_is_made_where_it_was_hidden_and_nowhere_else(
        self, clip, out, do, pictures, tmp_path
    ):
        source = clip("in.mkv")
        guidance = Guidance(prompt="a red balloon")
        take = do(self.hiding(tmp_path, source, out, guidance=guidance)).take
        assert take.model == VACE
        for made, own in zip(pictures(out), pictures(source), strict=True):
            luma = made.planes[0] != own.planes[0]
            assert luma[8:20, 10:24].mean() > 0.5
            luma[8:20, 10:24] = False
            assert not luma.any()
            for plane in (1, 2):
                chroma = made.planes[plane] != own.planes[plane]
                chroma[8:20, 5:12] = False
                assert not chroma.any()

    def test_without_a_model_the_sentence_says_which_would_do(
        self, clip, out, do, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path / "nothing"))
        spec = self.hiding(tmp_path, clip("in.mkv"), out, guidance=Guidance(prompt="a balloon"))
        with pytest.raises(NotPossible, match=r"Replacing by a prompt needs a video model"):
            do(spec)


def test_a_border_is_made_round_every_picture(clip, out, do, pictures):
    source = clip("in.mkv")
    work = Outpaint(source, (64, 32))
    take = do(Spec(work, Output(out, "ffv1"), model=VACE)).take
    assert take.model == VACE
    for made, own in zip(pictures(out), pictures(source), strict=True):
        assert np.array_equal(made.planes[0][:, 8:56], own.planes[0])
        assert made.planes[0][:, :8].std() > 0


def test_a_note_says_that_pictures_are_enlarged():
    (backend,) = find_backends(VACE, "extend")
    (note,) = enlarged_notes(backend.info, format_of("yuv420p", 1920, 1080))
    assert "0.4 megapixels" in note and "enlarged 2.3 times" in note
    assert enlarged_notes(backend.info, format_of("yuv420p", 832, 480)) == ()


def test_what_is_installed_is_listed_and_asked_by_name():
    listed = {model.name: model for model in list_models()}
    vace = listed[VACE]
    assert vace.takes_prompt and not vace.built_in and vace.max_new_frames == 0
    assert set(vace.tasks) == {"extend", "interpolate", "inpaint", "outpaint", "generate"}
    assert listed["wan-flf2v-14b"].tasks == ("interpolate", "generate")
    assert "wan-vace-14b" not in listed
    (backend,) = find_backends(VACE, "extend")
    assert backend.info == vace


@pytest.mark.parametrize("card", [True, False])
def test_auto_asks_a_slow_model_only_where_there_is_a_card(monkeypatch, card):
    monkeypatch.setattr("longtake_engine.models.catalog.card_is_told_of", lambda: card)
    names = [backend.info.name for backend in find_backends("auto", "extend")]
    assert (VACE in names) == card
    assert names[0] == "motion"
