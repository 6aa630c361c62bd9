import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from longtake_engine.jobs.enquiry import EnquiryDesk
from longtake_engine.jobs.job import Job
from longtake_engine.jobs.ledger import Ledger
from longtake_engine.jobs.queue import JobQueue
from longtake_engine.jobs.store import JobStore
from longtake_engine.jobs.supervisor import Supervisor
from longtake_engine.jobs.watch import WatchBoard
from longtake_engine.roots import Roots
from longtake_engine.work import Extend, Length, Output, Spec

TASKS = "longtake_engine.testing.tasks"
DEADLINE_S = 30.0


class Bench:
    """A queue with real workers and a real store, its tasks scripted where nothing else is said."""

    def __init__(self, folder: Path, tasks: str = TASKS) -> None:
        self.folder = folder
        self.version = "test"  # of what makes results
        self.home = folder / "home"
        self.home.mkdir(exist_ok=True)
        self.board = WatchBoard()
        self.store = JobStore(self.home / "jobs.sqlite")
        self.ledger = Ledger(self.store, self.board)
        self.supervisor = Supervisor(self.ledger, home=self.home, tasks=tasks)
        self.desk = EnquiryDesk(home=self.home, tasks=tasks)
        self.queue = JobQueue(
            self.ledger, self.supervisor, self.desk, roots=Roots(), version=lambda: self.version
        )

    def spec(self, *steps: str, name: str = "clip") -> Spec:
        """Work that does `steps` and writes NAME.mov."""
        script = self.folder / f"{name}.txt"
        script.write_text("\n".join(steps))
        work = Extend(input_path=script, tail=Length(frames=48))
        return Spec(work=work, output=Output(path=self.folder / f"{name}.mov"))

    def end(self, job: Job) -> Job:
        """The job, once it has ended; by watching it."""
        last = job
        for last in self.watched(job):  # noqa: B007 # the last one counts
            pass
        return last

    def watched(self, job: Job) -> Iterator[Job]:
        """Every change of the job, failing the test where it takes too long."""
        with self.queue.watch(job.id) as watch:
            timer = threading.Timer(DEADLINE_S, watch.close)
            timer.start()
            try:
                for last in watch:
                    yield last
                    if last.ended:
                        return
            finally:
                timer.cancel()
        raise AssertionError(f"job {job.id} did not end in time")

    def partials(self) -> list[str]:
        return [path.name for path in self.folder.glob(".*.part*")]

    def stop(self) -> None:
        self.desk.stop()
        self.supervisor.stop()
        self.board.close()
        self.store.close()


@pytest.fixture
def idle_bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench whose supervisor the test starts itself, or not at all."""
    bench = Bench(tmp_path)
    yield bench
    bench.stop()


@pytest.fixture
def bench(idle_bench: Bench) -> Bench:
    idle_bench.supervisor.start()
    return idle_bench


@pytest.fixture
def new_window_bench(tmp_path: Path) -> Iterator[Callable[[], Bench]]:
    """As `new_bench`, of engines that extend clips by a model of a small window."""
    benches: list[Bench] = []

    def make() -> Bench:
        benches.append(Bench(tmp_path, "longtake_engine.testing.window_tasks"))
        benches[-1].supervisor.start()
        return benches[-1]

    yield make
    for bench in benches:
        bench.stop()


@pytest.fixture
def new_bench(tmp_path: Path) -> Iterator[Callable[[], Bench]]:
    """Makes benches on the same home, one after another, as restarts do."""
    benches: list[Bench] = []

    def make() -> Bench:
        benches.append(Bench(tmp_path))
        return benches[-1]

    yield make
    for bench in benches:
        bench.stop()


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Waits for a condition that no event tells of, with a deadline."""

    def wait(condition: Callable[[], object]) -> None:
        deadline_s = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline_s, "it did not come about in time"
            time.sleep(0.01)

    return wait
