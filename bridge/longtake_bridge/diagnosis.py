"""A file to send along when something is wrong: the doctor's findings and the engine's last words.

No path of the user's stays in it: not of a project, not of a clip, not of the home folder.
"""

import getpass
import json
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from longtake_bridge import daemon
from longtake_bridge.check import Check
from longtake_bridge.client import ENDED, Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.home import Home

_MARK = "\ue000"  # of private use: in no log
_LOG_BYTES = 40_000  # of the end of each log
_LOGS = ("daemon.log", "start.log", "worker.log")
_MOST_JOBS = 20
# What every machine has: where programs lie says nothing about whose they are.
_PUBLIC = ("/usr", "/opt", "/bin", "/snap", "/Applications", "/Library", "C:\\Program Files")
# From a separator to the last extension of the line, or else to the next blank: a path may hold
# blanks, and rather too much is left out than too little.
_PATH = re.compile(
    r"""(?<![\w~.\ue000])(?:file://)?(?:[A-Za-z]:[\\/]|[\\/]|~[\\/])"""
    r"""(?:[^\n"'<>|]*\.\w{1,8}(?![\w/\\])|[^\s"'<>|]*)"""
)


@dataclass(frozen=True, slots=True)
class Privacy:
    """What must not be in the file, and what stands for it."""

    home: Path
    user: str
    kept: tuple[tuple[str, str], ...]  # folders that may be named, and how, the longest first
    private: tuple[str, ...]  # paths that the engine knows of, the longest first

    @classmethod
    def of(cls, user_home: Path, home: Home, private: Iterable[str], *kept: Path) -> "Privacy":
        """For this user; `kept` are folders of the user's that may be named from ~ on."""
        known = [(str(home.folder), "<longtake>"), (sys.prefix, "<python>")]
        known += [(str(path), _from_home(path, user_home)) for path in kept]
        names = {name for path in private for name in (path, Path(path).name) if len(name) > 3}
        with suppress(OSError, KeyError):  # no such user on this machine
            user = getpass.getuser()
            return cls(user_home, user, _longest(known), tuple(sorted(names, key=len)[::-1]))
        return cls(user_home, "", _longest(known), tuple(sorted(names, key=len)[::-1]))

    def clean(self, text: str) -> str:
        """`text` without a private path or the user's name."""
        # Marked first: they may hold blanks, where a path that nobody knows seems to end.
        for number, (folder, _) in enumerate(self.kept):
            text = re.sub(rf"{re.escape(folder)}(?=[/\\\n,]|$)", f"{_MARK}{number}{_MARK}", text)
        for name in self.private:
            text = text.replace(name, _stand_in(name))
        text = _PATH.sub(_replace, text)
        for number, (_, told) in enumerate(self.kept):
            text = text.replace(f"{_MARK}{number}{_MARK}", told)
        text = text.replace(str(self.home), "~")
        if len(self.user) > 2:
            text = re.sub(rf"\b{re.escape(self.user)}\b", "<user>", text)
        return text


def write_report(
    path: Path, checks: Sequence[Check], home: Home, *, connect: str | None, kept: Sequence[Path]
) -> None:
    """Writes the file.

    Raises:
        BridgeError: WRONG_CALL; it cannot be written there.
    """
    jobs, private = _read_jobs(connect)
    privacy = Privacy.of(Path.home(), home, private, *kept)
    parts = [
        f"Longtake {daemon.own_version()}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()} ({platform.machine()})",
        "\n".join(f"[{one.state}] {one.name}: {one.found} {one.remedy}".rstrip() for one in checks),
        "Jobs, newest first:\n" + "\n".join(jobs),
        *(_log(home.folder / name) for name in _LOGS),
    ]
    text = privacy.clean("\n\n".join(parts)) + "\n"
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BridgeError(
            f"The report cannot be written to {path} ({error.strerror}); name another file.",
            "WRONG_CALL",
        ) from None


def _read_jobs(connect: str | None) -> tuple[list[str], list[str]]:
    """The last jobs in a line each, and every path that they speak of."""
    from longtake.v1 import job_pb2  # noqa: PLC0415 - the report alone needs it

    lines: list[str] = []
    private: list[str] = []
    try:
        with Engine.open(connect, any_version=True) as engine:
            for job in engine.list_jobs():
                private += [*_paths_in(job)]
                if len(lines) < _MOST_JOBS:
                    state = job_pb2.JobState.Name(job.state).removeprefix("JOB_STATE_").lower()
                    took = job.end_time.seconds - job.start_time.seconds
                    seconds = f", {took} s" if job.state in ENDED and job.start_time.seconds else ""
                    work = job.spec.WhichOneof("work") or "nothing"
                    said = json.dumps({"model": job.spec.model, "takes": job.spec.take_count})
                    error = f": {job.error.message}" if job.error.message else ""
                    lines.append(f"{job.id} {work} {state}{seconds} {said}{error}")
    except BridgeError as error:
        lines.append(f"(the engine does not say: {error.sentence})")
    return lines or ["none"], private


def _paths_in(job: object) -> Iterable[str]:
    """Everything in a job that looks like a path."""
    return re.findall(r'(?:path|paths): "([^"]+)"', str(job))


def _log(path: Path) -> str:
    try:
        text = path.read_bytes()[-_LOG_BYTES:].decode("utf-8", "replace")
    except OSError:
        text = "(none)"
    return f"{path.name}:\n{text.strip()}"


def _longest(known: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(known, key=lambda one: len(one[0]), reverse=True))


def _from_home(path: Path, home: Path) -> str:
    try:
        return str(Path("~") / path.relative_to(home))
    except ValueError:
        return f"<{path.name}>"


def _replace(match: re.Match[str]) -> str:
    path = match[0]
    public = any(path.startswith((f"{folder}/", f"{folder}\\")) for folder in _PUBLIC)
    return path if public or len(path) == 1 else _stand_in(path)


def _stand_in(path: str) -> str:
    suffix = re.search(r"\.\w{1,8}$", path)
    return f"<path>{suffix[0] if suffix else ''}"
