import grpc
import pytest
from google.rpc import error_details_pb2
from longtake_engine import errors
from longtake_engine.server.error_map import to_status

CODES = {
    errors.WrongCall: "INVALID_ARGUMENT",
    errors.BadInput: "FAILED_PRECONDITION",
    errors.MissingInput: "NOT_FOUND",
    errors.NotPossible: "UNIMPLEMENTED",
    errors.NoNetwork: "UNAVAILABLE",
    errors.AccessRefused: "PERMISSION_DENIED",
    errors.LicenseNotAccepted: "FAILED_PRECONDITION",
    errors.OutOfSpace: "RESOURCE_EXHAUSTED",
    errors.OutOfMemory: "RESOURCE_EXHAUSTED",
    errors.PathRefused: "PERMISSION_DENIED",
    errors.UnknownJob: "NOT_FOUND",
    errors.WorkerDied: "INTERNAL",
    errors.Cancelled: "CANCELLED",
    errors.Unauthenticated: "UNAUTHENTICATED",
    errors.Busy: "RESOURCE_EXHAUSTED",
    errors.Stopping: "UNAVAILABLE",
    errors.EngineError: "INTERNAL",
}


def all_kinds(kind=errors.EngineError):
    return {kind}.union(*(all_kinds(sub) for sub in kind.__subclasses__()))


def test_this_table_holds_every_error_of_the_engine():
    ours = {kind for kind in all_kinds() if kind.__module__ == errors.__name__}
    assert ours == set(CODES)


@pytest.mark.parametrize("kind", CODES, ids=lambda kind: kind.__name__)
def test_each_error_has_its_code_reason_and_sentence(kind):
    status = to_status(kind("A sentence."))
    assert status.code == getattr(grpc.StatusCode, CODES[kind]).value[0]
    assert status.message == "A sentence."
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert (info.domain, info.reason) == ("longtake", kind.reason)


def test_a_bug_in_the_daemon_is_a_sentence_and_a_log_line(caller, monkeypatch, refusal, caplog):
    from longtake.v1 import job_pb2
    from longtake_engine.jobs.queue import JobQueue

    def broken(self, size, before_id):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(JobQueue, "page", broken)
    refused = refusal(caller.call, caller.jobs.ListJobs, job_pb2.ListJobsRequest())
    assert (refused.code, refused.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert "ZeroDivisionError" in refused.sentence
    assert "by zero" in caplog.text
