"""What happens around every call, whatever its kind."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import grpc

# Given the full name of the method and the call: what to enter before it and leave after it.
Around = Callable[[str, grpc.ServicerContext], AbstractContextManager[object]]


class AroundCalls(grpc.ServerInterceptor):
    """Enters each of `arounds` in order before a call is answered and leaves it after the answer.

    For a stream that is after its last message, or when its caller goes away.
    """

    def __init__(self, arounds: Sequence[Around]) -> None:
        self._arounds = arounds

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler | None:
        """The method's handler, wrapped; None where there is no such method."""
        handler: Any = continuation(handler_call_details)
        if handler is None:
            return None
        method = str(handler_call_details.method)
        make = _MAKERS[handler.request_streaming, handler.response_streaming]
        answer = getattr(handler, make.__name__.removesuffix("_rpc_method_handler"))
        wrap = self._wrap_stream if handler.response_streaming else self._wrap
        return make(
            wrap(method, answer),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _wrap(self, method: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(request: Any, context: grpc.ServicerContext) -> Any:
            with self._entered(method, context):
                return answer(request, context)

        return wrapped

    def _wrap_stream(self, method: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            with self._entered(method, context):
                yield from answer(request, context)

        return wrapped

    def _entered(self, method: str, context: grpc.ServicerContext) -> ExitStack:
        stack = ExitStack()
        try:
            for around in self._arounds:
                stack.enter_context(around(method, context))
        except BaseException as error:
            # The outer ones must see what an inner one refuses: the error map is one of them.
            if not stack.__exit__(type(error), error, error.__traceback__):
                raise
        return stack


_MAKERS: dict[tuple[bool, bool], Callable[..., grpc.RpcMethodHandler]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}
