import grpc
import pytest
from longtake.v1 import job_pb2, job_pb2_grpc


@pytest.mark.parametrize(
    "metadata",
    [
        (),
        (("authorization", "Bearer wrong"),),
        (("authorization", "secret"),),
        (("authorization", "Bearer "),),
        (("authorization", "Bearer secretx"),),
    ],
)
def test_without_the_token_no_call_is_answered(engine, refusal, metadata):
    with grpc.insecure_channel(engine[1]) as channel:
        stub = job_pb2_grpc.JobServiceStub(channel)
        refused = refusal(
            lambda: stub.ListJobs(job_pb2.ListJobsRequest(), metadata=metadata, timeout=30)
        )
        assert refused.code is grpc.StatusCode.UNAUTHENTICATED
        assert (refused.domain, refused.reason) == ("longtake", "UNAUTHENTICATED")
        assert "secret" not in refused.sentence
        refused = refusal(
            lambda: list(
                stub.WatchJob(job_pb2.WatchJobRequest(id="a"), metadata=metadata, timeout=30)
            )
        )
        assert refused.code is grpc.StatusCode.UNAUTHENTICATED
