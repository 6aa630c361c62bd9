"""This user's settings for the library that downloads weights, to go along with a request."""

import os
from pathlib import Path

from longtake.v1 import model_pb2

VALUES = (
    *("HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_TOKEN", "HF_HUB_DOWNLOAD_TIMEOUT"),
    *("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DISABLE_SYMLINKS"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
FOLDERS = ("HF_HOME", "HF_HUB_CACHE", "HF_TOKEN_PATH", "XDG_CACHE_HOME")


def hub_settings(connect: str | None) -> list[model_pb2.HubSetting]:
    """What the environment sets, for the engine may have been started with another one.

    Nothing goes to an engine that `connect` names: its own settings hold there, and the token here
    is none of its business.
    """
    if connect is not None:
        return []
    given = {name: os.environ[name] for name in VALUES if os.environ.get(name)}
    for name in FOLDERS:
        if folder := os.environ.get(name):
            given[name] = str(Path(folder).expanduser().absolute())
    return [model_pb2.HubSetting(name=name, value=value) for name, value in given.items()]
