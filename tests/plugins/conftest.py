"""The stage of every editor's tests: real clips, an engine that does as it is told, one editor.

A new editor's driver is one more line in `DRIVERS`: a function that takes the command of
`longtake`, the frame counts of media and an empty folder, and returns a `HostEditor`; marked `host`
where it starts a program.
"""

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2, media_pb2, model_pb2
from longtake_bridge.home import Home
from longtake_bridge.host.testing import HostEditor, Laid, MemoryEditor
from longtake_bridge.plugin.installation import find_kind, install
from longtake_bridge.plugin.machine import Machine
from longtake_bridge.plugin.testing.blender_editor import (
    BlenderEditor,
    BlenderProgram,
    find_blender,
    find_modules,
)
from longtake_bridge.plugin.testing.pitivi_editor import PitiviEditor
from longtake_bridge.plugin.testing.pitivi_editor import is_there as is_pitivi_there
from longtake_bridge.plugin.testing.resolve_editor import ResolveEditor
from longtake_bridge.testing import FakeEngine, Script
from longtake_engine.testing.media import Sound, make_clip

RATE = 25
LONGTAKE = (sys.executable, "-m", "longtake_bridge")

FramesOf = Callable[[Path], int]
Driver = Callable[[Sequence[str], FramesOf, Path], HostEditor]


def memory(command: Sequence[str], frames_of: FramesOf, folder: Path) -> HostEditor:
    return MemoryEditor(command, frames_of=frames_of)


def resolve_stand_in(command: Sequence[str], frames_of: FramesOf, folder: Path) -> HostEditor:
    return ResolveEditor(command, folder)


def blender(program: BlenderProgram) -> Driver:
    """Every Blender that is here; the variable lists Pythons that have Blender as a module."""
    return lambda command, frames_of, folder: BlenderEditor(program, command, folder)


BLENDERS = [*find_modules(os.environ.get("LONGTAKE_BPY_PYTHONS", "")), find_blender()]


def pitivi(command: Sequence[str], frames_of: FramesOf, folder: Path) -> HostEditor:
    return PitiviEditor(command, folder)


DRIVERS = [
    pytest.param(
        pitivi,
        id="pitivi",
        marks=[
            pytest.mark.host,
            pytest.mark.skipif(not is_pitivi_there(), reason="Pitivi or Xvfb is not installed"),
        ],
    ),
    pytest.param(memory, id="memory"),
    pytest.param(resolve_stand_in, id="resolve-stand-in"),
    *(
        pytest.param(blender(one), id=f"blender-{one.version}", marks=pytest.mark.host)
        for one in BLENDERS
        if one is not None
    ),
]


@dataclass
class Stage:
    """Where the contract is played."""

    folder: Path
    engine: FakeEngine
    start: Callable[[], HostEditor]  # one that other tests have perhaps had open already
    start_alone: Callable[..., HostEditor]  # one of its own; its `longtake` may be another command
    clips: dict[str, Path]  # "a" and "b", 50 frames each, with sound

    def frames_of(self, path: Path) -> int:
        return self.engine.media[str(path)].video_streams[0].frame_count

    def both(self, name: str, start: int, frames: int, source: int, media: str = "a") -> list[Laid]:
        """A clip with its sound."""
        path = self.clips[media]
        return [
            Laid(name, "video", 0, start, frames, path, source),
            Laid(name, "audio", 0, start, frames, path, source),
        ]


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    found = {name: folder / f"{name}.mkv" for name in "ab"}
    for path in found.values():
        make_clip(path, frames=50, rate=Fraction(RATE), audio=(Sound(),))
    return found


