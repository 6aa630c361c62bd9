"""What a session answers: what can be done, what it would cost, pictures, timeline files."""

from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, model_pb2
from longtake_bridge.host.testing_talk import HELLO, PROGRESS, TalkHere, made, start
from longtake_bridge.testing import FakeEngine, Fault, Script


def test_what_the_engine_can_do_decides_what_is_shown(
    talk_here: TalkHere, fake: FakeEngine
) -> None:
    fake.models = (
        model_pb2.Model(name="motion", tasks=[model_pb2.TASK_EXTEND], takes_prompt=True),
        model_pb2.Model(name="between", tasks=[model_pb2.TASK_INTERPOLATE]),
        model_pb2.Model(name="fill", tasks=[model_pb2.TASK_INPAINT]),
    )
    talk_here.say(HELLO, {"type": "capabilities", "id": "c"}, {"type": "models", "id": "m"})
    both = [talk_here.hear("capabilities", "models") for _ in range(2)]
    answers = {answer["id"]: answer for answer in both}
    available = {task["name"]: task["available"] for task in answers["c"]["tasks"]}
    assert available == {
        "extend": True,
        "fill_gap": True,
        "smooth_jump_cut": True,
        "slow_motion": True,
        "remove": True,
        "outpaint": False,
        "animate": False,
        "generate": False,
    }
    assert answers["c"]["takes_prompt"] is True
    assert [model["name"] for model in answers["m"]["models"]] == ["motion", "between", "fill"]


def test_an_estimate_makes_nothing(talk_here: TalkHere, fake: FakeEngine, clip: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(seconds=3.5, disk_bytes=1000, disk_free_bytes=5000)
    before = set(clip.parent.iterdir())
    talk_here.say(HELLO, start(clip) | {"type": "estimate"})
    answer = talk_here.hear("estimate", "error")
    assert (answer["new_frames"], answer["seconds"], answer["disk_bytes"]) == (12, 3.5, 1000)
    assert set(clip.parent.iterdir()) == before
    assert fake.states() == []


@pytest.mark.parametrize("way", ["path", "base64", "none"])
def test_previews(way: str, talk_here: TalkHere, fake: FakeEngine, clip: Path) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    talk_here.say(HELLO | {"preview": way}, start(clip))
    answer = talk_here.hear("progress")
    while answer["phase"] != "making":
        answer = talk_here.hear("progress")
    path, text = answer["preview_path"], answer["preview_base64"]
    assert (path is not None, text is not None) == (way == "path", way == "base64")
    if way == "base64":
        assert text == "/w=="
    if way == "path":
        assert Path(path).read_bytes() == b"\xff"
        talk_here.close()
        assert not Path(path).parent.exists()


def test_a_timeline_file_will_do_too(
    talk_here: TalkHere, fake: FakeEngine, clip: Path, tmp_path: Path
) -> None:
    time_range = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(50, 25)
    )
    reference = otio.schema.ExternalReference(clip.as_uri(), time_range)
    timeline = otio.schema.Timeline("cut")
    timeline.tracks.append(
        otio.schema.Track("V1", [otio.schema.Clip("shot", reference, time_range)])
    )
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    fake.script = Script(takes=(made(clip),))
    context = {"timeline": str(tmp_path / "cut.otio"), "clip_name": "shot"}
    talk_here.say(HELLO, start(clip) | {"context": context})
    answer = talk_here.hear("result", "error")
    assert answer["type"] == "result", answer
    assert answer["timeline"] == str(tmp_path / "cut (extended).otio")
    assert answer["changes"] == []
    assert len(answer["placements"]) == 1


def test_gaps_of_a_timeline_file_that_fail_are_told(
    talk_here: TalkHere, fake: FakeEngine, clip: Path, tmp_path: Path
) -> None:
    whole = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(50, 25)
    )
    gap = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(12, 25)
    )
    clips = [
        otio.schema.Clip(name, otio.schema.ExternalReference(clip.as_uri(), whole), whole)
        for name in ("one", "two", "three")
    ]
    timeline = otio.schema.Timeline("cut")
    lane = [clips[0], otio.schema.Gap(source_range=gap), clips[1]]
    lane += [otio.schema.Gap(source_range=gap), clips[2]]
    timeline.tracks.append(otio.schema.Track("V1", lane))
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    faults = iter([None, Fault("The second one is too dark.", "BAD_INPUT", 9)])
    fake.script = Script(fail=lambda spec: next(faults), takes=(made(clip),))
    context = {"timeline": str(tmp_path / "cut.otio")}
    talk_here.say(HELLO, {"type": "start", "id": "f", "task": "fill_gap", "context": context})
    answer = talk_here.hear("result", "error")
    assert answer["type"] == "result", answer
    assert answer["timeline"] == str(tmp_path / "cut (filled).otio")
    assert len(answer["placements"]) == 1
    assert any("The second one is too dark." in note for note in answer["notes"])
