"""Gaps filled in timelines of every format: prepared, finished with takes, written, read back."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.api import Target
from longtake_bridge.timeline.choice import Choice
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.fill import FinishedFill, PreparedFill, finish_fill, prepare_fill
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.screen import on_screen

RATES = [Fraction(25), Fraction(24000, 1001)]
REQUEST = {"task": "fill", "join": "auto"}
FILES = {"A": 60, "B": 60, "C": 200}  # frames of each
# A to its end, 30 of gap, B ten frames in, 20 of gap, C: B's tail and C's head meet in the middle
FILLED = [
    *((("A", n)) for n in range(60)),
    *((("made", n)) for n in range(20)),
    *((("B", n)) for n in range(50)),
    *((("B", n)) for n in range(50, 60)),
    *((("C", n)) for n in range(90, 140)),
]


@pytest.fixture
def write(edit_at: Any, tmp_path: Path, probe: Any) -> Any:
    """Writes the timeline with sound in step, in any format."""

    def write(rate: Fraction, suffix: str) -> Path:
        probe.rate, probe.frames = rate, FILES
        folder = tmp_path / "footage"
        folder.mkdir(exist_ok=True)
        edit = edit_at(rate, folder, 3600 * round(rate))

        def lane(build: Any, name: str) -> Any:
            clips = []
            for clip, start, frames, gap in (
                ("A", 0, 60, 30),
                ("B", 10, 40, 20),
                ("C", 100, 40, 0),
            ):
                (folder / f"{clip}.mov").write_bytes(clip.encode())
                clips.append(edit.clip(clip, start, frames, available=(0, FILES[clip])))
                clips += [edit.gap(gap)] * bool(gap)
            return build(*clips, name=name)

        timeline = edit.timeline(lane(edit.video, "Video 1"), lane(edit.audio, "Audio 1"))
        first = tmp_path / "in.otio"
        otio.adapters.write_to_file(timeline, str(first))
        if suffix == ".otio":
            return first
        path = tmp_path / f"in{suffix}"
        TimelineDocument.open(first).save(path)
        return path

    return write


def prepare(path: Path, out: Path, probe: Any, **asked: Any) -> PreparedFill:
    return prepare_fill(path, Choice(**asked), target=Target(out), request=REQUEST, probe=probe)


def finish(prepared: PreparedFill, rate: Fraction) -> FinishedFill:
    takes = {}
    for work in prepared.to_make:
        work.output_path.parent.mkdir(exist_ok=True)
        work.output_path.write_bytes(b"frames")
        facts = MediaFacts(work.output_path, rate, work.frames, 0, not work.no_audio)
        takes[work.number] = [MadeTake(facts, 60, "morph", {"confidence": 0.7})]
    return finish_fill(prepared, takes)


def screen(path: Path, kind: str, rate: Fraction, frames: int) -> list[tuple[str, int] | None]:
    """File and source frame that the first track of a kind shows at each record frame."""
    document = TimelineDocument.open(path, rate=rate if path.suffix == ".edl" else None)
    assert document.rate == rate
    track = next(track for track in document.timeline.tracks if track.kind == kind)
    found: list[tuple[str, int] | None] = []
    for frame in range(frames):
        shown = on_screen(track, frame, rate)
        assert shown is not None, frame
        source = shown[1] * rate
        assert source.denominator == 1
        stem = document.locate(shown[0]).stem
        found.append(("made" if "_filled_" in stem else stem, int(source)))
    return found


@pytest.mark.parametrize("suffix", [".otio", ".otioz", ".otiod", ".xml", ".fcpxml", ".aaf", ".edl"])
@pytest.mark.parametrize("rate", RATES, ids=str)
def test_there_and_back(
    write: Any, tmp_path: Path, probe: Any, rate: Fraction, suffix: str
) -> None:
    path = write(rate, suffix)
    done = finish(prepare(path, tmp_path / f"out{suffix}", probe), rate)
    assert len(done.placements) == 2
    assert screen(done.timeline_path, "Video", rate, len(FILLED)) == FILLED
    if suffix != ".edl":  # holds pictures alone
        assert screen(done.timeline_path, "Audio", rate, len(FILLED)) == FILLED


def test_each_gap_has_its_own_file_and_the_same_one_again(
    write: Any, tmp_path: Path, probe: Any
) -> None:
    path = write(RATES[0], ".otio")
    first = prepare(path, tmp_path / "out.otio", probe).to_make[0].output_path
    again = prepare(path, tmp_path / "out.otio", probe, numbers=(1,)).to_make[0].output_path
    assert first == again
    assert first.parent == tmp_path / "out Media"
    assert first.name.startswith("A_to_B_filled_")
    other = prepare_fill(
        path,
        Choice(),
        target=Target(tmp_path / "out.otio"),
        request=REQUEST | {"join": "cut"},
        probe=probe,
    )
    assert other.to_make[0].output_path != first


def test_real_frames_alone_are_remembered_by_the_timeline(
    write: Any, tmp_path: Path, probe: Any
) -> None:
    path = write(RATES[0], ".otio")
    done = finish(prepare(path, tmp_path / "out.otio", probe, numbers=(2,)), RATES[0])
    timeline = TimelineDocument.open(done.timeline_path).timeline
    said = timeline.metadata["longtake"]
    (only,) = said["filled"]
    assert [(trim["side"], trim["frames"]) for trim in only["trims"]] == [
        *(("tail", 10), ("head", 10)),
    ]
    assert [list(span) for span in only["request"]["shown"]] == [[10, 50], [90, 50]]


def test_a_piece_too_short_is_said_and_nothing_is_written(
    write: Any, tmp_path: Path, probe: Any
) -> None:
    prepared = prepare(write(RATES[0], ".otio"), tmp_path / "out.otio", probe)
    (work,) = prepared.to_make
    facts = MediaFacts(work.output_path, RATES[0], work.frames - 1)
    with pytest.raises(BridgeError, match="holds 19 frames where 20 were asked for"):
        finish_fill(prepared, {work.number: [MadeTake(facts, 60, "morph", {})]})
    assert not (tmp_path / "out.otio").exists()
