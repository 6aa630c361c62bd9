"""The way of a picture after its subject."""

import numpy as np
from longtake_engine.tasks.outpaint.course import FASTEST, Sighting, plan_course, whole
from longtake_engine.tasks.outpaint.layout import Axis

AXIS = Axis(old=1000, size=300, scaled=1000, at=-350, step=2)
RATE = 25.0


def course_of(centres, axis: Axis = AXIS) -> np.ndarray:
    return np.array(plan_course(axis, [Sighting(float(one)) for one in centres], RATE))


def test_a_subject_that_stands_is_not_moved_after():
    course = course_of([0.5] * 100)
    assert np.ptp(course) == 0
    assert course[0] % AXIS.step == 0
    assert abs(course[0] + 350) < 20


def test_the_picture_rests_while_the_subject_fidgets():
    random = np.random.default_rng(1)
    assert np.ptp(course_of(0.5 + random.normal(0, 0.006, 200))) == 0


def test_the_subject_stays_in_the_picture():
    centres = np.linspace(0.15, 0.85, 150)
    course = course_of(centres)
    shown = centres * AXIS.scaled + course  # in the new picture
    assert shown.min() > 0.2 * AXIS.size
    assert shown.max() < 0.8 * AXIS.size


def test_a_move_sets_out_and_ends_softly():
    centres = np.concatenate([np.full(60, 0.3), np.linspace(0.3, 0.7, 60), np.full(60, 0.7)])
    course = course_of(centres + np.random.default_rng(2).normal(0, 0.003, 180))
    speed = np.abs(np.diff(course))
    assert speed.max() < FASTEST * AXIS.size / RATE
    assert np.abs(np.diff(course, 2)).max() < 0.12 * speed.max()  # no jerk anywhere
    assert max(np.ptp(course[:30]), np.ptp(course[-30:])) < 3  # pixels: hardly under way
    assert (np.diff(course) <= 1e-9).all()  # it never turns back


def test_a_dash_is_not_faster_than_an_operator():
    course = course_of([0.2] * 50 + [0.8] * 50)
    assert np.abs(np.diff(course)).max() <= FASTEST * AXIS.size / RATE + 1e-9


def test_it_does_not_leave_the_old_picture():
    course = course_of(np.linspace(0, 1, 80))
    assert course.max() <= 0
    assert course.min() >= AXIS.size - AXIS.scaled


def test_frames_without_the_subject_are_gone_over_smoothly():
    sightings = [Sighting(0.3)] * 30 + [Sighting(0.9, weight=0)] * 20 + [Sighting(0.35)] * 30
    course = np.array(plan_course(AXIS, sightings, RATE))
    assert np.ptp(course) < 60


def test_in_whole_pixels_chroma_stays_whole():
    course = whole(plan_course(AXIS, [Sighting(n / 99) for n in range(100)], RATE), AXIS)
    assert all(at % AXIS.step == 0 for at in course)


def test_one_frame_has_a_way_too():
    assert len(course_of([0.4])) == 1
