from fractions import Fraction
from pathlib import Path

import pytest
from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.interpolate import interpolate_media, interpolate_spec
from longtake_bridge.length import Length
from longtake_bridge.option import InterpolateOptions
from longtake_bridge.testing import FakeEngine, Script, example_take

A, B = Path("/clips/a.mov"), Path("/clips/b.mov")


def test_what_is_shown_of_two_shots_goes_along(tmp_path: Path) -> None:
    options = InterpolateOptions(
        duration=Length(frames=7), shown=((10, 90), (0, 48)), join="morph", quality="draft"
    )
    work = interpolate_spec([A, B], tmp_path / "gap.mov", options=options).interpolate
    ranges = [(span.start_frame, span.duration_frames) for span in work.input_ranges]
    assert ranges == [(10, 90), (0, 48)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (InterpolateOptions(factor=Fraction(2), quality="superb"), '--quality "superb"'),
        (InterpolateOptions(factor=Fraction(2**40, 3)), "--factor is too fine"),
    ],
)
def test_what_python_alone_can_get_wrong(options: InterpolateOptions, sentence: str) -> None:
    with pytest.raises(BridgeError, match=sentence) as caught:
        interpolate_spec([A], Path("out.mov"), options=options)
    assert caught.value.reason == "WRONG_CALL"


def test_a_join_that_is_none() -> None:
    options = InterpolateOptions(duration=Length(frames=2), join="wipe")
    with pytest.raises(BridgeError, match='no --join "wipe"'):
        interpolate_spec([A, B], Path("out.mov"), options=options)


def test_a_prompt_that_nobody_hears_is_told(fake: FakeEngine, home, tmp_path: Path) -> None:
    fake.script = Script(takes=(example_take(tmp_path / "out.mov"),))
    options = InterpolateOptions(factor=Fraction(2), prompt="rain")
    with Engine.open(home=home) as engine:
        result = interpolate_media(engine, [tmp_path / "a.mov"], options=options)
    assert result.notes == ("motion hears no prompt; it changed nothing.",)
