"""Who may call: whoever shows the token that lies in the private folder."""

import hmac
from contextlib import AbstractContextManager, nullcontext

import grpc

from longtake_engine.errors import Unauthenticated
from longtake_engine.server.interceptor import Around

# Whether there is an engine may be asked by anybody who can reach it.
_OPEN = "/grpc.health.v1.Health/"


def require_token(token: str) -> Around:
    """Raises `Unauthenticated` around every call without `authorization: Bearer TOKEN`."""
    wanted = f"Bearer {token}".encode()

    def around(method: str, context: grpc.ServicerContext) -> AbstractContextManager[object]:
        if not method.startswith(_OPEN):
            shown = dict(context.invocation_metadata()).get("authorization", "")
            if not hmac.compare_digest(_bytes(shown), wanted):
                raise Unauthenticated(
                    "The engine wants its token; take it from endpoint.json and send it as "
                    "authorization: Bearer TOKEN."
                )
        return nullcontext()

    return around


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "replace") if isinstance(text, str) else text
