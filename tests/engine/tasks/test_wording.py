from pathlib import Path

import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.models.catalog import list_models
from longtake_engine.models.schedule.voice import WindowVoice
from longtake_engine.tasks import wording
from longtake_engine.tasks.run import run
from longtake_engine.tasks.wording import word
from longtake_engine.work import (
    CameraMove,
    Extend,
    Generate,
    Guidance,
    Length,
    Output,
    Spec,
    Take,
    Work,
)
from msgspec.structs import replace

SHOT = Generate(Length(frames=24))


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No language model is installed."""
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LONGTAKE_LANGUAGE_MODEL", raising=False)


def worded(guidance: Guidance, work: Work = SHOT) -> tuple[str, tuple[str, ...]]:
    spec, notes = word(Spec(work, Output(Path("out.mov")), guidance), CancelToken())
    return spec.guidance.prompt, notes


def test_a_prompt_goes_as_it_is_where_nothing_else_was_asked_for():
    assert worded(Guidance(prompt="A fox")) == ("A fox", ())
    assert worded(Guidance()) == ("", ())


def test_a_prompt_is_written_out_on_request_and_shown():
    prompt, (note,) = worded(Guidance(prompt="A fox", expand_prompt=True))
    assert prompt.startswith("A fox. Medium shot")
    assert prompt in note


def test_a_shot_that_goes_on_from_pictures_is_not_told_what_they_show(tmp_path):
    guidance = Guidance(prompt="A fox", expand_prompt=True, camera=CameraMove("pan_left"))
    told = "A fox. The camera pans to the left."
    assert worded(guidance, Extend(tmp_path / "clip.mov", tail=Length(frames=9)))[0] == told
    assert worded(guidance, replace(SHOT, still_paths=(tmp_path / "a.png",)))[0] == told
    assert "medium shot" in worded(guidance)[0].lower()


def test_a_chosen_camera_is_told_of_without_being_asked():
    guidance = Guidance(prompt="A fox", camera=CameraMove("dolly_in"))
    assert worded(guidance)[0] == "A fox. The camera dollies in."
    assert worded(replace(guidance, prompt=""))[0] == ""  # that would be a prompt nobody wrote


def test_takes_of_models_that_hear_no_prompt_have_no_note_of_it(do, clip, extend_spec, monkeypatch):
    guidance = Guidance(prompt="A fox", expand_prompt=True, camera=CameraMove("pan_left"))
    spec = replace(extend_spec(clip, tail=4), guidance=guidance)

    def take() -> Take:
        (only,) = (e for e in run(spec, job_id="j", cancel=CancelToken()) if isinstance(e, Take))
        return only

    assert not any("prompt" in note for note in take().notes)
    hears = [replace(model, takes_prompt=True) for model in list_models()]
    monkeypatch.setattr(wording, "list_models", lambda: hears)
    assert any("A fox. The camera pans to the left." in note for note in take().notes)


def test_what_a_backend_remarks_stands_once_on_its_own_takes(clip, extend_spec):
    cancel = CancelToken()
    for model in ("motion", "motion", "another"):
        WindowVoice(cancel, 0, 2).remark(model, f"{model} was tired.")
    spec = replace(extend_spec(clip, tail=4), model="motion")
    (take,) = (e for e in run(spec, job_id="j", cancel=cancel) if isinstance(e, Take))
    assert [note for note in take.notes if "tired" in note] == ["motion was tired."]
