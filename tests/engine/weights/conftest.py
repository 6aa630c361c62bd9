import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from longtake_engine.errors import Busy, EngineError
from longtake_engine.jobs.errand import ErrandDesk
from longtake_engine.jobs.errand_message import (
    Errand,
    ErrandEvent,
    InstallErrand,
    Settled,
    StoreProgress,
)
from longtake_engine.weights.store import ModelStore

pytest.importorskip("huggingface_hub", reason="needs the extra `weights`")
pytest.importorskip("safetensors", reason="needs the extra `weights`")

from longtake_engine.testing.hub import FakeHub, tiny_pipeline

NAME = "wan-vace-1.3b"
REPOSITORY = "Wan-AI/Wan2.1-VACE-1.3B-diffusers"
WEIGHTS = "transformer/diffusion_pytorch_model-1-of-2.safetensors"
ERRAND = InstallErrand(name=NAME, accept_license=False, to_folder=None, revision="", dry_run=False)


@dataclass
class Outcome:
    events: list[ErrandEvent] = field(default_factory=list)
    error: EngineError | None = None

    @property
    def settled(self) -> list[Settled]:
        return [event for event in self.events if isinstance(event, Settled)]

    @property
    def progress(self) -> list[StoreProgress]:
        return [event for event in self.events if isinstance(event, StoreProgress)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def store(home: Path) -> ModelStore:
    return ModelStore(home)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "hub"


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A hub that offers one model of the catalogue, tiny."""
    with FakeHub({REPOSITORY: tiny_pipeline(size=100_000)}) as hub:
        yield hub


@pytest.fixture
def settings(hub: FakeHub, cache: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "HF_ENDPOINT": hub.address,
        "HF_HUB_CACHE": str(cache),
        "HF_HOME": str(tmp_path / "hf"),
        "NO_PROXY": "127.0.0.1,localhost",
    }


@pytest.fixture
def desk(home: Path) -> Iterator[ErrandDesk]:
    desk = ErrandDesk(home=home)
    yield desk
    desk.stop()


@pytest.fixture
def run(desk: ErrandDesk, settings: dict[str, str]) -> Callable[..., Outcome]:
    """Runs an errand to its end, in its own process."""

    def call(errand: Errand, **other: str) -> Outcome:
        outcome = Outcome()
        with desk.run(errand, settings | other) as running:
            try:
                outcome.events += [event for event, _ in running]
            except EngineError as error:
                outcome.error = error
        return outcome

    return call


@pytest.fixture
def install(run: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Installs the model that the hub offers."""

    def call(
        name: str = NAME,
        *,
        accept: bool = False,
        to: Path | None = None,
        revision: str = "",
        dry_run: bool = False,
        **other: str,
    ) -> Outcome:
        errand = InstallErrand(
            name=name, accept_license=accept, to_folder=to, revision=revision, dry_run=dry_run
        )
        return run(errand, **other)

    return call


@pytest.fixture
def begun(desk: ErrandDesk, settings: dict[str, str], store: ModelStore, hub: FakeHub, cache: Path):
    """Ends a download in the midst of a file, and gives the piece that it leaves."""

    def begin() -> Path:
        hub.held[WEIGHTS] = 300_000
        with desk.run(ERRAND, settings) as running:
            events = iter(running)
            while getattr(next(events)[0], "file", "") != WEIGHTS:
                pass
            assert hub.reached.wait(30)
            piece = _wait_for_piece(cache)
            with pytest.raises(Busy, match="already"):
                store.remove(NAME)
        return piece

    return begin


def _wait_for_piece(cache: Path) -> Path:
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s:
        for path in cache.rglob("*.incomplete"):
            if path.stat().st_size > 200_000:
                return path
    raise AssertionError("nothing came")
