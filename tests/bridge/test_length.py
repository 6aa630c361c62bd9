from fractions import Fraction

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length, parse_length, parse_rate


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2s", Length(seconds=Fraction(2))),
        ("1.5s", Length(seconds=Fraction(3, 2))),
        (".04s", Length(seconds=Fraction(1, 25))),
        ("48f", Length(frames=48)),
        (" 48f ", Length(frames=48)),
        ("00:00:02:00", Length(timecode="00:00:02:00")),
        ("00:01:00;02", Length(timecode="00:01:00;02")),
    ],
)
def test_reads_what_people_type(text: str, length: Length) -> None:
    assert parse_length(text) == length
    assert parse_length(str(length)) == length


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("0s", "adds nothing"),
        ("0.0s", "adds nothing"),
        ("0f", "adds nothing"),
        ("00:00:00:00", "adds nothing"),
        ("-1s", "less than nothing"),
        ("-48f", "less than nothing"),
        ("-00:00:02:00", "less than nothing"),
        ("2", "not a length"),
        ("", "not a length"),
        ("2 sec", "not a length"),
        ("1.5f", "not a length"),
        ("1e3s", "not a length"),
        ("infs", "not a length"),
        ("00:99:00:00", "not a length"),
        ("9999999999999999999999f", "not a length"),
        ("٢s", "not a length"),  # a digit, but none of ours
    ],
)
def test_refuses_the_rest_in_one_sentence(text: str, word: str) -> None:
    with pytest.raises(BridgeError) as caught:
        parse_length(text)
    assert word in caught.value.sentence
    assert "2s, 48f or 00:00:02:00" in caught.value.sentence
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        ("12.5", Fraction(25, 2)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
        ("25/1", Fraction(25)),
    ],
)
def test_reads_rates(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["0", "-24", "fast", "24/0", "nan", "1/2/3", ""])
def test_refuses_what_is_no_rate(text: str) -> None:
    with pytest.raises(BridgeError) as caught:
        parse_rate(text)
    assert caught.value.exit_code == 2