@pytest.fixture
def plugin(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder that `longtake plugins install HOST` fills; HOST is that of the tests' folder."""
    user = tmp_path / "user"
    user.mkdir()
    machine = Machine("linux", user, {"PATH": ""})
    (installed,) = install(find_kind(request.path.parent.name), machine, Home(tmp_path / "home"))
    return installed.folder


@pytest.fixture
def module(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Imports a module of the plugin; it is forgotten after the test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(plugin))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if name.startswith("longtake_") and not name.startswith(("longtake_bridge", "longtake_e")):
            del sys.modules[name]


class Editors:
    """The editor that goes from test to test: a real one takes seconds to start."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.engine: FakeEngine | None = None  # of the test that runs
        self._folder = folder
        self._count = 0
        self._shared: tuple[Driver, HostEditor] | None = None

    def shared(self, driver: Driver) -> HostEditor:
        """The one that runs, where it is of this kind."""
        if self._shared is None or self._shared[0] is not driver:
            self.drop()
            self._shared = (driver, self.start(driver))
        return self._shared[1]

    def start(self, driver: Driver, command: Sequence[str] = LONGTAKE) -> HostEditor:
        """A new one."""
        self._count += 1
        return driver(command, self._frames_of, self._folder / f"editor {self._count}")

    def drop(self) -> None:
        """End the one that runs."""
        if self._shared is not None:
            self._shared[1].quit()
        self._shared = None

    def _frames_of(self, path: Path) -> int:
        assert self.engine is not None
        return frames_of(self.engine, path)


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editors]:
    editors = Editors(tmp_path_factory.mktemp("editors"))
    yield editors
    editors.drop()


@pytest.fixture
def driver() -> Driver:
    """Which editor; the contract is played on every one of `DRIVERS`."""
    return memory


@pytest.fixture
def stage(
    *,
    driver: Driver,
    editors: Editors,
    tmp_path: Path,
    clips: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Stage]:
    monkeypatch.setenv("LONGTAKE_HOME", str(editors.home.folder))
    alone: list[HostEditor] = []
    failed = request.session.testsfailed
    with FakeEngine(editors.home) as engine:
        tasks = [
            model_pb2.TASK_EXTEND,
            model_pb2.TASK_INTERPOLATE,
            model_pb2.TASK_INPAINT,
            model_pb2.TASK_OUTPAINT,
            model_pb2.TASK_GENERATE,
        ]
        engine.models = (model_pb2.Model(name="model1", tasks=tasks),)
        engine.script = Script(make=lambda spec: make_takes(engine, spec))
        for path in clips.values():
            engine.media[str(path)] = describe(50)
        editors.engine = engine

        def start_alone(command: Sequence[str] = LONGTAKE) -> HostEditor:
            alone.append(editors.start(driver, command))
            return alone[-1]

        yield Stage(tmp_path, engine, lambda: editors.shared(driver), start_alone, clips)
        for editor in alone:
            editor.quit()
        if request.session.testsfailed != failed:
            editors.drop()  # whatever has become of it


def frames_of(engine: FakeEngine, path: Path) -> int:
    media = engine.media.get(str(path))
    return media.video_streams[0].frame_count if media is not None else 1 << 30


def describe(frames: int) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=RATE, denominator=1)
    return media_pb2.MediaInfo(
        video_streams=[media_pb2.VideoStream(frame_rate=rate, frame_count=frames)],
        audio_streams=[media_pb2.AudioStream(sample_rate=48000)],
    )


def make_takes(engine: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    """Real files of as many frames as are asked for."""
    frames, start = asked(spec)
    first = Path(spec.output.path)
    takes = []
    for number in range(max(spec.take_count, 1)):
        path = first if number == 0 else first.with_stem(f"{first.stem}-{number + 1}")
        make_clip(path, frames=frames, rate=Fraction(RATE), codec="libx264", audio=(Sound(),))
        engine.media[str(path)] = describe(frames)
        takes.append(
            job_pb2.Take(
                media_path=str(path),
                start_frame=start,
                duration_frames=frames,
                rate=media_pb2.Rational(numerator=RATE, denominator=1),
                made_ranges=[media_pb2.FrameRange(start_frame=0, duration_frames=frames)],
                model=f"model{number + 1}",
                seconds=1.0,
            )
        )
    return takes


def asked(spec: job_pb2.JobSpec) -> tuple[int, int]:
    """How many frames, and where they lie counted in frames of the source."""
    if spec.WhichOneof("work") == "interpolate":
        work = spec.interpolate
        if len(work.input_paths) == 2:
            shown = work.input_ranges[0]
            return work.duration.frames, shown.start_frame + shown.duration_frames
        (shown,) = work.input_ranges
        factor = Fraction(work.factor.numerator, work.factor.denominator)
        return round(shown.duration_frames * factor), shown.start_frame
    if spec.WhichOneof("work") in ("inpaint", "outpaint"):
        shown = (spec.inpaint if spec.HasField("inpaint") else spec.outpaint).output_range
        return shown.duration_frames, shown.start_frame
    if spec.WhichOneof("work") == "generate":
        return spec.generate.duration.frames, 0
    head = spec.extend.head.frames
    return head or spec.extend.tail.frames, -head if head else 50


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The contract, and it alone, is for every editor."""
    if metafunc.cls is not None and "stage" in metafunc.fixturenames:
        metafunc.parametrize("driver", DRIVERS, scope="module")  # all tests of one, then the next
