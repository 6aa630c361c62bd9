"""A clip of a project whose region was filled: another file, the same frames, the same look."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.timeline.clip_search import find_clip
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region
from lxml import etree


def filled(path: Path, clip: str, media: Path, probe: Any) -> tuple[Path, RegionPlan]:
    """The project with a region of a clip filled, without an engine."""
    document = TimelineDocument.open(path)
    address = find_clip(document.timeline, clip, document.rate)
    facts = probe(media, None)
    plan = plan_region(document.timeline, address, media=facts, rate=document.rate)
    file = path.with_name("filled.mov")
    file.write_bytes(b"frames")
    made = replace(facts, path=file, frame_count=plan.shown.duration_frames)
    take = MadeTake(made, plan.shown.start_frame, "seen", {})
    placement = place_region(plan, [take], {"task": "inpaint"})
    out = path.with_name(f"out{path.suffix}")
    document.with_timeline(placement.apply(document.timeline), frozenset([file])).save(out)
    return out, plan


@pytest.mark.parametrize(
    ("name", "clip", "media"),
    [("interview.kdenlive", "Interview", "A"), ("three.mlt", "C.mkv", "C")],
)
def test_it_lies_where_it_lay_and_shows_the_same_frames(
    project: Any, extend: Any, name: str, clip: str, media: str
) -> None:
    path = project(name)
    before = TimelineDocument.open(path)
    was = list(before.timeline.find_clips())
    out, plan = filled(path, clip, path.with_name(f"{media}.mkv"), extend.probe)
    after = TimelineDocument.open(out)
    now = list(after.timeline.find_clips())
    assert [one.duration() for one in now] == [one.duration() for one in was]
    urls = [Path(getattr(one.media_reference, "target_url", "")).name for one in now]
    place = urls.index("filled.mov")
    assert urls.count("filled.mov") == 1
    old, new = was[place].source_range, now[place].source_range
    assert old.start_time.value - new.start_time.value == plan.shown.start_frame


def test_its_effects_stay(project: Any, extend: Any) -> None:
    path = project("interview.kdenlive")
    tree: Any = etree.parse(path)
    (entry,) = tree.xpath("//playlist[@id='playlist4']/entry[@producer='av']")
    effect = etree.SubElement(entry, "filter", id="test0")
    for key, text in (("mlt_service", "brightness"), ("level", "0.5")):
        etree.SubElement(effect, "property", name=key).text = text
    tree.write(path, encoding="utf-8")
    out, _ = filled(path, "Interview", path.with_name("A.mkv"), extend.probe)
    root: Any = etree.parse(out).getroot()
    (made,) = root.xpath("//playlist[@id='playlist4']/entry[starts-with(@producer,'longtake')]")
    levels = made.xpath("filter/property[@name='level']/text()")
    assert "0.5" in levels
