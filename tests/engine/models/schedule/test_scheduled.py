import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import Cancelled, OutOfSpace
from longtake_engine.models.diffusion.color import to_rgb
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.models.schedule import Limits, Scheduled, keep_windows, plan
from longtake_engine.models.schedule.keeping import KeptWindows
from longtake_engine.models.schedule.voice import WindowVoice
from longtake_engine.testing.backend import Repeat
from longtake_engine.testing.picture import canvas_of, format_of, panning, textured
from longtake_engine.testing.windows import Drift
from longtake_engine.work import Guidance
from msgspec.structs import replace

FORMAT = format_of("yuv422p10le", 32, 24)


def clip(wanted: range, count: int = 20, start: int = 0) -> Canvas:
    return canvas_of(panning(FORMAT, count), wanted, start=start)


def complete(backend, canvas, guidance=None, cancel=None):
    return list(backend.complete(canvas, guidance or Guidance(seed=3), cancel or CancelToken()))


def same(first, second) -> bool:
    assert [one.frame for one in first] == [one.frame for one in second]
    return all(
        np.array_equal(a, b)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(one.picture.planes, other.picture.planes, strict=True)
    )


@pytest.mark.parametrize(
    ("wanted", "start"), [(range(20, 90), 0), (range(-50, 0), 0), (range(7, 90), -13)]
)
def test_a_long_canvas_comes_whole_and_in_order(wanted, start):
    canvas = clip(wanted, start=start)
    drift = Drift()
    made = complete(Scheduled(drift), canvas)
    assert [one.frame for one in made] == list(wanted)
    assert all(one.picture.format == FORMAT for one in made)
    assert drift.loads == 1
    assert len(drift.calls) == len(plan(canvas.known, wanted, Limits(17, 4)).windows)
    for window, _ in drift.calls:
        assert len(window.wanted) + len(window.known) <= 17


def test_each_window_sees_what_those_before_it_made():
    drift = Drift()
    seen: list[list[np.ndarray]] = []
    real = drift.make

    def make(canvas, wish, cancel):
        seen.append([canvas.known[n].picture.planes[0].copy() for n in sorted(canvas.known)])
        return real(canvas, wish, cancel)

    drift_type = type("Watched", (Drift,), {"make": lambda self, *args: make(*args)})
    made = complete(Scheduled(drift_type()), clip(range(20, 60)))
    by_frame = {one.frame: one.picture.planes[0] for one in made}
    windows = plan(range(20), range(20, 60), Limits(17, 4)).windows
    for window, pictures in zip(windows[1:], seen[1:], strict=True):
        for frame, picture in zip(window.seen, pictures, strict=True):
            assert np.array_equal(by_frame[frame], picture)


def test_a_seed_gives_the_same_again_and_each_window_its_own_noise():
    canvas = clip(range(20, 80))
    drift = Drift()
    made = complete(Scheduled(drift), canvas)
    assert same(made, complete(Scheduled(Drift()), canvas))
    assert not same(made, complete(Scheduled(Drift()), canvas, Guidance(seed=4)))
    seeds = [wish.seed for _, wish in drift.calls]
    assert seeds[0] == 3
    assert len(set(seeds)) == len(seeds)


def test_a_clip_made_anew_by_a_share_dissolves_from_window_to_window():
    known = {n: Known(picture) for n, picture in enumerate(panning(FORMAT, 60))}
    drift = Drift()
    canvas = Canvas(FORMAT, Fraction(24), known, range(60))
    made = complete(Scheduled(drift), canvas, Guidance(seed=3, strength=0.5))
    assert [one.frame for one in made] == list(range(60))
    assert len(drift.calls) > 3
    assert {wish.seed for _, wish in drift.calls} == {3}  # equal noise, for a like look
    runs = []
    for window, _ in drift.calls:
        assert len(window.wanted) <= 17
        assert sorted(window.known) == list(window.wanted)  # the clip's own, nothing made
        remade = Drift().make(window, Wish(seed=3), CancelToken())
        runs.append([one.picture.planes[0] for one in remade])
    (first, second), (one, two) = drift.calls[:2], runs[:2]
    begins = second[0].wanted.start
    assert first[0].wanted.stop == begins + 4
    for step in range(4):
        old, new = one[begins + step].astype(float), two[step].astype(float)
        between = made[begins + step].picture.planes[0]
        assert np.abs(between - (old + (step + 1) / 5 * (new - old))).max() <= 0.5 + 1e-3
    assert np.array_equal(made[begins + 4].picture.planes[0], two[4])


