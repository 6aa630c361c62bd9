"""The address that an engine serves at, and whether it answers there."""

import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from longtake_bridge.errors import BridgeError, not_possible, wrong_call
from longtake_bridge.rpc_error import from_rpc_error

# Previews and lists of jobs are well below this; gRPC's own limit of 4 MB is not.
_MESSAGE_LIMIT_BYTES = 64 << 20
_OPTIONS = (
    ("grpc.max_receive_message_length", _MESSAGE_LIMIT_BYTES),
    ("grpc.max_send_message_length", _MESSAGE_LIMIT_BYTES),
    # An engine that has been started again is found within a fraction of a second, not gRPC's 20 s.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
    # Channels to a dead engine are not handed to those who look for its successor.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine serves and what it asks of callers."""

    address: str  # "unix:/.../s.sock" or "127.0.0.1:PORT"
    token: str = ""
    pid: int = 0  # 0 where another machine or --connect named it
    version: str = ""  # empty as above


def read_endpoint(path: Path) -> Endpoint | None:
    """What the daemon wrote down, or None where there is nothing that can be read.

    The daemon may have died since; `answers` tells.
    """
    try:
        value = json.loads(path.read_text("utf-8"))
        endpoint = Endpoint(
            str(value["address"]), str(value["token"]), int(value["pid"]), str(value["version"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return endpoint if endpoint.pid > 0 else None  # 0 and below would signal whole groups


def named_endpoint(address: str, token: str) -> Endpoint:
    """The engine at an address that the user gave.

    Raises:
        BridgeError: WRONG_CALL; it is no address. NOT_POSSIBLE; it lies on another machine.
    """
    if address.startswith("unix:"):
        return Endpoint(address, token)
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdigit():
        raise wrong_call(
            f'"{address}" is not an engine\'s address; give HOST:PORT or unix:/path/to/socket.'
        )
    if not _is_loopback(host):
        raise not_possible(
            f"{host} is another machine, and the way there would not be private; forward its port "
            f"to this one (ssh -L {port}:localhost:{port} {host}) and connect to localhost:{port}."
        )
    return Endpoint(address, token)


def open_channel(endpoint: Endpoint) -> grpc.Channel:
    """A channel to the engine; close it after use."""
    return grpc.insecure_channel(endpoint.address, options=_OPTIONS)


def credentials(endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """The metadata that every call to the engine carries."""
    return (("authorization", f"Bearer {endpoint.token}"),) if endpoint.token else ()


def answers(endpoint: Endpoint, timeout_s: float = 5.0) -> bool:
    """Whether an engine serves there; False at once where nobody listens."""
    try:
        check(endpoint, timeout_s)
    except BridgeError:
        return False
    return True


def check(endpoint: Endpoint, timeout_s: float = 5.0) -> None:
    """Return where an engine serves there.

    Raises:
        BridgeError: It does not; the sentence says why.
    """
    with open_channel(endpoint) as channel:
        try:
            stub: Any = health_pb2_grpc.HealthStub(channel)  # its methods are set in __init__
            response = stub.Check(
                health_pb2.HealthCheckRequest(),
                timeout=timeout_s,
                metadata=credentials(endpoint),
            )
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
    if response.status != health_pb2.HealthCheckResponse.SERVING:
        raise BridgeError("The engine is shutting down; try again in a moment.", "ENGINE_DOWN")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
