"""What is made of a frame is kept for the run that asks for it next."""

from collections import Counter

from longtake_engine.models.removal import link, trails
from longtake_engine.models.removal.box import Box
from longtake_engine.models.removal.held import keep_near
from longtake_engine.models.removal.link import Link
from longtake_engine.models.removal.survey import Survey
from longtake_engine.models.removal.trails import Trails

RUN, TRAIL = 3, 3  # frames


def test_what_lies_furthest_off_is_let_go():
    held = {frame: str(frame) for frame in (5, 1, 9, 4)}
    keep_near(held, 4, 2)
    assert held == {5: "5", 4: "4"}


def test_no_motion_is_measured_twice_in_a_clip_of_many_runs(holed, monkeypatch):
    _, canvas = holed(count=14)
    monkeypatch.setattr(trails, "TRAIL", TRAIL)
    monkeypatch.setattr(link, "HELD", RUN + TRAIL + 1)
    measured = Counter()

    def still(links, frame: int) -> Link:
        measured[frame] += 1
        box = Box(0, 0, canvas.format.width, canvas.format.height)
        return Link(box, box.grid(), box.grid())

    monkeypatch.setattr(link.Links, "_measure", still)
    survey = Survey.of(canvas)
    followed = Trails(survey.shot, survey.around)
    for start in range(0, 14, RUN):
        followed.sides(range(start, min(start + RUN, 14)), lambda: None)
    assert measured == dict.fromkeys(range(13), 1)
