import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, NotPossible, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.tasks.extend.note import take_notes
from longtake_engine.tasks.note import LOW
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.film import write_film
from longtake_engine.testing.media import make_clip
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Generate, Guidance, Length, Output, Score, Spec

GOOD = Score(0.8, 32.0, 25.0, 0.9, 1.0)
POOR = Score(LOW - 0.05, 19.0, 21.0, 0.5, 0.4)
UNMEASURED = Score(0.0, 0.0, 0.0, 0.0, 0.0)


def test_what_it_would_cost(clip, extend_spec, out):
    reckoned = estimate(extend_spec(clip, head=4, tail=8))
    assert reckoned.model == "motion"
    assert reckoned.new_frames == 12
    assert reckoned.total_frames == 36
    assert 0 < reckoned.seconds < 60
    assert 50_000_000 < reckoned.memory_bytes < 1_500_000_000
    assert reckoned.disk_free_bytes > 0
    assert list(out.parent.iterdir()) == []  # reckoned, not made


def test_the_disk_it_would_take_is_of_the_right_size(clip, extend_spec, do, tmp_path):
    path = tmp_path / "out" / "take.mov"
    options = {"tail": 8, "codec": "prores", "path": path}
    reckoned = estimate(extend_spec(clip, **options)).disk_bytes
    do(clip, no_audio=True, **options)
    assert path.stat().st_size / 4 < reckoned < path.stat().st_size * 4


def test_more_work_costs_more(clip, extend_spec):
    one = estimate(extend_spec(clip, tail=8))
    two = estimate(extend_spec(clip, tail=8, take_count=2))
    long = estimate(extend_spec(clip, tail=80))
    new = estimate(extend_spec(clip, tail=8, contents="new_only"))
    assert two.total_frames == 2 * one.total_frames
    assert min(two.seconds, long.seconds) > one.seconds > new.seconds
    assert min(two.disk_bytes, long.disk_bytes) > one.disk_bytes > new.disk_bytes
    assert new.total_frames == new.new_frames == 8


def test_memory_stays_under_a_gigabyte_and_a_half_at_1080p(tmp_path, extend_spec):
    clip = make_clip(tmp_path / "big.mkv", frames=2, size=(1920, 1080))
    reckoned = [estimate(extend_spec(clip, tail=n)).memory_bytes for n in (48, 1440)]
    assert reckoned[0] == reckoned[1] < 1_500_000_000  # however long


def test_a_shot_from_words_alone_needs_a_model_that_is_named(clip):
    spec = Spec(Generate(Length(frames=24)), Output(clip.with_name("out.mov")), Guidance("rain"))
    for ask in (lambda: estimate(spec), lambda: list(run(spec, job_id="j", cancel=CancelToken()))):
        with pytest.raises(NotPossible, match="longtake models install"):
            ask()
    assert not spec.output.path.exists()


def test_an_estimate_refuses_what_the_work_would_refuse(clip, extend_spec, tmp_path):
    with pytest.raises(WrongCall, match="Nothing to make"):
        estimate(extend_spec(clip))
    with pytest.raises(WrongCall, match='No model "wan"'):
        estimate(extend_spec(clip, tail=2, model="wan"))
    with pytest.raises(BadInput, match="The clip has 1 frame"):
        estimate(extend_spec(make_clip(tmp_path / "one.mkv", frames=1), tail=2))
    with pytest.raises(WrongCall, match=r"nowhere does not exist; make it, or name another\."):
        estimate(extend_spec(clip, tail=2, path=tmp_path / "nowhere" / "out.mkv"))


@pytest.fixture
def info(clip):
    return probe(clip)


def test_a_good_take_needs_no_words(info):
    assert take_notes(info, GOOD, 0, info.video.rate) == info.notes


def test_a_poor_take_says_so(info):
    (note,) = take_notes(info, POOR, 0, info.video.rate)
    assert "look closely at the new frames" in note


def test_a_clip_too_short_to_measure_says_so(info):
    (note,) = take_notes(info, UNMEASURED, 0, info.video.rate)
    assert "too short to measure on" in note


def test_slowed_frames_are_counted(info):
    (note,) = take_notes(info, GOOD, 48, info.video.rate)
    assert note.startswith("48 real frames (2.0 s) beside the join are slowed down; their sound")
    (note,) = take_notes(info, GOOD, 1, info.video.rate)
    assert note.startswith("1 real frame (0.0 s) beside the join is slowed down; its sound")


def test_a_clip_that_nobody_foretells_carries_the_note(do, tmp_path, out):
    # Every frame a texture of its own.
    format = format_of("yuv420p", 96, 64)
    boiling = [textured(format, seed=seed) for seed in range(40)]
    clip = write_film(tmp_path / "boiling.mkv", boiling)
    take = do(clip, tail=4).take
    assert take.score.confidence < LOW
    assert any("look closely at the new frames" in note for note in take.notes)
    assert out.exists()
