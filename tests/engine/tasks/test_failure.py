"""Whatever goes wrong, nothing is left on the disk, and nothing that lay there is harmed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import BadInput, Cancelled, MissingInput
from longtake_engine.tasks.run import run
from longtake_engine.testing.backend import Repeat
from longtake_engine.work import Guidance, Progress


@dataclass(frozen=True, slots=True)
class Spoilt(Repeat):
    """Repeats a frame, and does something to what it makes of more than `spare` wanted ones.

    Back-tests want `spare` frames at most, so that they pass.
    """

    spoil: Callable[[Iterator[Completed]], Iterator[Completed]] = iter
    spare: int = 12

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        made = Repeat.complete(self, canvas, guidance, cancel)
        return self.spoil(made) if len(canvas.wanted) > self.spare else made


def raises_midway(made: Iterator[Completed]) -> Iterator[Completed]:
    for number, one in enumerate(made):
        if number == 5:
            raise BadInput("This cannot go on.")
        yield one


def stops_early(made: Iterator[Completed]) -> Iterator[Completed]:
    for _ in range(5):
        yield next(made)


def goes_on(made: Iterator[Completed]) -> Iterator[Completed]:
    one = None
    for one in made:
        yield one
    assert one is not None
    yield replace(one, frame=one.frame + 1)


def skips_one(made: Iterator[Completed]) -> Iterator[Completed]:
    return (replace(one, frame=one.frame + (number > 3)) for number, one in enumerate(made))


def files(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


@pytest.mark.parametrize("side", ["head", "tail"])
def test_an_error_midway_leaves_nothing(clip, do, use, out, side):
    use(Spoilt(spoil=raises_midway))
    with pytest.raises(BadInput, match=r"This cannot go on\."):
        do(clip, model="auto", **{side: 20})
    assert files(out) == []


@pytest.mark.parametrize("spoil", [stops_early, goes_on, skips_one])
def test_a_backend_that_does_not_make_what_was_wanted_is_found_out(clip, do, use, out, spoil):
    use(Spoilt(spoil=spoil))
    with pytest.raises((RuntimeError, ValueError)):
        do(clip, model="auto", tail=20)
    assert files(out) == []


def test_an_error_in_the_second_take_leaves_nothing_of_the_first(clip, do, use, out):
    use(Repeat(), Spoilt(color_error=1, spoil=raises_midway))
    with pytest.raises(BadInput):
        do(clip, model="auto", tail=20, take_count=2)
    assert files(out) == []


def test_an_older_file_of_that_name_stays_whole(clip, do, use, out):
    out.write_bytes(b"of yesterday")
    use(Spoilt(spoil=raises_midway))
    with pytest.raises(BadInput):
        do(clip, model="auto", tail=20)
    assert out.read_bytes() == b"of yesterday"
    assert files(out) == ["out.mkv"]


@pytest.mark.parametrize(
    "phase", ["reading", "measuring", "copying", "making (motion)", "finishing"]
)
def test_cancelling_leaves_nothing_whenever_it_comes(clip, extend_spec, out, phase):
    cancel = CancelToken()
    answers = run(extend_spec(clip, tail=6), job_id="job", cancel=cancel)
    later = 0
    with pytest.raises(Cancelled):
        for answer in answers:
            later += cancel.cancelled
            if isinstance(answer, Progress) and answer.phase == phase:
                cancel.cancel()
    assert later == 0
    assert cancel.cancelled, "the phase never came"
    assert files(out) == []


def test_giving_up_midway_leaves_nothing(clip, extend_spec, out):
    answers = run(extend_spec(clip, tail=6), job_id="job", cancel=CancelToken())
    for answer in answers:
        if isinstance(answer, Progress) and answer.done_frames == 3:
            assert files(out) == [".out.job.part.mkv"]
            break
    answers.close()  # pyright: ignore[reportAttributeAccessIssue] # a generator, as told by what it does
    assert files(out) == []


def test_nothing_bears_the_name_before_it_is_whole(clip, extend_spec, out):
    for answer in run(extend_spec(clip, tail=3), job_id="job", cancel=CancelToken()):
        if isinstance(answer, Progress):
            assert not out.exists()
    assert files(out) == ["out.mkv"]


def test_files_that_are_no_clips_say_so(tmp_path, do, out):
    text = tmp_path / "text.mov"
    text.write_text("Dear Sir or Madam")
    with pytest.raises(BadInput, match=r"text\.mov"):
        do(text, tail=2)
    with pytest.raises(MissingInput, match=r"nowhere\.mov"):
        do(tmp_path / "nowhere.mov", tail=2)
    assert files(out) == []
