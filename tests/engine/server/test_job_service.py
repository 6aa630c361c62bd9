import threading
from fractions import Fraction

import grpc
import pytest
from longtake.v1 import job_pb2, media_pb2


def test_a_job_is_made_and_watched_to_its_end(caller, make_spec, tmp_path):
    spec = make_spec("progress 1 4", "progress 4 4")
    job = caller.create(spec)
    assert job.state in (job_pb2.JOB_STATE_QUEUED, job_pb2.JOB_STATE_RUNNING)
    ended = caller.end(job)
    assert ended.state == job_pb2.JOB_STATE_SUCCEEDED
    assert ended.create_time.ToNanoseconds() <= ended.start_time.ToNanoseconds()
    assert ended.start_time.ToNanoseconds() <= ended.end_time.ToNanoseconds()
    [take] = ended.takes
    assert take.media_path == str(tmp_path / "clip.mov")
    assert Fraction(take.rate.numerator, take.rate.denominator) == Fraction(24000, 1001)
    assert take.made_ranges[0] == media_pb2.FrameRange(start_frame=100, duration_frames=48)
    assert not ended.HasField("error")
    assert caller.get(job) == ended


def test_watching_shows_progress_with_its_preview(caller, make_spec, tmp_path):
    gate = tmp_path / "gate"
    job = caller.create(make_spec("progress 7 10", f"wait {gate}"))
    now = caller.running_at(job, 7)
    assert now.state == job_pb2.JOB_STATE_RUNNING
    assert now.progress.total_frames == 10
    assert now.progress.preview_jpeg.startswith(b"\xff\xd8")
    assert now.attempt == 1
    [listed] = caller.call(caller.jobs.ListJobs, job_pb2.ListJobsRequest()).jobs
    assert listed.progress.done_frames == 7
    assert listed.progress.preview_jpeg == b""  # a page of them would be too large
    gate.touch()
    caller.end(job)


def test_watching_an_ended_job_gives_it_once(caller, make_spec):
    job = caller.end(caller.create(make_spec()))
    assert list(caller.watch(job)) == [job]


def test_a_failed_job_says_why_with_its_reason(caller, make_spec):
    job = caller.end(caller.create(make_spec("raise OutOfSpace The disk is full.")))
    assert job.state == job_pb2.JOB_STATE_FAILED
    assert job.error.message == "The disk is full."
    assert job.error.code == grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]
    assert b"OUT_OF_SPACE" in job.error.details[0].value


def test_a_cancelled_job_has_ended_when_the_call_returns(caller, make_spec, tmp_path):
    job = caller.create(make_spec("partial", "progress 1 2", "hang"))
    caller.running_at(job, 1)
    cancelled = caller.cancel(job)
    assert cancelled.state == job_pb2.JOB_STATE_CANCELLED
    assert cancelled.HasField("end_time")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["clip.txt"]
    assert caller.cancel(job) == cancelled


def test_request_id_makes_a_retry_harmless(caller, make_spec):
    spec = make_spec()
    assert caller.create(spec, "id-1").id == caller.create(spec, "id-1").id


def test_pages_of_jobs_are_newest_first(caller, make_spec):
    jobs = [caller.create(make_spec(name=name)) for name in "abcde"]
    caller.end(jobs[-1])
    listed, token = [], ""
    while True:
        request = job_pb2.ListJobsRequest(page_size=2, page_token=token)
        page = caller.call(caller.jobs.ListJobs, request)
        assert len(page.jobs) <= 2
        listed += [job.id for job in page.jobs]
        token = page.next_page_token
        if not token:
            break
    assert listed == [job.id for job in reversed(jobs)]


def test_a_deleted_job_is_unknown(caller, make_spec, refusal):
    job = caller.end(caller.create(make_spec()))
    caller.call(caller.jobs.DeleteJob, job_pb2.DeleteJobRequest(id=job.id))
    refused = refusal(caller.get, job)
    assert (refused.code, refused.reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_JOB")
    refused = refusal(caller.watch, job)
    assert (refused.code, refused.reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_JOB")


def test_an_estimate(caller, make_spec):
    estimate = caller.call(caller.jobs.EstimateJob, job_pb2.EstimateJobRequest(spec=make_spec()))
    assert (estimate.model, estimate.new_frames, estimate.total_frames) == ("fake", 48, 148)
    assert (estimate.seconds, estimate.memory_bytes) == (2.5, 1_000_000)
    assert (estimate.disk_bytes, estimate.disk_free_bytes) == (2_000_000, 3_000_000)


def test_an_output_that_is_already_there(caller, make_spec, refusal, tmp_path):
    (tmp_path / "clip.mov").write_bytes(b"precious")
    refused = refusal(caller.create, make_spec())
    assert (refused.code, refused.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "WRONG_CALL")
    assert "clip.mov" in refused.sentence
    assert "--force" in refused.sentence


def test_a_missing_clip(caller, make_spec, refusal):
    spec = make_spec()
    spec.extend.input_path = "/nosuch/clip.mov"
    refused = refusal(caller.create, spec)
    assert (refused.code, refused.reason) == (grpc.StatusCode.NOT_FOUND, "MISSING_INPUT")


def test_many_watchers_leave_room_for_other_calls_and_are_refused_past_the_most(
    caller, make_spec, tmp_path, refusal
):
    gate = tmp_path / "gate"
    job = caller.create(make_spec("progress 1 2", f"wait {gate}"))
    caller.running_at(job, 1)
    streams = [
        caller.call(caller.jobs.WatchJob, job_pb2.WatchJobRequest(id=job.id)) for _ in range(96)
    ]
    for stream in streams:
        assert next(stream).job.id == job.id
    refused = refusal(caller.watch, job)
    assert (refused.code, refused.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "BUSY")
    assert caller.get(job).state == job_pb2.JOB_STATE_RUNNING
    gate.touch()
    for stream in streams:
        assert list(stream)[-1].job.state == job_pb2.JOB_STATE_SUCCEEDED
    assert caller.end(job).state == job_pb2.JOB_STATE_SUCCEEDED  # there is room again


def test_watchers_that_go_away_give_their_place_back(caller, make_spec, tmp_path, engine):
    gate = tmp_path / "gate"
    job = caller.create(make_spec("progress 1 2", f"wait {gate}"))
    done = threading.Event()
    stream = caller.call(caller.jobs.WatchJob, job_pb2.WatchJobRequest(id=job.id))
    next(stream)
    stream.add_callback(done.set)
    stream.cancel()
    assert done.wait(30)
    for _ in range(200):  # more than there are places
        stream = caller.call(caller.jobs.WatchJob, job_pb2.WatchJobRequest(id=job.id))
        try:
            next(stream)
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED  # not all are back yet
        stream.cancel()
    gate.touch()
    assert caller.end(job).state == job_pb2.JOB_STATE_SUCCEEDED


def test_a_watched_job_whose_engine_stops_is_told_to_try_again(caller, make_spec, engine, tmp_path):
    job = caller.create(make_spec("progress 1 2", f"wait {tmp_path / 'no'}"))
    caller.running_at(job, 1)
    stream = caller.call(caller.jobs.WatchJob, job_pb2.WatchJobRequest(id=job.id))
    next(stream)
    stopping = threading.Thread(target=engine[0].stop)
    stopping.start()
    with pytest.raises(grpc.RpcError) as caught:
        list(stream)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    stopping.join(30)
