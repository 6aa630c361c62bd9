"""`longtake takes`, on timelines that Longtake itself wrote."""

import json
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2, model_pb2
from longtake_bridge.testing import FakeEngine, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24.0
BUILT_IN = ("glide", "motion", "loop")


def _range(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def _media(path: Path, frames: int) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream])


def _make(fake: FakeEngine, spec: job_pb2.JobSpec, models: tuple[str, ...]) -> list[job_pb2.Take]:
    """The takes that the engine would make, each a file."""
    takes = []
    for number in range(min(max(1, spec.take_count), len(models))):
        path = Path(spec.output.path)
        path = path if number == 0 else path.with_stem(f"{path.stem}-{number + 1}")
        if spec.HasField("extend"):
            frames, start = spec.extend.tail.frames, 100
        else:
            frames, start = spec.inpaint.output_range.duration_frames, 0
        take = example_take(path, source=0, tail=frames)
        take.start_frame = start or spec.inpaint.output_range.start_frame
        take.model = models[number] if spec.model in ("", "auto") else spec.model
        take.score.confidence = 0.9 - 0.1 * number
        take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
        fake.media[str(path)] = _media(path, frames)
        path.touch()
        takes.append(take)
    return takes


@pytest.fixture
def edit(tmp_path: Path, fake: FakeEngine) -> Path:
    """A, and then nothing for a long time."""
    a = tmp_path / "a.mov"
    fake.media[str(a)] = _media(a, 100)
    reference = otio.schema.ExternalReference(a.as_uri(), _range(0, 100))
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    track.append(otio.schema.Clip("A", reference, _range(0, 100)))
    timeline = otio.schema.Timeline("edit", global_start_time=RationalTime(0, RATE))
    timeline.tracks.append(track)
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(timeline, str(path))
    fake.models = tuple(
        model_pb2.Model(name=name, takes_prompt=False, tasks=[model_pb2.TASK_EXTEND])
        for name in BUILT_IN
    )
    fake.script = Script(make=lambda spec: _make(fake, spec, BUILT_IN))
    return path


@pytest.fixture
def longer(edit: Path, longtake) -> Path:
    """A with two seconds after it, in two takes."""
    out = edit.with_name("longer.otio")
    answer = longtake("extend", edit, "--clip", "A", "--tail", "2s", "--takes", "2", "-o", out)
    assert answer.code == 0, answer.err
    return out


@pytest.fixture
def emptied(edit: Path, longtake) -> Path:
    """A with something removed from it."""
    out = edit.with_name("emptied.otio")
    answer = longtake("inpaint", edit, "--clip", "A", "--box", "1,2,3,4", "-o", out)
    assert answer.code == 0, answer.err
    return out


def _listed(longtake, path: Path) -> list[dict]:
    answer = longtake("takes", path, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)["edits"]


def _made(path: Path) -> otio.schema.Clip:
    timeline = otio.adapters.read_from_file(str(path))
    return next(clip for clip in timeline.find_clips() if "longtake" in clip.metadata)


def test_every_take_is_listed_with_how_sure_it_is(longer: Path, longtake) -> None:
    (edit,) = _listed(longtake, longer)
    assert (edit["clip"], edit["place"], edit["task"]) == (
        "A (extended)",
        "V1@00:00:04:04",
        "extend",
    )
    assert edit["active"] == 1 and not edit["original"]
    assert [take["model"] for take in edit["takes"]] == ["glide", "motion"]
    assert [take["confidence"] for take in edit["takes"]] == pytest.approx([0.9, 0.8])
    assert all(Path(take["media"]).exists() for take in edit["takes"])
    shown = longtake("takes", longer).out
    assert "> take 1: glide, confidence 0.90" in shown
    assert "  take 2: motion" in shown


