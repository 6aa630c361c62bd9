"""The doctor finds what is wrong in editors, and its report keeps secrets."""

import json
from pathlib import Path

import pytest
from longtake_bridge import checkup, diagnosis
from longtake_bridge.diagnosis import Privacy
from longtake_bridge.home import Home
from longtake_bridge.plugin import installation
from longtake_bridge.plugin.installation import NOTE_NAME, find_kind, install
from longtake_bridge.plugin.machine import Machine
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user of this machine, who has Pitivi and Blender."""
    folder = tmp_path / "home of cutter"
    (folder / "bin").mkdir(parents=True)
    for name in ("pitivi", "blender"):
        (folder / "bin" / name).write_text("#!/bin/sh\n")
        (folder / "bin" / name).chmod(0o755)
    machine = Machine("linux", folder, {"PATH": str(folder / "bin")})
    monkeypatch.setattr(checkup, "this_machine", lambda: machine)
    monkeypatch.setattr("longtake_bridge.plugin.machine.this_machine", lambda: machine)
    monkeypatch.setattr(Path, "home", lambda: folder)
    monkeypatch.setattr(diagnosis.getpass, "getuser", lambda: "cutter")
    room = tmp_path / "room" / "pitivi"
    room.mkdir(parents=True)
    (room / "plugin.py").write_text("PRESSED = 1\n")
    monkeypatch.setattr(installation, "plugins_folder", lambda: room.parent)
    return folder


def checks_of(longtake) -> dict[str, dict[str, str]]:
    answer = longtake("doctor", "--json")
    return {check["name"]: check for check in json.loads(answer.out)["checks"]}


def test_an_editor_without_longtake_in_it(fake: FakeEngine, user: Path, longtake) -> None:
    checks = checks_of(longtake)
    assert checks["Pitivi"]["state"] == "optional"
    assert checks["Pitivi"]["remedy"].startswith("longtake plugins install pitivi")
    assert checks["Blender"]["state"] == "ok"
    assert "no plugin for it yet" in checks["Blender"]["found"]
    assert "Kdenlive" not in checks


def test_a_plugin_that_is_well_and_three_that_are_not(
    fake: FakeEngine, home: Home, user: Path, longtake
) -> None:
    (done,) = install(find_kind("pitivi"), checkup.this_machine(), home)
    assert checks_of(longtake)["Longtake in Pitivi"]["state"] == "ok"
    (done.folder / "plugin.py").write_text("CHANGED = 1\n")
    check = checks_of(longtake)["Longtake in Pitivi"]
    assert (check["state"], check["remedy"]) == ("fault", "longtake plugins install pitivi")
    (done.folder / "plugin.py").unlink()
    assert checks_of(longtake)["Longtake in Pitivi"]["state"] == "fault"
    note = json.loads((done.folder / NOTE_NAME).read_text())
    note["command"] = ["/gone/longtake"]
    (done.folder / NOTE_NAME).write_text(json.dumps(note))
    check = checks_of(longtake)["Longtake in Pitivi"]
    assert check["state"] == "fault"
    assert "/gone/longtake, which is gone" in check["found"]


def test_how_footage_is_searched(fake: FakeEngine, user: Path, longtake) -> None:
    check = checks_of(longtake)["Search of footage"]
    assert (check["state"], check["found"]) == ("optional", "by word stems")
    assert "longtake[search]" in check["remedy"]
    fake.sentence_model = "tiny"
    check = checks_of(longtake)["Search of footage"]
    assert (check["state"], check["found"]) == ("ok", "by meaning (tiny)")


def test_the_doctor_looks_at_another_engine_and_starts_none(
    home: Home, user: Path, longtake, tmp_path_factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGTAKE_TOKEN", "secret")
    with FakeEngine(Home(tmp_path_factory.mktemp("other"))) as other:
        answer = longtake("doctor", "--connect", other.address, "--json")
        checks = {check["name"]: check for check in json.loads(answer.out)["checks"]}
        assert other.address in checks["Engine"]["found"]
    assert not home.endpoint_path.exists()
    answer = longtake("doctor", "--connect", "127.0.0.1:1")
    assert answer.code == 4
    assert "✖ Engine" in answer.out


def test_the_report_names_no_path_of_the_user(
    fake: FakeEngine, home: Home, user: Path, longtake, tmp_path: Path
) -> None:
    secret = user / "Client Nine" / "the big reveal.mov"
    fake.script = Script(
        failure=Fault(f"{secret} holds no video, nor does the big reveal.mov.", "BAD_INPUT", 9)
    )
    longtake("extend", secret, "--tail", "2s", "-o", tmp_path / "secret plan.mov")
    fake.script = Script(takes=(example_take(tmp_path / "secret plan.mov"),))
    longtake("extend", secret, "--tail", "2s", "-o", tmp_path / "secret plan.mov")
    (home.folder / "daemon.log").write_text(
        f"12:00:01 INFO reading {secret}\n"
        "12:00:02 INFO reading '/mnt/Client Ten/other film.mkv', 25/1 fps, 4 of 5\n"
        "12:00:03 WARNING D:\\Client Ten\\other film.mkv is slow for cutter\n"
        "12:00:04 INFO serving at unix:/run/user/1000/client-ten/s.sock\n"
        "12:00:05 INFO file:///mnt/Client%20Ten/c.mov\n"
        "12:00:06 INFO loaded /usr/lib/x86_64/libav.so\n"
    )
    install(find_kind("pitivi"), checkup.this_machine(), home)
    report = tmp_path / "out" / "report.txt"
    report.parent.mkdir()
    answer = longtake("doctor", "--report", report)
    assert str(report) in answer.out
    text = report.read_text("utf-8")
    for word in ("Client", "client", "reveal", "film.mkv", "secret", "cutter", str(tmp_path)):
        assert word not in text, text
    assert "BAD_INPUT" not in text
    assert "failed" in text
    assert "succeeded" in text
    assert "holds no video" in text
    assert "25/1 fps, 4 of 5" in text
    assert "/usr/lib/x86_64/libav.so" in text
    assert "~/.local/share/pitivi/plugins/longtake" in text
    assert "[ok] Python" in text


def test_the_report_has_a_name_by_itself(
    fake: FakeEngine, user: Path, longtake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = longtake("doctor", "--json", "--report")
    assert json.loads(answer.out)["report"] == "longtake-report.txt"
    assert (tmp_path / "longtake-report.txt").is_file()


def test_a_report_that_cannot_be_written(fake: FakeEngine, user: Path, longtake) -> None:
    answer = longtake("doctor", "--report", "/nowhere/at/all.txt")
    assert answer.code == 2
    assert "cannot be written" in answer.err


def test_the_users_name_is_left_out_but_not_out_of_words(tmp_path: Path) -> None:
    privacy = Privacy(tmp_path, "art", (), ())
    assert privacy.clean("art started it") == "<user> started it"


def test_status_of_another_engine(
    home: Home, longtake, tmp_path_factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGTAKE_TOKEN", "secret")
    with FakeEngine(Home(tmp_path_factory.mktemp("other"))) as other:
        answer = longtake("status", "--connect", other.address)
        assert answer.code == 0
        assert answer.out == (f"The engine runs at {other.address}.\nJobs: 0 running, 0 queued.\n")
        value = json.loads(longtake("status", "--connect", other.address, "--json").out)
        assert (value["serving"], value["pid"], value["home"]) == (True, None, None)
        answer = longtake("stop", "--connect", other.address)
        assert answer.code == 4
        assert "not this user's own" in answer.err
    assert longtake("status", "--connect", "127.0.0.1:1").code == 4
    assert not home.folder.exists()
