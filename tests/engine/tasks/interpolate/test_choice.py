import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.interpolate.choice import choose_joins
from longtake_engine.tasks.interpolate.shots import open_shots
from longtake_engine.tasks.interpolate.trial import HoleTrial, Trial, try_holes
from longtake_engine.testing.picture import format_of, panning, textured
from longtake_engine.work import Score

GRAY = format_of("gray", 192, 108)


def score(psnr_db: float, ssim: float) -> Score:
    return Score(0.5, psnr_db, 20.0, ssim, 0.8)


@pytest.mark.parametrize(
    ("morph", "meeting", "tears"),
    [
        (score(24, 0.6), score(27, 0.7), True),
        (score(24, 0.6), score(25.5, 0.7), False),  # not clearly
        (score(24, 0.6), score(27, 0.6), False),  # it ghosts
        (score(26, 0.6), score(24, 0.7), False),
        (UNKNOWN, score(26, 0.7), False),
        (score(24, 0.6), UNKNOWN, False),
    ],
)
def test_a_morph_tears_where_going_on_does_clearly_better(morph, meeting, tears):
    assert HoleTrial(Trial(morph, 0.5), meeting).tears is tears


def test_the_score_falls_with_the_sureness():
    trial = Trial(Score(0.8, 30.0, 20.0, 0.9, 1.0), 0.5)
    assert trial.score_of(0.5).confidence == trial.score_of(0.9).confidence == 0.8
    assert trial.score_of(0.25).confidence == pytest.approx(0.4)
    assert trial.score_of(0.25).psnr_db == 30.0
    assert Trial(UNKNOWN, 0.0).score_of(0.6) == Score(0.3, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def joins(film, ask, monkeypatch):
    """The joins that are chosen for two halves of a pan, and why, where the trial says so."""

    def choose(trial: HoleTrial | None, **options):
        if trial is not None:
            monkeypatch.setattr(
                "longtake_engine.tasks.interpolate.choice.try_holes", lambda *_: trial
            )
        pan = panning(GRAY, 60)
        spec = ask(film(pan[:28]), film(pan[32:]), gap=4, **options)
        found = choose_joins(spec, open_shots(spec), CancelToken())
        return [(chosen.join.name, " ".join(chosen.why)) for chosen in found]

    return choose


def test_auto_goes_by_the_trial_within_one_scene(joins):
    good = HoleTrial(Trial(score(30, 0.9), 0.9), score(25, 0.8))
    torn = HoleTrial(Trial(score(24, 0.6), 0.5), score(27, 0.8))
    assert [name for name, _ in joins(good, take_count=3)] == ["morph", "dissolve", "cut"]
    ((name, why),) = joins(torn)
    assert name == "dissolve"
    assert "going on with both sides did 3.0 dB better than a morph" in why


def test_what_is_asked_for_comes_first_without_a_reason(joins):
    found = joins(None, join="cut", model="motion", take_count=2)
    assert found == [("cut", ""), ("dissolve", "")]


def test_trials_of_short_shots_say_nothing(film, ask):
    still = film([textured(GRAY)])
    spec = ask(still, film(panning(GRAY, 2)), gap=5)
    trial = try_holes(open_shots(spec), "draft", CancelToken())
    assert trial == HoleTrial(Trial(UNKNOWN, 0.0), UNKNOWN)


def test_trials_stay_within_one_shot(film, ask):
    """A cut two frames before the gap leaves nothing to try on that side."""
    pan = panning(GRAY, 40)
    other = [textured(GRAY, 2 * n, 0, 5) for n in range(2)]
    spec = ask(film([*pan, *other]), film(panning(GRAY, 2)), gap=5)
    assert try_holes(open_shots(spec), "draft", CancelToken()).morph.score == UNKNOWN
