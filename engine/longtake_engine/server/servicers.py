"""The services: each method converts, calls the engine once, and converts back."""

from collections.abc import Iterator

import grpc
from longtake.v1 import job_pb2, job_pb2_grpc, media_pb2, media_pb2_grpc

from longtake_engine.errors import WrongCall
from longtake_engine.jobs.enquiry import EnquiryDesk
from longtake_engine.jobs.queue import JobQueue
from longtake_engine.roots import Roots
from longtake_engine.server.answer_out import to_media
from longtake_engine.server.job_in import to_spec
from longtake_engine.server.job_out import to_estimate, to_job
from longtake_engine.server.value_in import to_path, to_rate
from longtake_engine.work import SheetRow

# ruff: noqa: D102 # the methods are named and described in proto/longtake/v1

_PAGE_SIZE = 100
_MOST_ON_PAGE = 1000
_MOST_ROWS = 16  # of a sheet
_MOST_FRAMES = 12  # in a row of it


class JobServicer(job_pb2_grpc.JobServiceServicer):
    """The queue."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def CreateJob(self, request, context):
        job = self._queue.create(to_spec(request.spec), request.request_id)
        return job_pb2.CreateJobResponse(job=to_job(job))

    def GetJob(self, request, context):
        return job_pb2.GetJobResponse(job=to_job(self._queue.get(request.id)))

    def ListJobs(self, request, context):
        size = _page_size(request.page_size)
        jobs = self._queue.page(
            size + 1, request.page_token
        )  # one more tells whether there are more
        more = jobs[size - 1].id if len(jobs) > size else ""
        messages = [to_job(job, preview=False) for job in jobs[:size]]
        return job_pb2.ListJobsResponse(jobs=messages, next_page_token=more)

    def WatchJob(
        self, request, context: grpc.ServicerContext
    ) -> Iterator[job_pb2.WatchJobResponse]:
        with self._queue.watch(request.id) as watch:
            if context.add_callback(watch.close):  # else the caller is gone already
                for job in watch:
                    yield job_pb2.WatchJobResponse(job=to_job(job))

    def CancelJob(self, request, context):
        return job_pb2.CancelJobResponse(job=to_job(self._queue.cancel(request.id)))

    def DeleteJob(self, request, context):
        self._queue.delete(request.id)
        return job_pb2.DeleteJobResponse()

    def EstimateJob(self, request, context):
        return to_estimate(self._queue.estimate(to_spec(request.spec)))


class MediaServicer(media_pb2_grpc.MediaServiceServicer):
    """Files."""

    def __init__(self, desk: EnquiryDesk, roots: Roots) -> None:
        self._desk = desk
        self._roots = roots

    def Probe(self, request, context):
        path = self._roots.check(to_path(request.path, "the clip"))
        rate = to_rate(request.sequence_rate) if request.HasField("sequence_rate") else None
        return media_pb2.ProbeResponse(media=to_media(self._desk.probe(path, rate)))

    def DrawSheet(self, request, context):
        rows = tuple(self._row(row) for row in request.rows)
        if not 1 <= len(rows) <= _MOST_ROWS:
            raise WrongCall(f"A sheet has 1 to {_MOST_ROWS} rows, not {len(rows)}.")
        return media_pb2.DrawSheetResponse(png=self._desk.sheet(rows))

    def _row(self, row: media_pb2.SheetRow) -> SheetRow:
        if not 1 <= len(row.frames) <= _MOST_FRAMES:
            raise WrongCall(f"A row has 1 to {_MOST_FRAMES} frames, not {len(row.frames)}.")
        path = self._roots.check(to_path(row.media_path, "a take"))
        return SheetRow(path, row.label, tuple(row.frames), row.marked)


def _page_size(asked: int) -> int:
    if not 0 <= asked <= _MOST_ON_PAGE:
        raise WrongCall(f"A page of {asked} jobs is not possible; ask for 1 to {_MOST_ON_PAGE}.")
    return asked or _PAGE_SIZE
