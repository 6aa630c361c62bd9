"""Jobs in Kdenlive's own menu: entered, taken out, and run as Kdenlive runs them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

OTHERS = "[Ids]\ncustom=My job\n\n[Binary]\ncustom=/usr/bin/ffmpeg\n\n"
FAKE = """
import pathlib, sys, time
print("making 3/12 frames, 2 s left", file=sys.stderr, flush=True)
if "hold" in sys.argv[2]:
    pathlib.Path(sys.argv[2] + ".started").touch()
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pathlib.Path(sys.argv[2] + ".cancelled").touch()
        sys.exit(130)
pathlib.Path(sys.argv[-1]).write_text(" ".join(sys.argv[1:]))
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `longtake` that only writes down what it was asked for."""
    (tmp_path / "fake.py").write_text(FAKE)
    command = [sys.executable, str(tmp_path / "fake.py")]
    monkeypatch.setenv("LONGTAKE_COMMAND", json.dumps(command))


def test_others_jobs_stay(module: Any, tmp_path: Path) -> None:
    path = tmp_path / "clipjobsettings.rc"
    path.write_text(OTHERS)
    job = module("longtake_clip_job")
    job.write_jobs(str(path), "/plugin/longtake-job")
    text = path.read_text()
    assert "custom=My job" in text and "longtake_tail=Longtake: extend tail" in text
    job.write_jobs(str(path), "/plugin/longtake-job")
    assert path.read_text() == text
    job.write_jobs(str(path), "/plugin/longtake-job", remove=True)
    assert path.read_text() == OTHERS


def test_nothing_is_left_where_there_was_nothing(module: Any, tmp_path: Path) -> None:
    path = tmp_path / "clipjobsettings.rc"
    module("longtake_clip_job").write_jobs(str(path), "/plugin/longtake-job")
    module("longtake_clip_job").write_jobs(str(path), "/plugin/longtake-job", remove=True)
    assert not path.exists()


def words_of_kdenlive(settings: Path, job: str, **tokens: str) -> list[str]:
    """The command that Kdenlive starts, put together as its customjobtask.cpp of 23.08 does.

    The parameters are parted at blanks, whatever is quoted, and only then is a token of a word
    replaced; the program is started without a shell and has to be there.
    """
    groups: dict[str, dict[str, str]] = {}
    group: dict[str, str] = {}
    for line in settings.read_text().splitlines():
        if line.startswith("["):
            group = groups.setdefault(line.strip("[]"), {})
        elif line:
            name, _, value = line.partition("=")
            group[name] = value
    binary, words = groups["Binary"][job], groups["Parameters"][job].split(" ")
    assert Path(binary).is_file()
    assert "v" in groups["EnabledTypes"][job]
    assert tokens["param1"] in groups["Param1List"][job].split("  ")
    for name, value in tokens.items():
        words = [word.replace(f"{{{name}}}", value) for word in words if word]
    return [binary, *words]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("job", "param1", "asked"),
    [
        ("longtake_tail", "2s", "extend {source} --tail 2s -o {output}"),
        ("longtake_head", "10s", "extend {source} --head 10s -o {output}"),
        ("longtake_slow", "4", "interpolate {source} --factor 4 -o {output}"),
    ],
)
def test_what_is_entered_is_what_kdenlive_can_start(
    plugin: Path, tmp_path: Path, job: str, param1: str, asked: str
) -> None:
    folder = tmp_path / "a folder" / "it's mine"
    shutil.copytree(plugin, folder)
    settings = tmp_path / "share/kdenlive/clipjobsettings.rc"
    settings.parent.mkdir(parents=True)
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path / "share"), "HOME": str(tmp_path)}
    jobs = [sys.executable, str(folder), "jobs"]
    subprocess.run([*jobs, "add"], env=environment, check=True, capture_output=True)
    tokens = {"source": str(tmp_path / "a clip.mov"), "output": str(tmp_path / "a clip-0001.mov")}
    words = words_of_kdenlive(settings, job, param1=param1, **tokens)
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    assert Path(tokens["output"]).read_text() == asked.format(**tokens)
    subprocess.run([*jobs, "remove"], env=environment, check=True, capture_output=True)
    assert not settings.exists() and not (folder / "longtake-job").exists()


def test_a_job_tells_how_far_it_is(fake: None, plugin: Path, tmp_path: Path) -> None:
    out = tmp_path / "a clip-0001.mov"
    words = ["jobs", "run", "--tail", "2s", "/films/a clip.mov", str(out)]
    done = subprocess.run(
        [sys.executable, str(plugin), *words], check=True, capture_output=True, timeout=60
    )
    assert b"percentage: 25" in done.stderr
    assert out.read_text() == f"extend /films/a clip.mov --tail 2s -o {out}"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_killed_job_cancels_the_work(fake: None, plugin: Path, tmp_path: Path) -> None:
    held = tmp_path / "hold"
    words = ["jobs", "run", "--tail", "2s", str(held), str(tmp_path / "out.mov")]
    process = subprocess.Popen([sys.executable, str(plugin), *words], stderr=subprocess.DEVNULL)
    try:
        wait_for(held.with_name("hold.started"))
        os.kill(process.pid, signal.SIGKILL)
        wait_for(held.with_name("hold.cancelled"))
    finally:
        process.kill()
        process.wait()


def wait_for(path: Path) -> None:
    deadline_s = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline_s, f"{path.name} is not there"
        time.sleep(0.02)
