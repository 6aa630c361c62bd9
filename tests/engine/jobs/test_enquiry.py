import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.errors import BadInput, MissingInput, WorkerDied
from longtake_engine.jobs.answer import FoundMedia
from longtake_engine.jobs.enquiry import EnquiryDesk
from longtake_engine.jobs.job import Succeeded
from longtake_engine.work import Estimate, from_json, to_json


def test_an_estimate_comes_while_a_job_runs(bench):
    gate = bench.folder / "gate"
    job = bench.queue.create(bench.spec(f"wait {gate}", name="a"))
    assert bench.queue.estimate(bench.spec(name="b")) == Estimate(
        "fake", 48, 148, 2.5, 1_000_000, 2_000_000, 3_000_000
    )
    gate.touch()
    assert isinstance(bench.end(job).state, Succeeded)


def test_a_file_that_kills_its_reader_kills_neither_daemon_nor_job(bench):
    gate = bench.folder / "gate"
    job = bench.queue.create(bench.spec(f"wait {gate}", name="a"))
    with pytest.raises(WorkerDied, match="damaged"):
        bench.queue.estimate(bench.spec("die", name="b"))
    mark = bench.folder / "mark"
    assert bench.queue.estimate(bench.spec(f"die_once {mark}", name="c")).model == "fake"
    gate.touch()
    job = bench.end(job)
    assert (type(job.state), job.attempt) == (Succeeded, 1)


def test_a_question_that_never_ends_is_given_up(idle_bench):
    desk = EnquiryDesk(home=idle_bench.home, tasks="longtake_engine.testing.tasks", timeout_s=1.0)
    with pytest.raises(WorkerDied, match="1 s"):
        desk.estimate(idle_bench.spec("hang"))
    desk.stop()


def test_errors_come_back_as_what_they_were(idle_bench):
    with pytest.raises(BadInput, match=r"It is empty\."):
        idle_bench.queue.estimate(idle_bench.spec("raise BadInput It is empty."))


def test_a_text_file_is_no_clip_and_a_missing_one_neither(idle_bench, tmp_path):
    (tmp_path / "text.mov").write_text("not a film")
    with pytest.raises(BadInput, match=r"text\.mov"):
        idle_bench.desk.probe(tmp_path / "text.mov", None)
    with pytest.raises(MissingInput, match=r"nosuch\.mov"):
        idle_bench.desk.probe(tmp_path / "nosuch.mov", None)


def test_images_are_probed_at_the_rate_that_was_given(idle_bench, tmp_path):
    from longtake_engine.media.still import write_png

    for number in range(3):
        write_png(tmp_path / f"shot.{number:04}.png", np.zeros((16, 24, 3), np.uint8))
    media = idle_bench.desk.probe(tmp_path / "shot.%04d.png", Fraction(24000, 1001))
    [video] = media.video_streams
    assert (video.width, video.height, video.frame_count) == (24, 16, 3)
    assert video.rate == Fraction(24000, 1001)


def test_the_models_are_those_of_the_catalog(idle_bench):
    from longtake_engine.models.catalog import list_models

    assert tuple(idle_bench.desk.models()) == list_models()


def test_the_mirrors_hold_every_field_that_the_wire_has(idle_bench, tmp_path):
    """A field that `media.info` renames must not quietly turn into nothing."""
    from longtake_engine.media.probe import probe
    from longtake_engine.media.still import write_png

    write_png(tmp_path / "still.png", np.zeros((16, 24, 3), np.uint8))
    info = probe(tmp_path / "still.png")
    found = from_json(to_json(info), FoundMedia)
    original = json.loads(to_json(info))
    mirrored = json.loads(to_json(found))
    assert _is_part(mirrored, original)
    assert Path(found.path) == info.path


def _is_part(part: object, whole: object) -> bool:
    if isinstance(part, dict):
        assert isinstance(whole, dict)
        return all(_is_part(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        assert isinstance(whole, list)
        return all(_is_part(p, w) for p, w in zip(part, whole, strict=True))
    return part == whole
