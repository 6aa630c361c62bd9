import json
from pathlib import Path

from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take


def _make_jobs(longtake, fake: FakeEngine, folder: Path, count: int) -> None:
    for number in range(count):
        fake.script = Script(takes=(example_take(folder / f"{number}.mov"),))
        assert longtake("extend", folder / f"{number}.mov", "--tail", "2s").code == 0


def test_jobs_lists_over_all_pages_newest_first(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    _make_jobs(longtake, fake, tmp_path, 5)
    value = json.loads(longtake("jobs", "--json").out)
    assert [job["job"] for job in value["jobs"]] == ["j5", "j4", "j3", "j2", "j1"]
    assert value["jobs"][0]["state"] == "succeeded"
    assert value["jobs"][0]["takes"][0]["media"] == str(tmp_path / "4.mov")
    table = longtake("jobs").out.splitlines()
    assert table[0].split()[:2] == ["JOB", "STATE"]
    assert table[1].split()[:2] == ["j5", "succeeded"]


def test_jobs_leaves_out_old_ones_unless_asked(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    _make_jobs(longtake, fake, tmp_path, 12)
    assert len(json.loads(longtake("jobs", "--json").out)["jobs"]) == 10
    assert len(json.loads(longtake("jobs", "--all", "--json").out)["jobs"]) == 12


def test_jobs_says_why_one_failed(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(failure=Fault("It is no video.", "BAD_INPUT", 9))
    assert longtake("extend", tmp_path / "a.mov", "--tail", "2s").code == 3
    assert "It is no video." in longtake("jobs").out


def test_no_jobs(fake: FakeEngine, longtake) -> None:
    assert longtake("jobs").out == "No jobs.\n"
    assert longtake("cancel", "--all").out == "Nothing runs or waits.\n"


def test_cancel_wants_one_name_or_all(fake: FakeEngine, longtake) -> None:
    for arguments in ((), ("j1", "--all")):
        answer = longtake("cancel", *arguments)
        assert answer.code == 2
        assert "longtake jobs" in answer.err
    answer = longtake("cancel", "j9")
    assert answer.code == 2
    assert answer.err == "longtake: There is no job j9.\n"


def test_estimate_says_time_memory_and_disk(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(
        model="motion",
        new_frames=60,
        total_frames=243,
        seconds=83,
        memory_bytes=900_000_000,
        disk_bytes=170_000_000,
        disk_free_bytes=2_500_000_000_000,
    )
    clip = tmp_path / "a.mov"
    answer = longtake("estimate", clip, "--tail", "2s")
    assert answer.code == 0
    assert answer.out == (
        "60 new frames by motion, 243 to write: about 1 min 23 s of work, 900 MB of memory, "
        "170 MB on disk (2.5 TB free).\n"
    )
    value = json.loads(longtake("estimate", clip, "--tail", "2s", "--json").out)
    assert value["estimates"][0]["disk_bytes"] == 170_000_000
    assert fake.specs[0].extend.input_path == str(clip)
    assert longtake("estimate", clip, "--tail", "0s").code == 2


def test_probe_says_what_a_file_holds(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    path = str(tmp_path / "a.mov")
    fake.media[path] = media_pb2.MediaInfo(
        path=path,
        container="mov",
        video_streams=[
            media_pb2.VideoStream(
                codec="prores",
                pixel_format="yuv422p10le",
                width=1920,
                height=1080,
                frame_rate=media_pb2.Rational(numerator=24000, denominator=1001),
                frame_count=48,
                color=media_pb2.ColorDescription(range="tv", matrix="bt709"),
                scan_type=media_pb2.SCAN_TYPE_PROGRESSIVE,
            )
        ],
        audio_streams=[
            media_pb2.AudioStream(
                index=1, codec="pcm_s24le", sample_rate=48000, channel_layout="5.1"
            )
        ],
    )
    out = longtake("probe", path).out
    assert "prores yuv422p10le, 1920×1080, 48 frames at 24000/1001 fps" in out
    assert "48000 Hz, 5.1" in out
    value = json.loads(longtake("probe", path, "--json").out)
    (video,) = value["video_streams"]
    assert video["frame_count"] == 48
    assert video["frame_rate"] == "24000/1001"
    assert video["scan_type"] == "progressive"
    assert video["color"]["matrix"] == "bt709"
    assert longtake("probe", tmp_path / "b.mov").code == 3
