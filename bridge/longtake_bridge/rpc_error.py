"""The engine's errors as the bridge's own: the only place here that knows gRPC's status codes."""

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from longtake_bridge.errors import BridgeError

_DOMAIN = "longtake"
# For errors that carry no ErrorInfo of ours: they come from gRPC itself or from another server.
_REASONS = {
    grpc.StatusCode.INVALID_ARGUMENT: "WRONG_CALL",
    grpc.StatusCode.UNIMPLEMENTED: "NOT_POSSIBLE",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "NOT_POSSIBLE",
    grpc.StatusCode.UNAVAILABLE: "ENGINE_DOWN",
    grpc.StatusCode.DEADLINE_EXCEEDED: "ENGINE_DOWN",
    grpc.StatusCode.UNAUTHENTICATED: "UNAUTHENTICATED",
    grpc.StatusCode.CANCELLED: "CANCELLED",
}
_SENTENCES = {
    grpc.StatusCode.UNAVAILABLE: (
        "The engine cannot be reached; try again, or run `longtake doctor`."
    ),
    grpc.StatusCode.DEADLINE_EXCEEDED: (
        "The engine took too long to answer; try again, or run `longtake stop` first."
    ),
    grpc.StatusCode.UNAUTHENTICATED: (
        "The engine wants another token; set LONGTAKE_TOKEN to the one it was started with."
    ),
}


def from_rpc_error(error: grpc.RpcError) -> BridgeError:
    """What the engine, or the way to it, said went wrong."""
    code, details = _code_of(error), _details_of(error)
    status = _status_of(error)
    if status is not None and _reason_in(status) not in ("", "UNAUTHENTICATED"):
        return from_status(status)  # the engine cannot know that its token is LONGTAKE_TOKEN here
    sentence = _SENTENCES.get(code) or f"The engine answered {code.name}: {details}."
    return BridgeError(sentence, _REASONS.get(code, "INTERNAL"))


def from_status(status: status_pb2.Status) -> BridgeError:
    """What a failed job says went wrong."""
    return BridgeError(status.message or "The engine gave no reason.", _reason_in(status))


def is_lost(error: grpc.RpcError) -> bool:
    """Whether the engine went away, rather than answering with an error that will stay."""
    status = _status_of(error)
    if status is not None and (reason := _reason_in(status)):
        # Every start has a token of its own: the one we know was that of the engine before.
        return reason in ("STOPPING", "UNAUTHENTICATED")
    # A server that is being shut down cancels the streams that are open.
    return _code_of(error) in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


def _status_of(error: grpc.RpcError) -> status_pb2.Status | None:
    try:
        return rpc_status.from_call(error)  # pyright: ignore[reportArgumentType] - it is a Call too
    except (AttributeError, ValueError):  # an error before any call, or details that contradict it
        return None


def _reason_in(status: status_pb2.Status) -> str:
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info) and info.domain == _DOMAIN:
            return info.reason
    return ""


def _code_of(error: grpc.RpcError) -> grpc.StatusCode:
    code = getattr(error, "code", None)
    return code() if callable(code) else grpc.StatusCode.UNKNOWN  # type: ignore[return-value]


def _details_of(error: grpc.RpcError) -> str:
    details = getattr(error, "details", None)
    return str(details() if callable(details) else error).rstrip(".")
