import sqlite3
from fractions import Fraction
from pathlib import Path

import pytest
from longtake_engine.jobs.experience import REMEMBERED, Experience, compare, correct, kind_of
from longtake_engine.jobs.store import _SCHEMA, JobStore
from longtake_engine.work import Estimate, Extend, Interpolate, Length, Output, Spec

RECKONED = Estimate("loop", 48, 48, 10.0, 1000, 5, 6)


def spec(work):
    return Spec(work, Output(Path("/out.mov")))


EXTENDING = spec(Extend(Path("/a.mov"), tail=Length(frames=48)))


def test_an_estimate_comes_true_the_next_time():
    told = compare(EXTENDING, RECKONED, took_seconds=25.0, most_memory_bytes=1500)
    corrected = correct(RECKONED, [told])
    assert (corrected.seconds, corrected.memory_bytes) == (25.0, 1500)
    assert corrected.measured and not RECKONED.measured
    assert (corrected.disk_bytes, corrected.new_frames) == (5, 48)


def test_one_odd_piece_of_work_does_not_spoil_an_estimate():
    usual = Experience("extend/loop", 2.0, 1.5)
    odd = Experience("extend/loop", 500.0, 0.001)
    assert correct(RECKONED, [usual, odd, usual]) == correct(RECKONED, [usual])
    alone = correct(RECKONED, [odd])
    assert (alone.seconds, alone.memory_bytes) == (200.0, 50)  # no further than 20 times


def test_nothing_known_changes_nothing():
    assert correct(RECKONED, []) is RECKONED


def test_work_is_told_apart_by_kind_model_and_quality():
    slow = Interpolate((Path("/a.mov"),), factor=Fraction(2), quality="best")
    assert kind_of(EXTENDING, "loop") == "extend/loop"
    assert kind_of(spec(slow), "between") == "interpolate/between/best"


def test_the_newest_are_remembered(tmp_path):
    store = JobStore(tmp_path / "jobs.sqlite")
    for number in range(REMEMBERED + 3):
        store.learn(Experience("extend/loop", number, 1.0), now=float(number))
    store.learn(Experience("extend/glide", 7.0, 1.0), now=0.0)
    kept = sorted(one.seconds_ratio for one in store.experience("extend/loop"))
    assert kept == list(range(3, REMEMBERED + 3))
    assert [one.seconds_ratio for one in store.experience("extend/glide")] == [7.0]
    assert store.experience("extend/motion") == []
    store.close()


def test_a_store_of_an_earlier_version_learns_too(tmp_path):
    path = tmp_path / "jobs.sqlite"
    db = sqlite3.connect(path)
    db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = 1; COMMIT;")
    db.close()
    store = JobStore(path)
    store.learn(Experience("extend/loop", 2.0, 1.0), now=0.0)
    assert len(store.experience("extend/loop")) == 1
    store.close()


def test_a_job_teaches_the_next_estimate(bench):
    job = bench.end(bench.queue.create(bench.spec()))
    estimate = bench.queue.estimate(job.spec)
    assert estimate.measured
    assert estimate.seconds == pytest.approx(2.5 / 20)  # the work was done at once
