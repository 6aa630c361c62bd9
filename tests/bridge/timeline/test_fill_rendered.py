"""Gaps of five kinds filled by the real engine, read back, and rendered by melt frame by frame.

melt reads a project that is written here from the new timeline's OTIO, so that nothing of
Longtake's own decides what it shows; and one that Longtake itself has edited.
"""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import av
import numpy as np
import opentimelineio as otio
import pytest
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home
from longtake_engine.media.color import color_numbers
from longtake_engine.media.convert import to_frame
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Color, Picture
from longtake_engine.testing.barcode import numbered_picture, read_number
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Timeline, Track

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(shutil.which("melt") is None, reason="melt is not installed"),
]

RATE = 25
SIZE = (160, 96)
# file: its first number, its frames, which of the looks below it has
FILES = {
    "a": (100, 60, 0),
    "b": (300, 50, 1),
    "c": (500, 40, 2),
    "d": (552, 40, 2),  # the same shot as c, 12 frames later
    "e": (900, 40, 3),
    "f": (1200, 40, 0),
    "x": (1500, 60, 1),
}
TURNED = 3  # the look that has its number at the bottom: two numbers alike would make two shots one
# What lies on V1: file, first frame, frames; a gap of some frames.
LANE = (
    *(10, ("a", 10, 30), 20, ("b", 15, 30), 15, ("c", 4, 36), 12, ("d", 0, 40), 14),
    *(("e", 0, 40), 20, ("f", 0, 20), 8),
)
COVER = (247, ("x", 0, 20))  # on V2, over the gap before f
LENGTH = 295  # frames of it
BLACK, MADE = "black", "made"
EXPECTED: list[int | str] = [
    *[BLACK] * 10,
    *range(110, 150),  # ten more of a
    *range(305, 350),  # ten before b's head, five past its tail
    *[MADE] * 6,
    *range(500, 540),
    *[MADE] * 12,
    *range(552, 592),
    *[MADE] * 14,
    *range(900, 940),
    *range(1500, 1520),
    *range(1200, 1220),
    *[BLACK] * 8,
]


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """The timeline before anything is filled."""
    for name, (first, frames, look) in FILES.items():
        _write_clip(tmp_path / f"{name}.mkv", first, frames, look)
    timeline = Timeline("five kinds")
    upper = Track("V2", [_gap(COVER[0]), _clip(tmp_path, *COVER[1])], kind="Video")
    for name, kind in (("V1", "Video"), ("A1", "Audio")):
        items = [_gap(x) if isinstance(x, int) else _clip(tmp_path, *x) for x in LANE]
        timeline.tracks.append(Track(name, items, kind=kind))
        if kind == "Video":
            timeline.tracks.append(upper)
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def test_five_kinds_of_gaps(engine_home: Home, cut: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "filled.otio"
    value = _fill(cut, out, capsys)
    kinds = ["Joined by a morph" in " ".join(take["notes"]) for take in value["takes"]]
    assert kinds[1:] == [True, False]  # one shot with a hole in it, two different ones
    timeline = otio.adapters.read_from_file(str(out))
    assert isinstance(timeline, Timeline)
    assert timeline.duration() == otio.adapters.read_from_file(str(cut)).duration()
    project = tmp_path / "project.mlt"
    ET.ElementTree(_project(timeline, tmp_path)).write(project)
    _check(_melt(project), value["takes"])


def test_in_a_project_that_melt_reads_itself(
    engine_home: Home, cut: Path, tmp_path: Path, capsys
) -> None:
    timeline = otio.adapters.read_from_file(str(cut))
    assert isinstance(timeline, Timeline)
    project, out = tmp_path / "cut.mlt", tmp_path / "filled.mlt"
    ET.ElementTree(_project(timeline, tmp_path)).write(project)
    value = _fill(project, out, capsys)
    _check(_melt(out), value["takes"])


def test_a_jump_cut(engine_home: Home, tmp_path: Path, capsys) -> None:
    first, frames, look = FILES["c"]
    _write_clip(tmp_path / "c.mkv", first, frames, look)
    timeline = Timeline("jump")
    for kind in ("Video", "Audio"):
        clips = [_clip(tmp_path, "c", 0, 16), _clip(tmp_path, "c", 24, 16)]
        timeline.tracks.append(Track(kind, clips, kind=kind))
    cut, out = tmp_path / "cut.otio", tmp_path / "filled.otio"
    otio.adapters.write_to_file(timeline, str(cut))
    words = ["fill", cut, "--jump-cuts", "-o", out, "--json", "--quality", "draft"]
    assert run([str(word) for word in words]) == 0
    takes = json.loads(capsys.readouterr().out)["takes"]
    filled = otio.adapters.read_from_file(str(out))
    assert isinstance(filled, Timeline)
    assert filled.tracks[1].is_equivalent_to(timeline.tracks[1])  # the original sound
    project = tmp_path / "project.mlt"
    ET.ElementTree(_project(filled, tmp_path)).write(project)
    pictures = list(VideoReader(probe(_melt(project, 32))).frames())
    _compare(pictures, [*range(500, 512), *[MADE] * 8, *range(528, 540)], takes)


def _fill(path: Path, out: Path, capsys) -> dict:
    assert run(["fill", str(path), "-o", str(out), "--json", "--quality", "draft"]) == 0
    value = json.loads(capsys.readouterr().out)
    left = [gap["left_alone"] or "" for gap in value["gaps"]]
    assert [bool(why) for why in left] == [True, *[False] * 4, *[True] * (len(left) - 5)]
    assert left[5].endswith("lies over it on V2")
    counts = [gap["plan"]["make_frames"] for gap in value["gaps"] if gap["plan"]]
    assert counts == [0, 6, 12, 14]
    assert len(value["placements"]) == 4
    return value


def _check(rendered: Path, takes: list[dict]) -> None:
    """Every frame is the one that it should be."""
    pictures = list(VideoReader(probe(rendered)).frames())
    _compare(pictures, EXPECTED, takes)
    _check_sound(rendered)


def _compare(pictures: list[Picture], expected: list[int | str], takes: list[dict]) -> None:
    assert len(pictures) == len(expected)
    made = _made_pictures(takes)
    for frame, (picture, wanted) in enumerate(zip(pictures, expected, strict=True)):
        if wanted == BLACK:
            assert picture.luma.max() <= 17, frame
        elif wanted == MADE:
            assert _difference(picture, next(made)) < 0.5, frame
        else:
            upright = _upright(picture) if 900 <= int(wanted) < 1000 else picture
            assert read_number(upright) == wanted, frame
    assert next(made, None) is None


def _upright(picture: Picture) -> Picture:
    return Picture(tuple(plane[::-1] for plane in picture.planes), picture.format)


def _made_pictures(takes: list[dict]) -> Iterator[Picture]:
    for take in takes:
        yield from VideoReader(probe(Path(take["media"]))).frames()


def _difference(picture: Picture, made: Picture) -> float:
    """Mean difference of the lumas, 8 bits; frames that follow each other differ by 1.6 or more."""
    luma = made.luma.astype(float) / (1 << (made.format.bit_depth - 8))
    return float(np.abs(picture.luma - luma).mean())


def _check_sound(rendered: Path) -> None:
    """Real sound goes on under real frames, and black is silent."""
    loud = _loudness(rendered)
    for frames, sounds in (
        (range(2, 8), False),  # black
        (range(42, 93), True),  # a, its handle, b's and b
        (range(102, 138), True),  # c from its handle on
        (range(210, 245), True),  # e
        (range(249, 265), False),  # the gap under x, whose own sound lies nowhere
        (range(269, 285), True),  # f
    ):
        for frame in frames:
            assert (loud[frame] > 0.05) == sounds, frame


def _loudness(path: Path) -> list[float]:
    """Root mean square of the samples under each frame."""
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].rate
        samples = np.concatenate([block.reshape(-1) for block in blocks]).astype(float) / 32768
    channels = 2
    each = channels * rate // RATE
    return [
        float(np.sqrt((samples[at : at + each] ** 2).mean()))
        for at in range(0, len(samples) - each + 1, each)
    ]


