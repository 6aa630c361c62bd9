"""Which jobs an engine need not remember any longer."""

from longtake_engine.jobs.output import made_file
from longtake_engine.jobs.store import JobStore

KEPT_S = 30 * 24 * 3600.0


def forget_old(store: JobStore, *, now: float) -> int:
    """Forget the jobs that ended and were asked for over `KEPT_S` before `now` (Unix seconds).

    A job one of whose files still lies as it was left is kept: by it the engine knows the file for
    its own, and answers the same request without making it again.

    Returns:
        How many were forgotten.
    """
    old = [job.id for job in store.ended(now - KEPT_S) if not _is_of_use(store, job.id)]
    for job_id in old:
        store.delete(job_id)
    return len(old)


def _is_of_use(store: JobStore, job_id: str) -> bool:
    return any(made_file(file.path) == file for file in store.files(job_id))
