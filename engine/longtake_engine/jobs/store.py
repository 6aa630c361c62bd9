"""Jobs in SQLite: what survives the daemon."""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from longtake_engine.errors import NotPossible, OutOfSpace
from longtake_engine.jobs.experience import REMEMBERED, Experience
from longtake_engine.jobs.job import Job, MadeFile, State
from longtake_engine.work import Progress, Spec, from_json, to_json

_VERSION = 2
_SCHEMA = """
CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    spec TEXT NOT NULL,
    state TEXT NOT NULL,      -- the tag of status, to look for
    status TEXT NOT NULL,     -- the whole state: times, takes, error
    progress TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    create_time REAL NOT NULL
);
CREATE INDEX jobs_by_fingerprint ON jobs (fingerprint);
CREATE INDEX jobs_by_state ON jobs (state);
CREATE TABLE requests (
    request_id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE
);
CREATE TABLE files (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL
);
CREATE INDEX files_by_path ON files (path);
CREATE INDEX files_by_job ON files (job_id);
"""
_SCHEMA_2 = """
CREATE TABLE experience (
    kind TEXT NOT NULL,
    seconds_ratio REAL NOT NULL,
    memory_ratio REAL NOT NULL,
    time REAL NOT NULL
);
CREATE INDEX experience_by_kind ON experience (kind, time);
"""
_COLUMNS = "id, fingerprint, spec, status, progress, attempt, create_time"
_log = logging.getLogger(__name__)