def test_a_model_that_was_not_tried_is_said_to_be_so(
    edit: Path, fake: FakeEngine, longtake
) -> None:
    def untried(spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
        takes = _make(fake, spec, BUILT_IN)
        for take in takes:
            take.score.Clear()
        return takes

    fake.script = Script(make=untried)
    out = edit.with_name("longer.otio")
    answer = longtake("extend", edit, "--clip", "A", "--tail", "2s", "-o", out, "--json")
    assert set(json.loads(answer.out)["takes"][0]["score"].values()) == {None}
    (listed,) = _listed(longtake, out)
    assert listed["takes"][0]["confidence"] is None
    assert "> take 1: glide, not tried on the clip: " in longtake("takes", out).out


def test_another_take_is_shown_and_the_timeline_before_stays(longer: Path, longtake) -> None:
    before, out = longer.read_bytes(), longer.with_name("second.otio")
    answer = longtake("takes", longer, "--choose", "2", "-o", out)
    assert answer.code == 0, answer.err
    assert longer.read_bytes() == before
    (edit,) = _listed(longtake, out)
    assert edit["active"] == 2
    clip, was = _made(out), _made(longer)
    assert clip.media_reference.target_url == was.media_references()["take 2"].target_url
    assert clip.media_references()["take 1"].target_url == was.media_reference.target_url
    assert clip.source_range == was.source_range
    assert "Longtake: motion, 48 frames" in [marker.name for marker in clip.markers]
    back = longer.with_name("first.otio")
    assert longtake("takes", out, "--choose", "1", "-o", back).code == 0
    again = _made(back)
    assert again.media_reference.target_url == was.media_reference.target_url
    assert [marker.name for marker in again.markers] == [marker.name for marker in was.markers]


def test_what_a_clip_showed_before_can_be_shown_again(emptied: Path, longtake) -> None:
    (edit,) = _listed(longtake, emptied)
    assert edit["original"] and edit["active"] == 1
    out = emptied.with_name("back.otio")
    assert longtake("takes", emptied, "--choose", "original", "-o", out).code == 0
    clip = _made(out)
    assert clip.media_reference.target_url.endswith("a.mov")
    assert clip.source_range == _range(0, 100)
    (edit,) = _listed(longtake, out)
    assert edit["active"] == "original"
    once_more = emptied.with_name("more.otio")
    assert longtake("takes", out, "--choose", "1", "-o", once_more).code == 0
    assert _made(once_more).source_range == _made(emptied).source_range


def test_again_takes_a_model_that_was_not_used(longer: Path, fake, longtake) -> None:
    out = longer.with_name("again.otio")
    answer = longtake("takes", longer, "--again", "-o", out, "--json")
    assert answer.code == 0, answer.err
    (take,) = json.loads(answer.out)["takes"]
    assert take["model"] == "loop"
    spec = fake.specs[-1]
    assert (spec.model, spec.take_count, spec.guidance.seed) == ("auto", 3, 0)
    assert spec.extend == fake.specs[0].extend
    (edit,) = _listed(longtake, out)
    assert edit["active"] == 3
    assert [one["model"] for one in edit["takes"]] == ["glide", "motion", "loop"]
    left = sorted(path.name for path in (longer.parent / "again Media").iterdir())
    assert left == [Path(take["media"]).name]  # what is on no timeline is not left behind


def test_again_asks_a_model_that_hears_a_seed_for_another_one(longer: Path, fake, longtake) -> None:
    fake.models = (model_pb2.Model(name="glide", takes_prompt=True),)
    out = longer.with_name("again.otio")
    for arguments, seeds in ((["--seed", "7"], range(7, 8)), ([], range(1, 2**31))):
        answer = longtake("takes", longer, "--again", *arguments, "--force", "-o", out)
        assert answer.code == 0, answer.err
        spec = fake.specs[-1]
        assert (spec.model, spec.take_count) == ("glide", 1)
        assert spec.guidance.seed in seeds
    (edit,) = _listed(longtake, out)
    assert edit["takes"][2]["seed"] == spec.guidance.seed


def test_where_nothing_else_could_make_it_nothing_is_written(longer: Path, fake, longtake) -> None:
    fake.script = Script(make=lambda spec: _make(fake, spec, BUILT_IN[:2]))
    out = longer.with_name("again.otio")
    answer = longtake("takes", longer, "--again", "-o", out)
    assert answer.code == 4
    assert 'Nothing else here makes "A (extended)" anew' in answer.err
    assert not out.exists()
    assert not (longer.parent / "again Media").exists() or not list(
        (longer.parent / "again Media").iterdir()
    )


def test_a_sheet_has_a_row_a_take(longer: Path, fake, longtake, tmp_path: Path) -> None:
    png = tmp_path / "sheet.png"
    answer = longtake("takes", longer, "--sheet", png)
    assert answer.code == 0, answer.err
    assert png.read_bytes() == b"a sheet"
    (request,) = fake.sheets
    assert [list(row.frames) for row in request.rows] == [[0, 7, 15, 23, 31, 39, 47]] * 2
    assert [row.marked for row in request.rows] == [True, False]
    assert request.rows[1].label == ("A (extended) V1@00:00:04:04: take 2, motion, confidence 0.80")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--choose", "3"], 2, "has no take 3; there are 1 to 2"),
        (["--choose", "none"], 2, '--choose "none" is no take'),
        (["--choose", "original"], 2, "was made where nothing was before"),
        (["--choose", "1", "--again"], 2, "give one of them"),
        (["--seed", "3"], 2, "add --again"),
        (["--clip", "B"], 2, 'Nothing made is called "B"'),
    ],
)
def test_what_cannot_be_is_said(longer: Path, longtake, arguments, code, words) -> None:
    answer = longtake("takes", longer, *arguments)
    assert answer.code == code
    assert words in answer.err


def test_a_timeline_that_longtake_made_nothing_on(edit: Path, longtake) -> None:
    answer = longtake("takes", edit)
    assert answer.code == 2
    assert "Nothing on edit.otio was made by Longtake" in answer.err
