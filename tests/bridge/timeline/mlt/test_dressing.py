"""The effects of a clip on the new frames beside it."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.timeline.clip_search import find_clip
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.slow import place_slow, plan_slow
from lxml import etree

PLAIN = {"mlt_service", "kdenlive_id", "shotcut:filter"}
FADE = {"level": "00:00:00.000=1;00:00:00.360=0", "kdenlive_id": "fade_to_black"}


def filter_of(number: int, properties: dict[str, str], **span: str) -> Any:
    made = etree.Element("filter", {"id": f"test{number}", **span})
    for name, text in {"mlt_service": "brightness", **properties}.items():
        etree.SubElement(made, "property", name=name).text = text
    return made


# A lies on playlist4 (its sound on playlist2); its frames 10 to 59 are shown.
def put(path: Path, where: str, *filters: Any) -> None:
    """Effects on what an XPath finds, in place of those that lie there."""
    tree: Any = etree.parse(path)
    for holder in tree.xpath(where):
        for one in holder.findall("filter"):
            holder.remove(one)
        for one in filters:
            holder.append(etree.fromstring(etree.tostring(one)))
    tree.write(path, encoding="utf-8")


def on(path: Path, where: str) -> list[tuple[str | None, str | None, dict[str, str]]]:
    """The effects there: from, to, and how they are set."""
    root: Any = etree.parse(path).getroot()
    found = []
    for one in root.xpath(f"{where}/filter"):
        known = {each.get("name"): each.text or "" for each in one.findall("property")}
        rest = {name: text for name, text in known.items() if name not in PLAIN}
        found.append((one.get("in"), one.get("out"), rest))
    return found


def extended(project: Any, extend: Any, *filters: Any, **asked: Any) -> tuple[Path, list[str]]:
    path = project("interview.kdenlive")
    put(path, "//playlist[@id='playlist4']/entry[@producer='av']", *filters)
    extend.frames = {**extend.frames, "A": 60}
    done = extend(path, "Interview", "out.kdenlive", **(asked or {"tail": 20}))
    return path.with_name("out.kdenlive"), [one for one in done.notes if "ffects" in one]


def made_of(path: Path) -> list[tuple[str | None, str | None, dict[str, str]]]:
    return on(path, "//playlist[@id='playlist4']/entry[starts-with(@producer,'longtake')]")


def test_what_stands_still_is_copied(project: Any, extend: Any) -> None:
    still = filter_of(0, {"level": "0.5"})
    part = filter_of(
        1, {"level": "00:00:00.000=2"}, **{"in": "00:00:01.000", "out": "00:00:02.360"}
    )
    over = filter_of(2, {"level": "9"}, **{"in": "00:00:00.400", "out": "00:00:01.000"})
    out, notes = extended(project, extend, still, part, over)
    assert made_of(out) == [
        (None, None, {"level": "0.5"}),
        ("00:00:00.000", "00:00:00.760", {"level": "00:00:00.000=2"}),
    ]
    assert notes == []
    numbers = [one.get("id") for one in etree.parse(out).getroot().iter("filter")]
    assert len(set(numbers)) == len(numbers)


def test_what_moves_stands_as_it_is_at_the_join(project: Any, extend: Any) -> None:
    moving = filter_of(0, {"level": "00:00:00.360=0;00:00:04.360=1"})
    out, notes = extended(project, extend, moving)
    assert made_of(out) == [(None, None, {"level": "00:00:00.000=0.5"})]
    assert "brightness) keeps its value" in notes[0]


@pytest.mark.parametrize(
    "effect",
    [
        {"level": "00:00:00.400~=0;00:00:04.360=1"},
        {"mlt_service": "vidstab", "results": "of every frame"},
        {"spline": '{"10": [[0]], "99": [[1]]}'},
    ],
)
def test_what_cannot_be_told_is_said(project: Any, extend: Any, effect: dict[str, str]) -> None:
    out, notes = extended(project, extend, filter_of(0, effect))
    assert made_of(out) == []
    assert f"({effect.get('mlt_service', 'brightness')}) are not carried on" in notes[0]


def test_a_fade_goes_to_the_new_end(project: Any, extend: Any) -> None:
    fade = filter_of(0, FADE, **{"in": "00:00:02.000", "out": "00:00:02.360"})
    out, _ = extended(project, extend, fade)
    ((begin, end, how),) = made_of(out)
    assert (begin, end) == ("00:00:00.400", "00:00:00.760")
    assert how["level"] == FADE["level"]
    assert on(out, "//playlist[@id='playlist4']/entry[@producer='av']") == []


def test_a_fade_that_is_longer_than_the_new_frames_stays(project: Any, extend: Any) -> None:
    fade = filter_of(0, FADE, **{"in": "00:00:02.000", "out": "00:00:02.360"})
    out, notes = extended(project, extend, fade, tail=5)
    assert made_of(out) == []
    assert len(on(out, "//playlist[@id='playlist4']/entry[@producer='av']")) == 1
    assert "fade_to_black) are not carried on" in notes[0]


def test_a_head_has_the_look_of_the_beginning(project: Any, extend: Any) -> None:
    path = project("interview.kdenlive")
    fade = filter_of(
        0,
        {"level": "00:00:00.000=0;00:00:00.200=1", "kdenlive_id": "fade_from_black"},
        **{"in": "00:00:00.400", "out": "00:00:00.600"},
    )
    moving = filter_of(1, {"level": "00:00:00.000=0.25;00:00:02.000=1"})
    put(path, "//playlist[@id='playlist4']/entry[@producer='av']", fade, moving)
    extend(path, "Interview", "out.kdenlive", head=30, follow="ripple")
    assert made_of(path.with_name("out.kdenlive")) == [
        (None, None, {"level": "00:00:00.000=0.25"}),
        ("00:00:00.000", "00:00:00.200", {"level": "00:00:00.000=0;00:00:00.200=1"}),
    ]


def test_effects_of_the_clip_in_the_bin(project: Any, extend: Any) -> None:
    path = project("interview.kdenlive")
    put(path, "//producer[@id='bin0']", filter_of(0, {"level": "0.7"}))
    put(path, "//playlist[@id='playlist4']/entry[@producer='av']")
    extend.frames = {**extend.frames, "A": 60}
    extend(path, "Interview", "out.kdenlive", tail=20)
    assert made_of(path.with_name("out.kdenlive")) == [(None, None, {"level": "0.7"})]


def test_effects_of_the_sound(project: Any, extend: Any) -> None:
    path = project("interview.kdenlive")
    louder = filter_of(0, {"mlt_service": "volume", "level": "3"})
    put(path, "//playlist[@id='playlist2']/entry[1]", louder)
    extend.frames = {**extend.frames, "A": 60}
    extend(path, "Interview", "out.kdenlive", tail=20)
    where = "//playlist[@id='playlist2']/entry[starts-with(@producer,'longtake')]"
    assert on(path.with_name("out.kdenlive"), where) == [(None, None, {"level": "3"})]


def test_in_shotcut_they_lie_on_what_is_played(project: Any, extend: Any) -> None:
    path = project("three.mlt")
    still = filter_of(0, {"level": "0.8", "shotcut:animIn": "00:00:00.000"}, out="00:00:02.360")
    fade = filter_of(
        1,
        {
            "level": "00:00:02.000=1;00:00:02.360=0",
            "shotcut:filter": "fadeOutBrightness",
            "shotcut:animOut": "00:00:00.400",
        },
        out="00:00:02.360",
    )
    (producer,) = {
        one.get("producer")
        for one in etree.parse(path).getroot().iter("entry")
        if one.get("out") == "00:00:02.360" and str(one.get("producer")).startswith("chain")
    }
    put(path, f"//chain[@id='{producer}']", still, fade)
    extend.frames = {**extend.frames, "C": 60}
    extend(path, "C.mkv", "out.mlt", tail=30)
    out = path.with_name("out.mlt")
    made = "//chain[starts-with(@id,'longtake')]"
    assert on(out, made) == [
        ("00:00:00.000", "00:00:01.160", {"level": "0.8"}),
        (
            "00:00:00.000",
            "00:00:01.160",
            {"level": "00:00:00.800=1;00:00:01.160=0", "shotcut:animOut": "00:00:00.400"},
        ),
    ]
    assert len(on(out, f"//chain[@id='{producer}']")) == 1


def test_a_fade_of_shotcut_goes_with_the_end_of_its_clip(project: Any, extend: Any) -> None:
    path = project("three.mlt")
    fade = filter_of(
        0,
        {"level": "00:00:02.560=1;00:00:02.960=0", "shotcut:filter": "fadeOutBrightness"},
        out="00:00:02.960",
    )
    put(path, "//chain[@id='chain1']", fade)  # B, of which 20 to 74 are shown
    extend(path, "B.mkv", "out.mlt", tail=10)
    ((begin, end, how),) = on(path.with_name("out.mlt"), "//chain[@id='chain1']")
    assert (begin, end) == (None, "00:00:03.360")
    assert how == {"level": "00:00:02.960=1;00:00:03.360=0"}


def test_what_is_slowed_down_keeps_its_effects_as_much_slower(project: Any, extend: Any) -> None:
    path = project("interview.kdenlive")
    fade = filter_of(
        0,
        {"level": "00:00:00.000=0;00:00:00.360=1", "kdenlive_id": "fade_from_black"},
        **{"in": "00:00:00.400", "out": "00:00:00.760"},
    )
    moving = filter_of(1, {"level": "00:00:00.400=0;00:00:02.360~=1"})
    still = filter_of(2, {"level": "3"})
    tracked = filter_of(3, {"mlt_service": "opencv.tracker", "results": "of every frame"})
    put(path, "//playlist[@id='playlist4']/entry[@producer='av']", fade, moving, still, tracked)
    notes = slowed(path, "Interview", "out.kdenlive", extend.probe)
    out = path.with_name("out.kdenlive")
    # 10 to 59 of it, with 8 spare frames on either side, are 16 to 115 of the slowed file's.
    assert made_of(out) == [
        (
            "00:00:00.640",
            "00:00:01.400",
            {"level": "00:00:00.000=0;00:00:00.720=1"},
        ),
        (None, None, {"level": "00:00:00.640=0;00:00:04.560~=1"}),
        (None, None, {"level": "3"}),
    ]
    assert any("(opencv.tracker) are not carried on" in note for note in notes)


def slowed(path: Path, clip: str, out: str, probe: Any) -> tuple[str, ...]:
    """A clip of a project to half its speed, without an engine; the notes."""
    document = TimelineDocument.open(path)
    address = find_clip(document.timeline, clip, document.rate)
    media = probe(path.with_name("A.mkv"), None)
    plan = plan_slow(
        document.timeline,
        address,
        factor=Fraction(2),
        media=media,
        follow="ripple",
        rate=document.rate,
        locate=document.locate,
    )
    file = path.with_name("slow.mov")
    file.write_bytes(b"frames")
    take = MadeTake(replace(media, path=file, frame_count=plan.made_frames), 0, "between", {})
    placement = place_slow(plan, [take], {"task": "slow_motion", "factor": "2"})
    timeline = placement.apply(document.timeline)
    return document.with_timeline(timeline, frozenset([file])).save(path.with_name(out))