def test_a_canvas_that_fits_is_one_plain_call():
    canvas = clip(range(20, 30))
    drift = Drift()
    assert same(complete(Scheduled(drift), canvas), complete(Drift(), canvas))
    assert drift.loads == 0


def test_what_was_kept_is_not_made_again(tmp_path):
    canvas = clip(range(20, 80))
    whole = complete(Scheduled(Drift()), canvas)
    drift = Drift()
    backend = Scheduled(drift).kept_in(tmp_path / "kept")
    frames = backend.complete(canvas, Guidance(seed=3), CancelToken())
    first = [next(frames) for _ in range(30)]
    del frames  # as by the end of the process
    before = len(drift.calls)
    assert 2 <= before < 5
    (own,) = (tmp_path / "kept").iterdir()
    (own / "window-00009.part").write_bytes(b"PK")  # what was half written
    again = complete(backend, canvas)
    assert same(again, whole)
    assert same(again[:30], first)
    assert len(drift.calls) == len(plan(canvas.known, canvas.wanted, Limits(17, 4)).windows)
    loads = drift.loads
    assert same(complete(backend, canvas), whole)
    assert drift.loads == loads  # nothing was left to do


@pytest.mark.parametrize("other", ["seed", "length", "prompt"])
def test_what_was_kept_of_other_work_is_not_taken_for_it(tmp_path, other):
    backend = Scheduled(Drift()).kept_in(tmp_path / "kept")
    canvas, guidance = clip(range(20, 80)), Guidance(seed=3)
    complete(backend, canvas, guidance)
    if other == "length":
        canvas = clip(range(20, 70))
    else:
        guidance = replace(guidance, **{other: 5 if other == "seed" else "a sea"})
    made = complete(backend, canvas, guidance)
    assert same(made, complete(Scheduled(Drift()), canvas, guidance))
    assert len(list((tmp_path / "kept").iterdir())) == 2  # each by itself


def test_frames_known_in_part_reach_their_window_as_they_are(tmp_path):
    pictures = panning(FORMAT, 40)
    mask = np.ones((FORMAT.height, FORMAT.width), np.float32)
    mask[4:8, 4:8] = 0
    known = {n: Known(picture, mask) for n, picture in enumerate(pictures)}
    drift = Drift()
    backend = Scheduled(drift).kept_in(tmp_path / "kept")
    made = complete(backend, Canvas(FORMAT, Fraction(24), known, range(40)))
    assert len(made) == 40
    assert len(drift.calls) > 2
    for number, (window, _) in enumerate(drift.calls):
        partly = [n for n in window.known if window.known[n].mask is not None]
        assert partly == list(window.wanted)
        assert (len(window.known) > len(partly)) == (number > 0)


def test_keyframes_are_a_canvas_of_a_slower_clip():
    pictures = {n: Known(textured(FORMAT, n)) for n in (*range(20), *range(100, 120))}
    drift = Drift()
    canvas = Canvas(FORMAT, Fraction(24), pictures, range(20, 100))
    made = complete(Scheduled(drift), canvas)
    assert [one.frame for one in made] == list(range(20, 100))
    first, _ = drift.calls[0]
    spacing = plan(pictures, canvas.wanted, Limits(17, 4)).windows[0].spacing
    assert first.rate == Fraction(24, spacing)
    assert list(first.known) == [
        n for n in range(len(first.known) + len(first.wanted)) if n not in first.wanted
    ]


