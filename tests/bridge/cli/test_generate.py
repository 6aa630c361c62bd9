"""`longtake generate` through the daemon and a worker to a real file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.generate import generate_spec, parse_camera
from longtake_bridge.length import Length
from longtake_bridge.option import Camera, GenerateOptions, SiblingShot
from longtake_engine.media.still import write_png

Ask = Callable[..., tuple[int, dict]]


@pytest.fixture
def still(tmp_path: Path) -> Path:
    rows, columns = np.mgrid[:144, :256]
    path = tmp_path / "still.png"
    write_png(path, np.dstack([columns % 256, rows % 256, 40 + 0 * rows]).astype(np.uint8))
    return path


def test_a_shot_of_a_still_is_made_as_asked(ask: Ask, still: Path, tmp_path: Path) -> None:
    out = tmp_path / "shot.mov"
    code, value = ask(
        "generate", "--image", still, "--duration", "10f", "--rate", "23.976", "--size", "128x72",
        "--camera", "pan-right:0.8", "--takes", 2, "-o", out,
    )  # fmt: skip
    assert code == 0, value
    first, second = value["takes"]
    assert (first["media"], first["duration_frames"]) == (str(out), 10)
    assert (first["rate"], first["model"]) == ("24000/1001", "still")
    assert "pan right over still.png" in first["notes"][0]
    assert second["media"] == str(tmp_path / "shot-2.mov")
    _, media = ask("probe", out)
    video = media["video_streams"][0]
    assert (video["width"], video["height"], video["frame_count"]) == (128, 72, 10)
    assert media["audio_streams"] == []


def test_what_it_would_cost(ask: Ask, still: Path) -> None:
    code, value = ask("generate", "--image", still, "--duration", "1s", "--dry-run")
    assert code == 0, value
    assert value["estimates"][0]["total_frames"] == 24
    assert value["estimates"][0]["model"] == "still"


def test_words_alone_need_a_model(ask: Ask, tmp_path: Path) -> None:
    code, value = ask(
        "generate", "--prompt", "a harbour at dawn", "--duration", "1s", "-o", tmp_path / "a.mov"
    )
    assert code == 4
    assert value["error"]["reason"] == "NOT_POSSIBLE"
    assert not list(tmp_path.glob("*.mov"))


def test_a_prompt_is_shown_as_it_would_go_to_a_model(ask: Ask) -> None:
    code, value = ask("generate", "--prompt", "a harbour at dawn", "--show-prompt")
    assert code == 0, value
    assert value["prompt"].startswith("a harbour at dawn")
    assert value["added"]
    assert value["written_by"] == "template"
    code, value = ask("generate", "--show-prompt")
    assert code == 2
    assert "--prompt" in value["error"]["message"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": Length(frames=2)}, "--prompt TEXT, or --image"),
        ({"prompt": "a"}, "length"),
        ({"prompt": "a", "duration": Length(frames=2), "strength": 0.5}, "--input"),
        ({"input_path": Path("a.mov")}, "--strength"),
        ({"input_path": Path("a.mov"), "still_paths": (Path("a.png"),)}, "--input or --image"),
        ({"prompt": "a", "duration": Length(frames=2), "camera": Camera("spin")}, "spin"),
    ],
)
def test_a_call_that_means_nothing_is_a_sentence(options: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match=said) as refused:
        generate_spec(tmp_path / "a.mov", options=GenerateOptions(**options))
    assert refused.value.reason == "WRONG_CALL"


def test_all_that_is_asked_for_is_on_the_wire(tmp_path: Path) -> None:
    options = GenerateOptions(
        still_paths=(tmp_path / "a.png", tmp_path / "b.png"),
        duration=Length(frames=48),
        size=(1280, 720),
        like_path=tmp_path / "like.mov",
        prompt="rain",
        camera=parse_camera("orbit_left:0.25"),
        reference_paths=(tmp_path / "face.png",),
        expand_prompt=True,
        seed=7,
    )
    spec = generate_spec(tmp_path / "out.mov", options=options)
    assert list(spec.generate.still_paths) == [str(path) for path in options.still_paths]
    assert (spec.generate.size.width, spec.generate.size.height) == (1280, 720)
    assert spec.generate.like_path == str(options.like_path)
    assert (spec.guidance.camera.kind, spec.guidance.camera.amount) == (12, 0.25)
    assert list(spec.guidance.reference_paths) == [str(tmp_path / "face.png")]
    assert (spec.guidance.prompt, spec.guidance.expand_prompt, spec.guidance.seed) == (
        "rain",
        True,
        7,
    )


FOX = GenerateOptions(
    prompt="a red fox on a road",
    duration=Length(frames=48),
    same_subject="red fox",
    shots=(SiblingShot("a Red Fox in a bed"), SiblingShot("red fox", Length(frames=24))),
)


def test_shots_of_one_subject_are_one_job(tmp_path: Path) -> None:
    work = generate_spec(tmp_path / "out.mov", options=FOX).generate
    assert work.subject == "red fox"
    assert [shot.prompt for shot in work.shots] == ["a Red Fox in a bed", "red fox"]
    assert [shot.HasField("duration") for shot in work.shots] == [False, True]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shots": ()}, "two or more"),
        ({"same_subject": ""}, "--same-subject"),
        ({"same_subject": "dog"}, '"dog" is not in'),
        ({"take_count": 2}, "--takes"),
        ({"still_paths": (Path("a.png"),)}, "from words"),
    ],
)
def test_a_series_that_means_nothing_is_a_sentence(change: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match=said) as refused:
        generate_spec(tmp_path / "a.mov", options=replace(FOX, **change))
    assert refused.value.reason == "WRONG_CALL"


def test_a_series_without_a_model_says_which_would_do(ask: Ask, tmp_path: Path) -> None:
    code, value = ask(
        "generate", "--prompt", "a red fox on a road", "--shot", "a red fox in a bed",
        "--same-subject", "red fox", "--duration", "1s", "-o", tmp_path / "a.mov",
    )  # fmt: skip
    assert code == 4
    assert "wan-t2v-1.3b" in value["error"]["message"]


def test_an_amount_of_a_camera_is_a_number() -> None:
    assert parse_camera("dolly-in") == Camera("dolly-in", 0.0)
    for text in ("dolly-in:much", "dolly-in:2", "dive"):
        with pytest.raises(BridgeError):
            parse_camera(text)
