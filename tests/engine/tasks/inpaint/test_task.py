"""The task as a whole: who fills, how sure it is, what is told, and what is left when it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import BadInput, Cancelled, NotPossible, WrongCall
from longtake_engine.picture import Picture
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.backend import Uncover
from longtake_engine.testing.picture import crossing, format_of, textured
from longtake_engine.work import Guidance, Progress, Take


@dataclass(frozen=True, slots=True)
class Smear(Uncover):
    """Smears the surroundings in, and calls all of it made up."""

    name: str = "smear"

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        for frame in canvas.wanted:
            known = canvas.known[frame]
            planes = list(known.picture.planes)
            seen = np.ones(planes[0].shape, np.float32)
            if known.mask is not None:
                hole = (known.mask < 1).astype(np.uint8)
                planes[0] = cv2.inpaint(planes[0], hole, 3, cv2.INPAINT_TELEA)
                seen = known.mask
            yield Completed(frame, Picture(tuple(planes), canvas.format), seen)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was to be seen on a canvas."""

    wanted: range
    frames: range
    hidden: np.ndarray  # H W bool, of the first wanted frame
    plain: bool  # whether nothing is hidden of its first frame


@dataclass(frozen=True, slots=True)
class Watched(Uncover):
    """Remembers the canvases it was given."""

    canvases: list[Seen] = field(default_factory=list)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        frames = range(min(canvas.known), max(canvas.known) + 1)
        assert len(canvas.known) == len(frames)
        mask = canvas.known[canvas.wanted.start].mask
        assert mask is not None
        plain = canvas.known[frames.start].mask is None
        self.canvases.append(Seen(canvas.wanted, frames, mask == 0, plain))
        return Uncover.complete(self, canvas, guidance, cancel)


@dataclass(frozen=True, slots=True)
class Spoilt(Uncover):
    """Skips a frame, or ends early, where it makes more of them than a back-test asks for."""

    skips: bool = False

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        for number, one in enumerate(Uncover.complete(self, canvas, guidance, cancel)):
            if number == 7 and not self.skips:
                return
            if number != 7:
                yield one


def files(out) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


def test_whoever_fills_moved_holes_best_fills_the_true_one(scene, mask_video, fill, use):
    use(Smear(), Uncover())
    masks = mask_video(scene.masks)
    done = fill(scene.path, masks, take_count=2)
    assert [take.model for take in done.takes] == ["uncover", "smear"]
    assert [take.media_path.name for take in done.takes] == ["out.mkv", "out-2.mkv"]
    best, other = (take.score for take in done.takes)
    assert best.ssim > other.ssim
    assert best.confidence > 0.9 > other.confidence
    assert best.psnr_db > best.freeze_psnr_db + 5
    assert fill(scene.path, masks).take.model == "uncover"
    assert fill(scene.path, masks, model="smear").take.model == "smear"


