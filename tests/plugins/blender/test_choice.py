"""What the panel's fields mean for Longtake; needs no Blender."""

import importlib
import sys
from collections.abc import Iterator
from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from longtake_bridge.host.context import Settings
from longtake_bridge.plugin.source import plugins_folder, read_shared
from msgspec import convert


@pytest.fixture(scope="module")
def choice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module as it lies in the plugin's folder; the package itself would want Blender."""
    folder = tmp_path_factory.mktemp("plugin")
    own = (plugins_folder() / "blender" / "choice.py").read_bytes()
    for name, content in (*read_shared(), ("choice.py", own)):
        (folder / name).write_bytes(content)
    package = ModuleType("longtake_in_blender")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    yield importlib.import_module("longtake_in_blender.choice")
    for name in [name for name in sys.modules if name.startswith(package.__name__)]:
        del sys.modules[name]


def exact(kind: type, value: str) -> Fraction:
    """As the session reads numbers that are written as text."""
    return Fraction(value)


def fields(**others: Any) -> SimpleNamespace:
    value = {"length_s": 1.0, "factor": 2.5, "follow": "ripple", "quality": "best"}
    value |= {"model": "auto", "take_count": 3, "prompt": "", "negative_prompt": "", "what": ""}
    value |= {"size": "1080x1920", "follow_subject": False, "still": ""}
    return SimpleNamespace(**(value | others))


@pytest.mark.parametrize("task", ["extend", "fill_gap", "smooth_jump_cut", "slow_motion"])
def test_longtake_understands_what_is_chosen(choice: ModuleType, task: str) -> None:
    chosen = fields(prompt="rain", model="loop")
    settings = convert(choice.settings_of(chosen, task, "head", 23.976), Settings, dec_hook=exact)
    assert (settings.take_count, settings.prompt, settings.model) == (3, "rain", "loop")
    assert settings.head == ("24f" if task == "extend" else None)
    assert settings.factor == (2.5 if task == "slow_motion" else None)
    assert settings.follow == ("ripple" if task in ("extend", "slow_motion") else "gap")
    assert settings.quality == ("standard" if task == "extend" else "best")


def _whole(path: str) -> str:
    return path.replace("//", "/p/")


def test_what_a_new_shape_and_a_new_shot_ask_for(choice: ModuleType) -> None:
    chosen = fields(follow_subject=True, still="//a.png", prompt="a harbour")
    shape = convert(choice.settings_of(chosen, "outpaint", "tail", 25), Settings, dec_hook=exact)
    assert (shape.size, shape.follow_subject, shape.stills) == ("1080x1920", True, ())
    said = choice.settings_of(
        chosen, "generate", "tail", 25, lambda path: path.replace("//", "/p/")
    )
    shot = convert(said, Settings, dec_hook=exact)
    assert (shot.stills, shot.duration, shot.prompt) == (("/p/a.png",), "25f", "a harbour")
    assert shot.size is None and not shot.follow_subject


def test_the_shortest_extension_is_a_frame(choice: ModuleType) -> None:
    assert choice.settings_of(fields(length_s=0.01), "extend", "tail", 25)["tail"] == "1f"


@pytest.mark.parametrize("text", ["{", "[]", "1"])
def test_settings_that_are_none(choice: ModuleType, text: str) -> None:
    with pytest.raises(choice.Problem, match="no JSON object"):
        choice.given_settings(text)
    assert choice.given_settings("") == {}


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["a.0007.png", "a.0008.png"], "a.%04d.png"),
        (["v2_098.exr", "v2_099.exr", "v2_100.exr"], "v2_%03d.exr"),
        (["a.0007.png", "a.0009.png"], None),
        (["a1.png", "b2.png"], None),
        (["a9.png", "a10.png"], None),
        (["title.png"], None),
    ],
)
def test_images_that_follow_each_other(
    choice: ModuleType, names: list[str], pattern: str | None
) -> None:
    assert choice.pattern_of(names) == pattern
