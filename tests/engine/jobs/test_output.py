import os
from pathlib import Path

import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.jobs.output import check_output, made_file, made_files, remove_partials
from longtake_engine.work import Inpaint, Spec
from msgspec.structs import replace


def test_takes_are_numbered_from_the_second_on(idle_bench):
    spec = replace(idle_bench.spec(), take_count=3)
    assert [path.name for path in spec.take_paths] == ["clip.mov", "clip-2.mov", "clip-3.mov"]


def test_an_unknown_file_is_not_replaced_unless_told_so(idle_bench):
    spec = idle_bench.spec()
    spec.output.path.write_bytes(b"precious")
    with pytest.raises(WrongCall, match=r"clip\.mov.*--force"):
        check_output(spec, idle_bench.store)
    check_output(
        replace(spec, output=replace(spec.output, replace_existing=True)), idle_bench.store
    )


def test_a_file_that_a_job_made_is_replaced_until_somebody_changes_it(idle_bench):
    job = idle_bench.queue.create(idle_bench.spec())
    path = job.spec.output.path
    path.write_bytes(b"made")
    made = made_file(path)
    assert made is not None
    idle_bench.store.save(job, [made])
    check_output(job.spec, idle_bench.store)
    path.write_bytes(b"graded by hand")
    with pytest.raises(WrongCall, match="--force"):
        check_output(job.spec, idle_bench.store)


def test_the_second_take_is_looked_after_too(idle_bench):
    spec = replace(idle_bench.spec(), take_count=2)
    (idle_bench.folder / "clip-2.mov").write_bytes(b"precious")
    with pytest.raises(WrongCall, match=r"clip-2\.mov"):
        check_output(spec, idle_bench.store)


@pytest.mark.parametrize("link", ["same", "symbolic", "hard"])
def test_the_clip_itself_is_never_written_to(idle_bench, link):
    spec = idle_bench.spec()
    source = idle_bench.folder / "clip.txt"
    target = source if link == "same" else idle_bench.folder / "other.txt"
    if link == "symbolic":
        target.symlink_to(source)
    if link == "hard":
        os.link(source, target)
    spec = replace(spec, output=replace(spec.output, path=target, replace_existing=True))
    with pytest.raises(WrongCall, match="the clip itself"):
        check_output(spec, idle_bench.store)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that takes no files")
def test_a_folder_that_takes_no_files_whoever_asks(idle_bench):
    spec = idle_bench.spec()
    spec = replace(spec, output=replace(spec.output, path=Path("/proc/out.mov")))
    with pytest.raises(WrongCall, match=r"Nothing can be written to /proc \("):
        check_output(spec, idle_bench.store)


def test_folders_that_are_not_there_or_in_the_way(idle_bench):
    spec = idle_bench.spec()
    missing = replace(spec, output=replace(spec.output, path=Path("/nosuch/out.mov")))
    with pytest.raises(WrongCall, match=r"no folder /nosuch"):
        check_output(missing, idle_bench.store)
    folder = replace(spec, output=replace(spec.output, path=idle_bench.home))
    with pytest.raises(WrongCall, match="is a folder"):
        check_output(folder, idle_bench.store)


def test_only_this_jobs_half_made_files_are_removed(idle_bench):
    spec = idle_bench.spec()
    for name in [".clip.job1.part.mov", ".clip-2.job1.part.mov", ".clip.job2.part.mov"]:
        (idle_bench.folder / name).write_bytes(b"half")
    remove_partials(spec, "job1")
    assert idle_bench.partials() == [".clip.job2.part.mov"]


def with_matte(spec: Spec, matte: Path) -> Spec:
    assert not isinstance(spec.work, Inpaint)
    clip = spec.output.path.parent / "clip.txt"
    return replace(spec, work=Inpaint(clip, clip.with_name("mask.png"), matte_path=matte))


def test_the_matte_is_looked_after_as_a_take_is(idle_bench, tmp_path):
    other = tmp_path / "mattes"
    other.mkdir()
    matte = other / "matte.mkv"
    spec = with_matte(idle_bench.spec(), matte)
    check_output(spec, idle_bench.store)
    matte.write_bytes(b"precious")
    with pytest.raises(WrongCall, match=r"matte\.mkv.*--force"):
        check_output(spec, idle_bench.store)
    (other / ".matte.job1.part.mkv").write_bytes(b"half")
    remove_partials(spec, "job1")
    assert [path.name for path in other.iterdir()] == ["matte.mkv"]
    assert [Path(file.path) for file in made_files(spec, ())] == [matte]


def test_the_matte_is_neither_the_result_nor_what_is_read(idle_bench):
    spec = idle_bench.spec()
    with pytest.raises(WrongCall, match="the result itself"):
        check_output(with_matte(spec, spec.output.path), idle_bench.store)
    mask = idle_bench.folder / "mask.png"
    mask.write_bytes(b"mask")
    with pytest.raises(WrongCall, match="give --matte-out another name"):
        check_output(with_matte(spec, mask), idle_bench.store)
