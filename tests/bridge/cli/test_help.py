import subprocess
import sys

import pytest

HEAVY = ("torch", "grpc", "google.protobuf", "opentimelineio", "numpy", "av", "cv2", "tqdm")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["extend", "--help"],
        ["interpolate", "--help"],
        ["inpaint", "--help"],
        ["demo", "--help"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from longtake_bridge.cli.main import run\n"
        f"code = run({arguments!r})\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print('LOADED', code, loaded)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "LOADED 0 []"


def test_every_command_says_what_it_does(longtake) -> None:
    listed = longtake("--help").out.split("Commands:")[1].split("\n\n")[0].split("\n")
    names = [line.split()[0] for line in listed if line.strip()]
    assert len(names) >= 11
    for name in names:
        answer = longtake(name, "--help")
        assert answer.code == 0
        assert answer.out.startswith(f"Usage: longtake {name}")


@pytest.mark.parametrize(
    ("command", "offered"),
    [
        ("extend", {"--no-audio", "--music", "--deinterlace"}),
        ("fill", {"--no-audio", "--music", "--deinterlace"}),
        ("interpolate", {"--no-audio", "--music", "--deinterlace"}),
        ("inpaint", {"--no-audio", "--deinterlace"}),
        ("outpaint", {"--no-audio", "--deinterlace"}),
        ("animate", {"--no-audio", "--deinterlace"}),
        ("generate", {"--deinterlace"}),  # of its --input
        ("broll", set()),
    ],
)
def test_only_options_that_do_something_are_offered(
    longtake, command: str, offered: set[str]
) -> None:
    words = set(longtake(command, "--help").out.split())
    assert words & {"--no-audio", "--music", "--deinterlace"} == offered


@pytest.mark.parametrize("command", ["probe", "takes", "inpaint"])
def test_an_empty_path_is_not_the_folder_we_are_in(longtake, command: str) -> None:
    answer = longtake(command, "")
    assert answer.code == 2
    assert answer.err == "longtake: A path is empty; name a file.\n"


def test_an_option_that_is_not_there_is_one_sentence(longtake) -> None:
    answer = longtake("fill", "a.otio", "--only-new")
    assert answer.code == 2
    assert answer.err == (
        "longtake: No such option '--only-new' (perhaps --connect); see `longtake fill --help`.\n"
    )


def test_alone_it_shows_the_help(longtake) -> None:
    answer = longtake()
    assert answer.code == 2
    assert "extend" in answer.out + answer.err


def test_runs_as_a_module() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "longtake_bridge", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.startswith("longtake ")


def test_it_is_cancelled_while_it_is_loaded() -> None:
    script = (
        "import sys\n"
        "from longtake_bridge.__main__ import main\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "main()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (130, "longtake: Cancelled.\n")


def test_the_bridge_never_loads_the_engine() -> None:
    script = (
        "import sys, pkgutil, importlib, longtake_bridge\n"
        "for module in pkgutil.walk_packages(longtake_bridge.__path__, 'longtake_bridge.'):\n"
        "    if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
        "print([n for n in ('torch', 'numpy', 'av', 'cv2', 'longtake_engine') if n in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
