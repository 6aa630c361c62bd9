"""What was made window by window outlives the process that made it."""

import json
import os
import signal
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.jobs.job import Cancelled, Succeeded
from longtake_engine.media.probe import probe
from longtake_engine.media.still import write_png
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.media import make_clip
from longtake_engine.work import Extend, Inpaint, Interpolate, Length, Output, Spec

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of unix")
KNOWN = 24
RATE = Fraction(24)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mkv", rate=RATE, size=(64, 48), frames=KNOWN)


def spec_of(clip: Path, name: str, *, head: int = 0, tail: int = 0) -> Spec:
    work = Extend(
        clip,
        Length(frames=head) if head else None,
        Length(frames=tail) if tail else None,
    )
    path = clip.with_name(f"{name}.mkv")
    return Spec(work=work, output=Output(path, "ffv1", no_audio=True))


def windows(folder: Path) -> list[Path]:
    """What is kept whole."""
    return sorted(folder.glob(".*.windows/**/window-*.npz"))


def pictures(path: Path) -> list[tuple[np.ndarray, ...]]:
    with VideoReader(probe(path)) as reader:
        return [picture.planes for picture in reader.frames()]


def same(first: Path, second: Path) -> bool:
    ones, others = pictures(first), pictures(second)
    assert len(ones) == len(others) > KNOWN
    return all(
        np.array_equal(a, b)
        for one, other in zip(ones, others, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def worker_pid(bench) -> int:
    return json.loads((bench.home / "worker.json").read_text())["pid"]


def made_twice(spec: Spec) -> list[int]:
    """The windows beyond the clip that were made more than once, by their first frames."""
    lines = spec.output.path.with_suffix(".log").read_text().split()
    counts = Counter(int(line) for line in lines)
    beyond = {start: n for start, n in counts.items() if start < 0 or start >= KNOWN}
    assert beyond
    return [start for start, n in beyond.items() if n > 1]


def test_thirty_seconds_by_small_windows_go_on_after_a_kill(new_window_bench, clip, until):
    bench = new_window_bench()
    job = bench.queue.create(spec_of(clip, "killed", tail=720))
    until(lambda: len(windows(clip.parent)) >= 10)
    os.kill(worker_pid(bench), signal.SIGKILL)
    job = bench.end(job)
    assert isinstance(job.state, Succeeded)
    assert job.attempt == 2
    assert made_twice(job.spec) == []
    plain = bench.end(bench.queue.create(spec_of(clip, "plain", tail=720)))
    assert len(pictures(plain.spec.output.path)) == KNOWN + 720
    assert same(job.spec.output.path, plain.spec.output.path)
    assert list(clip.parent.glob(".*.windows")) == []


def test_a_head_goes_on_after_a_kill(new_window_bench, clip, until):
    bench = new_window_bench()
    job = bench.queue.create(spec_of(clip, "killed", head=150))
    until(lambda: len(windows(clip.parent)) >= 3)
    os.kill(worker_pid(bench), signal.SIGKILL)
    job = bench.end(job)
    assert job.attempt == 2
    assert made_twice(job.spec) == []
    plain = bench.end(bench.queue.create(spec_of(clip, "plain", head=150)))
    assert same(job.spec.output.path, plain.spec.output.path)


@pytest.mark.parametrize("kind", ["gap", "hole"])
def test_other_work_goes_on_after_a_kill(new_window_bench, clip, until, kind):
    def spec(name: str) -> Spec:
        output = Output(clip.with_name(f"{name}.mkv"), "ffv1", no_audio=True)
        if kind == "gap":
            return Spec(Interpolate((clip, clip), duration=Length(frames=150)), output)
        long = clip.with_name("long.mkv")
        if not long.exists():
            make_clip(long, rate=RATE, size=(64, 48), frames=150)
        return Spec(Inpaint(long, mask_path=clip.with_name("mask.png")), output)

    mask = np.zeros((48, 64, 3), np.uint8)
    mask[20:32, 20:40] = 255
    write_png(clip.with_name("mask.png"), mask)
    bench = new_window_bench()
    job = bench.queue.create(spec("killed"))
    until(lambda: len(windows(clip.parent)) >= 3)
    os.kill(worker_pid(bench), signal.SIGKILL)
    job = bench.end(job)
    assert isinstance(job.state, Succeeded)
    assert job.attempt == 2
    plain = bench.end(bench.queue.create(spec("plain")))
    assert same(job.spec.output.path, plain.spec.output.path)
    assert list(clip.parent.glob(".*.windows")) == []


def test_a_daemon_that_went_down_goes_on_at_its_next_start(new_window_bench, clip, until):
    first = new_window_bench()
    job = first.queue.create(spec_of(clip, "stopped", tail=300))
    until(lambda: len(windows(clip.parent)) >= 3)
    first.stop()
    kept = windows(clip.parent)
    assert len(kept) >= 3
    second = new_window_bench()
    job = second.end(job)
    assert isinstance(job.state, Succeeded)
    assert made_twice(job.spec) == []
    assert windows(clip.parent) == []


def test_nothing_is_kept_of_a_cancelled_job(new_window_bench, clip, until):
    bench = new_window_bench()
    job = bench.queue.create(spec_of(clip, "cancelled", tail=720))
    until(lambda: len(windows(clip.parent)) >= 3)
    assert isinstance(bench.queue.cancel(job.id).state, Cancelled)
    assert list(clip.parent.glob(".*.windows")) == []