def test_it_is_told_how_much_was_seen_and_how_much_is_made_up(scene, mask_video, fill, use):
    done = fill(scene.path, mask_video(scene.masks))
    (filling,) = done.take.fillings
    assert filling.start_frame == 0
    assert filling.filled_share == pytest.approx([16 * 16 / (96 * 64)] * 12, abs=1e-4)
    assert filling.seen_share == (1.0,) * 12
    assert any("nothing is made up" in note for note in done.take.notes)
    use(Smear())
    take = fill(scene.path, mask_video(scene.masks, "again")).take
    assert take.fillings[0].seen_share == (0.0,) * 12
    assert any("100% is made up" in note for note in take.notes)
    picture = cv2.imdecode(np.frombuffer(take.fillings_png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    red, green = picture[40, 300, 2], picture[40, 300, 1]
    assert red > 200
    assert green < 150


def test_progress_counts_frames_and_shows_them(scene, mask_video, fill):
    done = fill(scene.path, mask_video(scene.masks))
    phases = list(dict.fromkeys(step.phase for step in done.progress))
    assert phases == ["reading", "reading the mask", "measuring", "making (uncover)", "finishing"]
    counts = [step.done_frames for step in done.progress if step.phase.startswith("making")]
    assert counts == list(range(1, 13))
    assert done.progress[-1].total_frames == 12
    assert any(step.preview_jpeg for step in done.progress)


def test_a_canvas_lies_within_one_shot_and_knows_all_of_it(write, mask_video, fill, use):
    format = format_of("yuv420p", 96, 64)
    first = crossing(format, 24, 2, 16)
    other = [textured(format, 0, 0, seed=5)] * 20
    mask = np.zeros((64, 96), np.uint8)
    mask[8:24, 8:24] = 255
    empty = np.zeros_like(mask)
    clip = write([*first, *other])
    watched = Watched()
    use(watched)
    hidden = [mask if 20 <= number < 30 else empty for number in range(44)]
    done = fill(clip, mask_video(hidden))
    first_hole, second_hole = watched.canvases[-2:]
    assert (first_hole.wanted, first_hole.frames) == (range(20, 24), range(24))
    assert (second_hole.wanted, second_hole.frames) == (range(24, 30), range(24, 44))
    assert first_hole.plain
    assert np.array_equal(first_hole.hidden, mask > 0)
    assert [(run.start_frame, run.duration_frames) for run in done.take.made_ranges] == [(20, 10)]
    assert any("A cut lies at frame 24" in note for note in done.take.notes)


@pytest.mark.parametrize("skips", [False, True])
def test_a_backend_that_does_not_make_what_was_wanted_is_found_out(  # noqa: PLR0917
    scene, mask_video, fill, use, out, skips
):
    use(Spoilt(skips=skips))
    with pytest.raises((RuntimeError, ValueError)):
        fill(scene.path, mask_video(scene.masks))
    assert files(out) == []


@pytest.mark.parametrize(
    "phase", ["reading", "reading the mask", "measuring", "making (uncover)", "finishing"]
)
def test_cancelling_leaves_nothing_whenever_it_comes(scene, mask_video, ask, out, phase):
    cancel = CancelToken()
    matte = out.with_name("matte.mkv")
    spec = ask(scene.path, mask_video(scene.masks), matte_path=matte)
    later = 0
    with pytest.raises(Cancelled):
        for answer in run(spec, job_id="job", cancel=cancel):
            later += cancel.cancelled
            if isinstance(answer, Progress) and answer.phase == phase:
                cancel.cancel()
    assert later <= 1
    assert cancel.cancelled, "the phase never came"
    assert files(out) == []


def test_nothing_bears_its_name_before_all_is_whole(scene, mask_video, ask, out):
    matte = out.with_name("matte.mkv")
    spec = ask(scene.path, mask_video(scene.masks), matte_path=matte)
    for answer in run(spec, job_id="job", cancel=CancelToken()):
        if isinstance(answer, Progress):
            assert not {"out.mkv", "matte.mkv"} & set(files(out))
        else:
            assert isinstance(answer, Take)
    assert files(out) == ["matte.mkv", "out.mkv"]


def test_replacing_by_a_prompt_says_what_it_would_take(scene, mask_video, fill, out):
    with pytest.raises(NotPossible, match=r"needs a video model.*leave --prompt out"):
        fill(scene.path, mask_video(scene.masks), guidance=Guidance(prompt="a red balloon"))
    with pytest.raises(WrongCall, match='No model "wan" can inpaint here'):
        fill(scene.path, mask_video(scene.masks), model="wan")
    assert files(out) == []


def test_what_it_would_cost(scene, mask_video, ask, out):
    masks = mask_video(scene.masks)
    reckoned = estimate(ask(scene.path, masks))
    assert (reckoned.model, reckoned.new_frames, reckoned.total_frames) == ("uncover", 12, 12)
    assert 0 < reckoned.seconds < 120
    assert 200_000_000 < reckoned.memory_bytes < 2_000_000_000
    with pytest.raises(BadInput, match="has 3 pictures"):
        estimate(ask(scene.path, mask_video(scene.masks[:3], "short")))
    assert files(out) == []


def test_dust_is_found_and_goes(write, fill, unchanged):
    format = format_of("gray", 160, 96)
    pictures = [textured(format, 2 * number, 0) for number in range(12)]
    spoilt = []
    spots = np.zeros((12, 96, 160), np.uint8)
    for number, picture in enumerate(pictures):
        luma = picture.luma.copy()
        if number in (4, 7):
            spot = np.s_[30 + number : 36 + number, 50:57]
            luma[spot] = 255
            spots[number][spot] = 255
        spoilt.append(Picture((luma,), format))
    done = fill(write(spoilt), defects=("dust",))
    assert {run.start_frame for run in done.take.made_ranges} >= {4, 7}
    made = done.pictures()
    for number in (4, 7):
        hidden = spots[number] > 0
        assert not (made[number].luma[hidden] == 255).any()
        unchanged(made[number], spoilt[number], cv2.dilate(spots[number], np.ones((21, 21))))
    with pytest.raises(BadInput, match=r"No dust was found.*give a mask of what you see\."):
        fill(write(pictures, "clean"), defects=("dust",))


def test_a_logo_is_found_over_a_moving_picture_and_goes(write, fill, unchanged):
    format = format_of("gray", 160, 96)
    spoilt, plain = [], []
    mask = np.zeros((96, 160), np.uint8)
    cv2.putText(mask, "TV", (112, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 255, 2)
    for number in range(30):
        picture = textured(format, 3 * number, 0)
        luma = picture.luma.copy()
        luma[mask > 0] = 255
        plain.append(picture)
        spoilt.append(Picture((luma,), format))
    done = fill(write(spoilt), defects=("logo",))
    assert [run.duration_frames for run in done.take.made_ranges] == [30]
    for made, own in zip(done.pictures(), spoilt, strict=True):
        unchanged(made, own, cv2.dilate(mask, np.ones((25, 25))))
        assert (made.luma[mask > 0] == 255).mean() < 0.2
    with pytest.raises(BadInput, match=r"No logo or title was found.*draw it with --box"):
        fill(write(plain, "clean"), defects=("logo",))