def _range(start: int, frames: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(frames, RATE))


def _gap(frames: int) -> Gap:
    return Gap(source_range=_range(0, frames))


def _clip(folder: Path, name: str, start: int, frames: int) -> Clip:
    reference = ExternalReference((folder / f"{name}.mkv").as_uri(), _range(0, FILES[name][1]))
    return Clip(name, reference, _range(start, frames))


def _write_clip(path: Path, first: int, frames: int, look: int) -> None:
    """Numbered pictures; below the number one of four looks, so that shots differ."""
    color = Color("tv", "bt709", "bt709", "bt709")
    format, tags = describe("yuv420p", *SIZE, color), color_numbers(color)
    with av.open(str(path), "w") as container:
        video = container.add_stream("ffv1", rate=RATE)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        context = video.codec_context
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = tags
        sound = container.add_stream("pcm_s16le", rate=48000, layout="stereo")
        for number in range(first, first + frames):
            picture = numbered_picture(format, number)
            luma = picture.luma.copy()
            scene = luma[SIZE[1] // 4 :]
            tiles = np.roll(_tiles(*scene.shape), 2 * number, axis=1)
            scene[:] = (scene, 255 - scene, scene[::-1] // 2 + 16, tiles)[look]
            luma = np.ascontiguousarray(luma[::-1]) if look == TURNED else luma
            planes = (luma, *picture.planes[1:])
            frame = to_frame(Picture(planes, format), "yuv420p", full_range=False)
            container.mux(video.encode(frame))
            container.mux(sound.encode(_tone(number, look)))
        container.mux([*video.encode(None), *sound.encode(None)])


def _tiles(height: int, width: int) -> np.ndarray:
    """A picture that has nothing in common with the others."""
    dice = np.random.default_rng(3)
    return np.kron(dice.integers(150, 235, (height // 4, width // 4)), np.ones((4, 4))).astype("u1")


def _tone(number: int, look: int) -> av.AudioFrame:
    each = 48000 // RATE
    at = (np.arange(each) + number * each) / 48000
    wave = (8000 * np.sin(2 * np.pi * (180 + 60 * look) * at)).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None], "s16", "stereo")
    frame.sample_rate = 48000
    return frame


def _melt(project: Path, length: int = LENGTH) -> Path:
    """What melt makes of a project: lossless pictures and plain samples."""
    out = project.with_name("rendered.mkv")
    subprocess.run(
        [
            *("melt", project, f"out={length - 1}", "-consumer", f"avformat:{out}"),
            *("vcodec=ffv1", "pix_fmt=yuv420p", "acodec=pcm_s16le"),
            *("real_time=-1", "terminate_on_pause=1", "-silent"),
        ],
        check=True,
        timeout=120,
        capture_output=True,
    )
    return out


def _project(timeline: Timeline, folder: Path) -> ET.Element:
    """The tracks of a timeline as Shotcut writes them: over a black one, all sounds together."""
    root = ET.Element("mlt")
    width, height = (str(side) for side in SIZE)
    ET.SubElement(
        root,
        "profile",
        *({"width": width, "height": height, "frame_rate_num": str(RATE), "frame_rate_den": "1"},),
        progressive="1",
        sample_aspect_num="1",
        sample_aspect_den="1",
        display_aspect_num=width,
        display_aspect_den=height,
        colorspace="709",
    )
    in_bin = ET.SubElement(root, "playlist", id="main_bin")
    ET.SubElement(in_bin, "property", name="xml_retain").text = "1"
    length = round(timeline.duration().value)
    black = _producer(root, "black", "color:black", length)
    lanes = [(black, "")]
    for number, track in enumerate(timeline.tracks):
        lane = ET.Element("playlist", id=f"lane{number}")
        kind = "shotcut:video" if track.kind == "Video" else "shotcut:audio"
        ET.SubElement(lane, "property", name=kind).text = "1"
        for item in track:
            _enter(root, lane, item, folder)
        root.append(lane)
        lanes.append((f"lane{number}", "audio" if track.kind == "Video" else "video"))
    tractor = ET.SubElement(root, "tractor", {"id": "all", "in": "0", "out": str(length - 1)})
    ET.SubElement(tractor, "property", name="shotcut").text = "1"
    for lane, hide in lanes:
        ET.SubElement(tractor, "track", {"producer": lane, **({"hide": hide} if hide else {})})
    for number, track in enumerate(timeline.tracks, start=1):
        kind = {"Video": ("composite", "0/0:100%x100%"), "Audio": ("mix", None)}[track.kind]
        transition = ET.SubElement(tractor, "transition")
        settings = {"mlt_service": kind[0], "a_track": "0", "b_track": str(number)}
        settings |= {"always_active": "1", "sum": "1"}
        settings |= {"geometry": kind[1], "progressive": "1"} if kind[1] else {}
        for name, text in settings.items():
            ET.SubElement(transition, "property", name=name).text = text
    return root


def _enter(root: ET.Element, lane: ET.Element, item: otio.core.Item, folder: Path) -> None:
    frames = round(item.duration().value)
    if isinstance(item, Gap):
        ET.SubElement(lane, "blank", length=str(frames))
        return
    assert isinstance(item, Clip)
    reference = item.media_reference
    path = folder / unquote(urlsplit(reference.target_url).path)
    origin = reference.available_range.start_time
    start = round((item.source_range.start_time - origin).value)
    media_frames = round(reference.available_range.duration.value)
    name = _producer(root, f"producer{len(root)}", str(path), media_frames)
    ET.SubElement(
        lane, "entry", {"producer": name, "in": str(start), "out": str(start + frames - 1)}
    )


def _producer(root: ET.Element, name: str, resource: str, frames: int) -> str:
    producer = ET.SubElement(root, "producer", {"id": name, "in": "0", "out": str(frames - 1)})
    service = "color" if resource.startswith("color:") else "avformat"
    settings = {"resource": resource, "length": str(frames), "mlt_service": service}
    for key, text in settings.items():
        ET.SubElement(producer, "property", name=key).text = text
    return name