class JobStore:
    """The jobs of one engine, in one file. Safe across threads; every write is all or nothing."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Raises:
            NotPossible: A newer Longtake wrote it.
        """
        self._lock = threading.RLock()
        try:
            self._db = _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked or out of reach, not broken
            aside = path.with_name(f"{path.name}.broken")
            _log.error(
                "%s is damaged (%s); it is kept as %s and a new one made", path, error, aside
            )
            path.replace(aside)
            self._db = _open(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def add(self, job: Job, request_id: str = "") -> None:
        """Keep a new job, under its caller's own name for it where there is one."""
        row = (job.id, job.fingerprint, _text(job.spec), *_columns(job), job.create_time)
        with self._writing() as db:
            db.execute(
                "INSERT INTO jobs"
                " (id, fingerprint, spec, state, status, progress, attempt, create_time)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            if request_id:
                db.execute("INSERT INTO requests VALUES (?, ?)", (request_id, job.id))

    def name(self, job_id: str, request_id: str) -> None:
        """Let `request_id` mean a job that is already there."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO requests VALUES (?, ?)", (request_id, job_id))

    def save(self, job: Job, files: Iterable[MadeFile] = ()) -> None:
        """Keep how a job now stands, together with the files it made."""
        with self._writing() as db:
            db.execute(
                "UPDATE jobs SET state = ?, status = ?, progress = ?, attempt = ? WHERE id = ?",
                (*_columns(job), job.id),
            )
            db.executemany(
                "INSERT INTO files VALUES (?, ?, ?, ?)",
                [(job.id, file.path, file.size_bytes, file.mtime_ns) for file in files],
            )

    def delete(self, job_id: str) -> None:
        """Forget a job."""
        with self._writing() as db:
            db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def get(self, job_id: str) -> Job | None:
        """The job of this name."""
        return self._one("WHERE id = ?", job_id)

    def by_request(self, request_id: str) -> Job | None:
        """The job that this request made or found."""
        return self._one(
            "WHERE id = (SELECT job_id FROM requests WHERE request_id = ?)", request_id
        )

    def by_fingerprint(self, fingerprint: str, states: Sequence[str]) -> list[Job]:
        """Jobs of equal requests that stand at one of `states`, newest first."""
        marks = ", ".join("?" * len(states))
        where = f"WHERE fingerprint = ? AND state IN ({marks}) ORDER BY seq DESC"
        return self._many(where, fingerprint, *states)

    def active(self) -> list[Job]:
        """Queued and running jobs, oldest first."""
        return self._many("WHERE state IN ('queued', 'running') ORDER BY seq")

    def ended(self, created_before: float) -> list[Job]:
        """Jobs that have ended and were asked for before this time (Unix seconds), oldest first."""
        where = "WHERE state NOT IN ('queued', 'running') AND create_time < ? ORDER BY seq"
        return self._many(where, created_before)

    def oldest_queued(self) -> Job | None:
        """The job whose turn it is."""
        return self._one("WHERE state = 'queued' ORDER BY seq LIMIT 1")

    def newest_id(self) -> str:
        """The name of the last job that was added; empty where there is none."""
        newest = self._one("ORDER BY seq DESC LIMIT 1")
        return newest.id if newest else ""

    def page(self, size: int, before_id: str = "") -> list[Job]:
        """Up to `size` jobs, newest first, from the one that was added before `before_id`."""
        if before_id:
            return self._many("WHERE id < ? ORDER BY id DESC LIMIT ?", before_id, size)
        return self._many("ORDER BY id DESC LIMIT ?", size)

    def files(self, job_id: str) -> list[MadeFile]:
        """The files of a job, as it left them."""
        return self._files("WHERE job_id = ?", job_id)

    def made_files(self, path: Path) -> list[MadeFile]:
        """What jobs left at `path`, each as it left it."""
        return self._files("WHERE path = ?", str(path))

    def learn(self, experience: Experience, now: float) -> None:
        """Keep what work took, at this time (Unix seconds), and forget the oldest of its kind."""
        kind = experience.kind
        with self._writing() as db:
            db.execute(
                "INSERT INTO experience VALUES (?, ?, ?, ?)",
                (kind, experience.seconds_ratio, experience.memory_ratio, now),
            )
            db.execute(
                "DELETE FROM experience WHERE kind = ? AND rowid NOT IN (SELECT rowid FROM"
                " experience WHERE kind = ? ORDER BY time DESC, rowid DESC LIMIT ?)",
                (kind, kind, REMEMBERED),
            )

    def experience(self, kind: str) -> list[Experience]:
        """What the newest work of this kind took."""
        with self._lock:
            rows = self._db.execute(
                "SELECT kind, seconds_ratio, memory_ratio FROM experience WHERE kind = ?", (kind,)
            )
            return [Experience(*row) for row in rows.fetchall()]

    def _one(self, where: str, *values: object) -> Job | None:
        found = self._many(where, *values)
        return found[0] if found else None

    def _many(self, where: str, *values: object) -> list[Job]:
        with self._lock:
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM jobs {where}", values).fetchall()
        return [_job(row) for row in rows]

    def _files(self, where: str, *values: object) -> list[MadeFile]:
        with self._lock:
            rows = self._db.execute(f"SELECT path, size_bytes, mtime_ns FROM files {where}", values)
            return [MadeFile(*row) for row in rows.fetchall()]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                with self._db:
                    yield self._db
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                    raise
                raise OutOfSpace(
                    "The disk that keeps the list of jobs is full; make room on it and try again."
                ) from error


def _open(path: Path) -> sqlite3.Connection:
    # Made before SQLite does, for what people ask for is nobody else's business.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=5, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise NotPossible(
                f"{path} was written by a newer Longtake; "
                "update this one, or set another LONGTAKE_HOME."
            )
        if version < _VERSION:
            missing = "".join((_SCHEMA, _SCHEMA_2)[version:])
            db.executescript(f"BEGIN; {missing} PRAGMA user_version = {_VERSION}; COMMIT;")
    except BaseException:
        db.close()
        raise
    return db


def _columns(job: Job) -> tuple[str, str, str, int]:
    tag = type(job.state).__struct_config__.tag
    # The preview is worth nothing after a restart and would bloat the file.
    progress = replace(job.progress, preview_jpeg=b"")
    return str(tag), _text(job.state), _text(progress), job.attempt


def _text(value: object) -> str:
    return to_json(value).decode()


def _job(row: tuple[str, str, str, str, str, int, float]) -> Job:
    job_id, fingerprint, spec, status, progress, attempt, create_time = row
    return Job(
        id=job_id,
        fingerprint=fingerprint,
        spec=from_json(spec.encode(), Spec),
        state=from_json(status.encode(), State),  # pyright: ignore[reportArgumentType] # a union is a type to msgspec
        progress=from_json(progress.encode(), Progress),
        attempt=attempt,
        create_time=create_time,
    )