def test_far_frames_are_shown_as_references():
    canvas = clip(range(60, 110), count=60)
    drift = Drift(Limits(17, 4, 2))
    complete(Scheduled(drift), canvas)
    for _, wish in drift.calls[1:]:
        first, last = wish.references
        assert np.array_equal(first, to_rgb(canvas.known[0].picture))
        assert np.array_equal(last, to_rgb(canvas.known[59].picture))
    drift = Drift(Limits(17, 4, 2))
    complete(Scheduled(drift), clip(range(60, 90), count=60))  # not long enough to need them
    complete(Scheduled(drift, way="autoregressive"), canvas)
    assert all(wish.references == () for _, wish in drift.calls)


def test_cancelling_ends_it_between_windows():
    cancel = CancelToken()
    frames = Scheduled(Drift()).complete(clip(range(20, 90)), Guidance(), cancel)
    next(frames)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(frames)


def test_a_window_says_which_it_is_and_counts_those_to_come():
    said: list[tuple[str, float]] = []
    whole = CancelToken()
    whole.listen(lambda words, left_s: said.append((words, left_s)))
    WindowVoice(whole, 0, 4).say("step 3 of 30", 50.0)
    WindowVoice(whole, 3, 4).say("step 3 of 30", 50.0)
    WindowVoice(whole, 1, 4).say("step 1 of 30")
    WindowVoice(whole, 0, 1).say("step 1 of 30")
    assert [words for words, _ in said] == [
        "part 1 of 4, step 3 of 30",
        "part 4 of 4, step 3 of 30",
        "part 2 of 4, step 1 of 30",
        "step 1 of 30",
    ]
    assert [left_s for _, left_s in said] == [pytest.approx(200.0, abs=20), 50.0, -1.0, -1.0]
    voice = WindowVoice(whole, 0, 4)
    whole.cancel()
    assert voice.cancelled
    with pytest.raises(Cancelled):
        voice.check()


def test_a_full_disk_is_told_of_before_anything_is_made(tmp_path, monkeypatch):
    drift = Drift()
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(OutOfSpace, match="make room"):
        complete(Scheduled(drift).kept_in(tmp_path / "kept"), clip(range(20, 80)))
    assert not drift.calls


def test_kept_frames_come_back_exactly(tmp_path):
    kept = KeptWindows(tmp_path / "kept", "key", FORMAT)
    assert kept.open() == 0
    made = complete(Drift(), clip(range(20, 24)))
    seen = np.linspace(0, 1, 24 * 32, dtype=np.float32).reshape(24, 32)
    kept.keep(0, [type(one)(one.frame, one.picture, seen) for one in made])
    assert kept.open() == 1
    assert KeptWindows(tmp_path / "kept", "other", FORMAT).open() == 0
    for one in made:
        back = kept.read(0, one.frame)
        assert same([one], [back])
        assert back.seen is not None
        assert abs(back.seen - seen).max() <= 0.5 / 255


def test_other_backends_stay_as_they_are(tmp_path):
    repeat = Repeat()
    assert keep_windows(repeat, tmp_path) is repeat


def test_the_cost_is_that_of_all_calls_and_the_memory_that_of_one():
    backend = Scheduled(Drift())
    one, many = backend.estimate(FORMAT, 13), backend.estimate(FORMAT, 13 * 60)
    assert many.seconds == 60 * one.seconds
    assert many.memory_bytes == one.memory_bytes
    assert backend.info.max_new_frames == 0


GROWTH = """
import resource
from longtake_engine.cancel import CancelToken
from longtake_engine.models.schedule import Scheduled
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.testing.windows import Drift
from longtake_engine.work import Guidance

format = format_of("yuv444p", 480, 270)
def peak(count):
    canvas = canvas_of(panning(format, 8), range(8, 8 + count))
    for made in Scheduled(Drift()).complete(canvas, Guidance(), CancelToken()):
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
short = peak(40)
print(peak(720) - short, 680 * format.size_bytes)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is asked for as on unix")
def test_memory_does_not_grow_with_length():
    done = subprocess.run(
        [sys.executable, "-c", GROWTH], capture_output=True, text=True, timeout=240, check=True
    )
    grown, held = map(int, done.stdout.split())
    assert held > 250_000_000  # what the frames would take
    assert grown < held / 10
