import os
import sys
from pathlib import Path

import pytest
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.jobs.fingerprint import fingerprint, input_paths
from longtake_engine.work import (
    Extend,
    Generate,
    Guidance,
    Inpaint,
    Interpolate,
    Length,
    Output,
    Spec,
)
from msgspec.structs import replace


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mov"
    path.write_bytes(b"clip")
    return path


def extend(path: Path, **fields) -> Spec:
    work = Extend(input_path=path, tail=Length(frames=48))
    return Spec(work=work, output=Output(path=path.parent / "out.mov"), **fields)


def test_equal_requests_are_equal_and_may_differ_in_whether_to_replace(clip):
    spec = extend(clip)
    forced = replace(spec, output=replace(spec.output, replace_existing=True))
    assert fingerprint(spec, "1") == fingerprint(forced, "1")


@pytest.mark.parametrize(
    "change",
    [
        {"take_count": 2},
        {"guidance": Guidance(seed=1)},
        {"model": "retime"},
        {"output": Output(path=Path("/elsewhere.mov"))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_words_are_another_request(clip, change):
    assert fingerprint(extend(clip), "1") != fingerprint(replace(extend(clip), **change), "1")


def test_another_version_of_the_engine_may_do_better(clip):
    assert fingerprint(extend(clip), "1") != fingerprint(extend(clip), "2")


def test_a_changed_input_is_another_request(clip):
    before = fingerprint(extend(clip), "1")
    clip.write_bytes(b"longer")
    larger = fingerprint(extend(clip), "1")
    os.utime(clip, ns=(0, 0))
    assert len({before, larger, fingerprint(extend(clip), "1")}) == 3


@pytest.mark.parametrize("spelling", ["", "shot.%04d.png", "shot.%d.png"])
def test_images_count_one_by_one_and_results_among_them_do_not(tmp_path, spelling):
    for number in range(3):
        (tmp_path / f"shot.{number:04}.png").write_bytes(b"png")
    spec = extend(tmp_path / spelling)
    spec = replace(spec, output=Output(path=tmp_path / "out.mov"))
    before = fingerprint(spec, "1")
    (tmp_path / "out.mov").write_bytes(b"result")
    (tmp_path / ".out.job.part.mov").write_bytes(b"half")
    assert fingerprint(spec, "1") == before
    (tmp_path / "shot.0003.png").write_bytes(b"png")
    assert fingerprint(spec, "1") != before


def test_missing_and_unusable_inputs_each_get_their_sentence(tmp_path):
    with pytest.raises(MissingInput, match="no file"):
        fingerprint(extend(tmp_path / "nosuch.mov"), "1")
    with pytest.raises(MissingInput, match="no images"):
        fingerprint(extend(tmp_path / "shot.%04d.png"), "1")
    with pytest.raises(MissingInput, match="no folder"):
        fingerprint(extend(tmp_path / "nosuch" / "shot.%04d.png"), "1")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a special file")
def test_a_pipe_is_no_clip(tmp_path):
    os.mkfifo(tmp_path / "pipe.mov")
    with pytest.raises(BadInput, match="not a file"):
        fingerprint(extend(tmp_path / "pipe.mov"), "1")


def test_every_kind_of_work_names_all_that_it_reads():
    a, b, c = Path("/a"), Path("/b"), Path("/c")
    output, guidance = Output(path=Path("/out")), Guidance(reference_paths=(c,))
    works = [
        Extend(input_path=a),
        Interpolate(input_paths=(a, b)),
        Inpaint(input_path=a, mask_path=b),
        Inpaint(input_path=a),
        Generate(duration=Length(frames=1), still_paths=(a, b)),
    ]
    specs = [Spec(work=work, output=output, guidance=guidance) for work in works]
    assert [input_paths(spec) for spec in specs] == [
        (a, c),
        (a, b, c),
        (a, b, c),
        (a, c),
        (a, b, c),
    ]
