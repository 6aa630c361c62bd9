from fractions import Fraction
from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.footage.transcript import Passage, join_sentences, read_transcript


def read(tmp_path: Path, name: str, text: str | bytes) -> list[tuple[str, float, float | None]]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [
        (one.text, float(one.start_s), None if one.end_s is None else float(one.end_s))
        for one in read_transcript(path)
    ]


def test_subrip_with_tags_and_no_blank_lines(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,500 --> 00:00:03,000\n<i>The harbour</i>\nwakes.\n"
        "2\n00:00:04,000 --> 00:00:05,250\n{\\an8}Gulls.\n"
    )
    assert read(tmp_path, "a.srt", text) == [
        ("The harbour wakes.", 1.5, 3.0),
        ("Gulls.", 4.0, 5.25),
    ]


def test_webvtt_without_hours_and_with_settings(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\nintro\n00:01.000 --> 00:02.500 align:start\nHello\n\n"
        "01:00:00.000 --> 01:00:01.000\nLater\n"
    )
    assert read(tmp_path, "a.vtt", text) == [("Hello", 1.0, 2.5), ("Later", 3600.0, 3601.0)]


@pytest.mark.parametrize(
    "text",
    [
        "00:05 The harbour wakes.\nGulls cry.\n00:00:09 A boat leaves.\n",
        "[0:05] The harbour wakes.\nGulls cry.\n\n[0:09] A boat leaves.",
        "00:00:05.000 - The harbour wakes.\n  Gulls cry.\n00:00:09: A boat leaves.",
    ],
)
def test_plain_text_with_times(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, "a.txt", text) == [
        ("The harbour wakes. Gulls cry.", 5.0, 9.0),
        ("A boat leaves.", 9.0, None),
    ]


def test_plain_text_may_say_from_when_to_when(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", "00:05-00:07 Gulls.") == [("Gulls.", 5.0, 7.0)]


def test_old_encodings_are_read(tmp_path: Path) -> None:
    for data in ("00:05 Möwen".encode("latin-1"), "00:05 Möwen".encode("utf-16")):
        assert read(tmp_path, "a.txt", data) == [("Möwen", 5.0, None)]


def test_what_says_nothing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="nothing with a time"):
        read(tmp_path, "a.txt", "No times here.")
    with pytest.raises(BridgeError, match="is not there"):
        read_transcript(tmp_path / "nowhere.srt")


def test_a_sentence_over_several_subtitles_is_one_passage() -> None:
    passages = tuple(
        Passage(text, Fraction(start), Fraction(end))
        for text, start, end in (
            ("The harbour", 0, 2),
            ("wakes early.", 2, 3),
            ("Gulls", 4, 5),
            ("cry", 9, 10),
        )
    )
    joined = join_sentences(passages, longest_s=Fraction(8))
    assert [(one.text, one.start_s, one.end_s) for one in joined] == [
        ("The harbour wakes early.", 0, 3),
        ("Gulls", 4, 5),
        ("cry", 9, 10),  # after too long a pause
    ]
    assert len(join_sentences(passages, longest_s=Fraction(2))) == 4
