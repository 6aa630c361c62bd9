import sqlite3
import stat
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from longtake_engine.errors import NotPossible
from longtake_engine.jobs.fault import Fault
from longtake_engine.jobs.job import Cancelled, Failed, Job, MadeFile, Running, Succeeded, new_id
from longtake_engine.jobs.store import JobStore
from longtake_engine.work import (
    Extend,
    FrameRange,
    Length,
    Output,
    Progress,
    Score,
    SeamReport,
    Spec,
    Take,
)
from msgspec.structs import replace

SPEC = Spec(
    work=Extend(input_path=Path("/clips/ä b.mov"), tail=Length(seconds=Fraction(1001, 24000))),
    output=Output(path=Path("/out.mov")),
    sequence_rate=Fraction(24000, 1001),
)
TAKE = Take(
    media_path=Path("/out.mov"),
    start_frame=-24,
    duration_frames=207,
    rate=Fraction(30000, 1001),
    made_ranges=(FrameRange(0, 24),),
    model="motion",
    score=Score(0.5, 30.0, 20.0, 0.9, 1.0),
    seams=(SeamReport(24, 1.0, 1.0, 1.0, 1.0),),
    seconds=1.5,
    notes=("A note.",),
)


@pytest.fixture
def store(tmp_path: Path):
    store = JobStore(tmp_path / "jobs.sqlite")
    yield store
    store.close()


def make_job(**fields) -> Job:
    fields = {"id": new_id(), "fingerprint": "f", "create_time": 12.5} | fields
    return Job(spec=SPEC, **fields)


@pytest.mark.parametrize(
    "state",
    [
        Running(start_time=13.25),
        Succeeded(13.25, 14.5, (TAKE,)),
        Failed(13.25, 14.5, Fault("BAD_INPUT", "BAD_INPUT", "The file is empty.")),
        Failed(None, 14.5, Fault("INTERNAL", "INTERNAL", "Gone.")),
        Cancelled(None, 14.5),
    ],
)
def test_a_job_comes_back_as_it_was_after_the_file_is_opened_again(tmp_path, state):
    store = JobStore(tmp_path / "jobs.sqlite")
    job = make_job()
    store.add(job, "request-1")
    ended = replace(job, state=state, attempt=2, progress=Progress("making", 3, 9, 1.5))
    store.save(ended)
    store.close()

    again = JobStore(tmp_path / "jobs.sqlite")
    assert again.get(job.id) == ended
    assert again.by_request("request-1") == ended
    again.close()


def test_the_preview_is_not_stored(store):
    job = make_job()
    store.add(job)
    store.save(replace(job, progress=Progress("making", 3, 9, preview_jpeg=b"jpeg")))
    assert store.get(job.id).progress == Progress("making", 3, 9)


def test_pages_go_from_the_newest_to_the_oldest(store):
    ids: list[str] = []
    for _ in range(5):
        ids.append(new_id(ids[-1] if ids else ""))
        store.add(make_job(id=ids[-1]))
    first = [job.id for job in store.page(3)]
    rest = [job.id for job in store.page(3, first[-1])]
    assert first + rest == ids[::-1]


def test_deleting_a_job_forgets_its_files_and_its_request(store):
    job = make_job()
    store.add(job, "request-1")
    store.save(job, [MadeFile("/out.mov", 4, 5)])
    assert store.made_files(Path("/out.mov")) == [MadeFile("/out.mov", 4, 5)]
    store.delete(job.id)
    assert store.get(job.id) is None
    assert store.by_request("request-1") is None
    assert store.made_files(Path("/out.mov")) == []


def test_a_damaged_file_is_kept_aside_and_a_new_one_made(tmp_path):
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"this is no database" * 100)
    store = JobStore(path)
    assert store.page(10) == []
    store.close()
    assert (tmp_path / "jobs.sqlite.broken").read_bytes().startswith(b"this is no database")


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "jobs.sqlite"
    JobStore(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(NotPossible, match="newer Longtake"):
        JobStore(path)
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_for_the_user_alone(tmp_path):
    JobStore(tmp_path / "jobs.sqlite").close()
    assert stat.S_IMODE((tmp_path / "jobs.sqlite").stat().st_mode) == 0o600


def test_ids_sort_in_the_order_of_making_even_where_the_clock_stands_still():
    ids = [new_id()]
    for _ in range(100):
        ids.append(new_id(ids[-1]))
    assert ids == sorted(set(ids))
    assert all(len(i) == 12 for i in ids)
