"""How the engine's errors look on the wire: the only place that knows `grpc.StatusCode`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from longtake_engine import errors

DOMAIN = "longtake"
# Looked up along the class's ancestors, nearest first.
_CODES: dict[type, int] = {
    errors.WrongCall: code_pb2.INVALID_ARGUMENT,
    errors.MissingInput: code_pb2.NOT_FOUND,
    errors.BadInput: code_pb2.FAILED_PRECONDITION,
    errors.OutOfSpace: code_pb2.RESOURCE_EXHAUSTED,
    errors.OutOfMemory: code_pb2.RESOURCE_EXHAUSTED,
    errors.NotPossible: code_pb2.UNIMPLEMENTED,
    errors.NoNetwork: code_pb2.UNAVAILABLE,
    errors.AccessRefused: code_pb2.PERMISSION_DENIED,
    errors.LicenseNotAccepted: code_pb2.FAILED_PRECONDITION,
    errors.PathRefused: code_pb2.PERMISSION_DENIED,
    errors.UnknownJob: code_pb2.NOT_FOUND,
    errors.WorkerDied: code_pb2.INTERNAL,
    errors.Cancelled: code_pb2.CANCELLED,
    errors.Unauthenticated: code_pb2.UNAUTHENTICATED,
    errors.Busy: code_pb2.RESOURCE_EXHAUSTED,
    errors.Stopping: code_pb2.UNAVAILABLE,
    errors.EngineError: code_pb2.INTERNAL,
}
_log = logging.getLogger(__name__)


def to_status(error: errors.EngineError) -> status_pb2.Status:
    """`error` as google.rpc has it: the sentence, and its reason as an ErrorInfo."""
    code = next(_CODES[kind] for kind in type(error).__mro__ if kind in _CODES)
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.ErrorInfo(domain=DOMAIN, reason=error.reason))
    return status_pb2.Status(code=code, message=error.sentence, details=[detail])


@contextmanager
def mapped_errors(method: str, context: grpc.ServicerContext) -> Iterator[None]:
    """Ends the call with the status of whatever is raised within."""
    try:
        yield
    except errors.EngineError as error:
        status = to_status(error)
    except Exception as error:  # a bug: the caller gets a sentence, the log gets the rest
        _log.exception("%s broke", method)
        status = to_status(
            errors.EngineError(
                f"Something broke inside the engine ({type(error).__name__}: {error}); "
                "please report it with the end of daemon.log, which longtake doctor finds."
            )
        )
    else:
        return
    context.abort_with_status(rpc_status.to_status(status))
