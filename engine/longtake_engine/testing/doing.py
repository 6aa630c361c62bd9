"""Do a piece of work in this process, as the worker does it."""

from dataclasses import dataclass, field

from longtake_engine.cancel import CancelToken
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.run import run
from longtake_engine.work import Progress, Spec, Take


@dataclass(slots=True)
class Done:
    """What came of one piece of work."""

    takes: list[Take] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)

    @property
    def take(self) -> Take:
        """The only one."""
        (only,) = self.takes
        return only

    def pictures(self, number: int = 0) -> list[Picture]:
        """Those of one of the takes."""
        return list(VideoReader(probe(self.takes[number].media_path)).frames())


def do_work(spec: Spec, cancel: CancelToken | None = None) -> Done:
    """What comes of `spec`: its takes follow all of its progress.

    Raises:
        EngineError: It cannot be done.
    """
    done = Done()
    for answer in run(spec, job_id="job", cancel=cancel or CancelToken()):
        if isinstance(answer, Take):
            done.takes.append(answer)
        else:
            assert not done.takes, "progress after a take"
            done.progress.append(answer)
    return done
