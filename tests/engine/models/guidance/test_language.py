from pathlib import Path

import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled
from longtake_engine.models.guidance.language import LanguageModel, find_language_model
from longtake_engine.models.guidance.prompt import expand
from longtake_engine.work import CameraMove

pytest.importorskip("transformers")
PROMPT = "A fox crosses a snowy road"
WRITTEN = (
    "A red fox crosses a snowy road. Wide shot, eye level, the camera pans left, cold light, 35 mm."
)


def model_that_says(folder: Path, answer: str, prompt: str = PROMPT) -> LanguageModel:
    from longtake_engine.models.guidance.language import asked
    from longtake_engine.testing.tiny_weights.language import make_language

    make_language(folder, question=asked(None, prompt), answer=answer)
    return LanguageModel(folder, folder.name)


def test_a_prompt_is_written_out_by_the_model(tmp_path):
    model = model_that_says(tmp_path / "tiny", f' Prompt: "{WRITTEN}"')
    expansion = model.expand(PROMPT, None, CancelToken())
    assert expansion.prompt == WRITTEN
    assert expansion.written_by == "tiny"
    assert expansion.notes == ()


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        (PROMPT, "A wolf howls at the moon over the hills, wide shot, low light."),
        (
            f"{PROMPT}, close-up",
            "Wide shot of a fox that crosses a snowy road in a close-up frame.",
        ),
        (f"{PROMPT}, handheld", "A fox crosses a snowy road, seen from a tripod in soft light."),
        (PROMPT, PROMPT),
    ],
)
def test_a_model_that_leaves_the_prompt_is_not_heard(tmp_path, prompt, answer):
    model = model_that_says(tmp_path / "tiny", f" {answer}", prompt)
    expansion = model.expand(prompt, None, CancelToken())
    assert expansion.prompt == expand(prompt).prompt
    assert expansion.written_by == "template"
    assert "did not keep to the prompt" in expansion.notes[-1]


def test_random_weights_end_in_the_template(tmp_path):
    from longtake_engine.testing.tiny_weights.language import make_language

    model = LanguageModel(make_language(tmp_path / "tiny"), "tiny")
    camera = CameraMove("pan_left")
    assert model.expand(PROMPT, camera, CancelToken()).prompt == expand(PROMPT, camera).prompt


def test_the_camera_is_asked_for_and_added_where_it_was_forgotten(tmp_path):
    answer = "A red fox crosses a snowy road between the firs, in a wide shot."
    prompt = f"{PROMPT} (the camera tilts up)"
    model = model_that_says(tmp_path / "tiny", f" {answer}", prompt)
    expansion = model.expand(PROMPT, CameraMove("tilt_up"), CancelToken())
    assert expansion.prompt == f"{answer} The camera tilts up."


def test_it_stops_between_words(tmp_path):
    model = model_that_says(tmp_path / "tiny", f" {WRITTEN}")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        model.expand(PROMPT, None, cancel)


def test_a_folder_is_found_by_its_setting_or_its_place(tmp_path, monkeypatch):
    from longtake_engine.testing.tiny_weights.language import make_language

    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path))
    monkeypatch.delenv("LONGTAKE_LANGUAGE_MODEL", raising=False)
    assert find_language_model() is None
    placed = make_language(tmp_path / "models" / "language")
    assert find_language_model() == LanguageModel(placed, "language")
    named = make_language(tmp_path / "named")
    monkeypatch.setenv("LONGTAKE_LANGUAGE_MODEL", str(named))
    assert find_language_model() == LanguageModel(named, "named")


def test_pickled_and_broken_weights_are_refused_with_a_sentence(tmp_path, monkeypatch):
    from longtake_engine.testing.tiny_weights.language import make_language

    pickled = tmp_path / "pickled"
    pickled.mkdir()
    (pickled / "config.json").write_text("{}")
    (pickled / "pytorch_model.bin").write_bytes(b"\x80")
    monkeypatch.setenv("LONGTAKE_LANGUAGE_MODEL", str(pickled))
    with pytest.raises(BadInput, match="only pickled weights"):
        find_language_model()
    broken = make_language(tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(BadInput, match="cannot be loaded"):
        LanguageModel(broken, "broken").expand(PROMPT, None, CancelToken())


def test_an_installed_one_writes_under_its_own_name(tmp_path, monkeypatch):
    from longtake_engine.models.guidance.language import asked
    from longtake_engine.models.guidance.writing import write_out
    from longtake_engine.testing.tiny_store import take_into_use
    from longtake_engine.testing.tiny_weights.language import make_language

    name = "qwen2.5-1.5b-instruct"
    # In the layout of the hub's cache, where a folder is called by its commit.
    folder = tmp_path / "models--Qwen--Qwen2.5-1.5B-Instruct" / "snapshots" / "abc123"
    make_language(folder, question=asked(None, PROMPT), answer=f" {WRITTEN}")
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LONGTAKE_LANGUAGE_MODEL", raising=False)
    take_into_use(folder, tmp_path / "home")
    expansion = write_out(PROMPT, None, CancelToken())
    assert (expansion.prompt, expansion.written_by) == (WRITTEN, name)
