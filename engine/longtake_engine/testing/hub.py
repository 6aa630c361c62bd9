"""A hub of weights on loopback, as far as installing needs one, and tiny weights to offer there."""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote, urlsplit

import numpy as np
import safetensors.numpy

COMMIT = "c0ffee" + "0" * 34  # what the branch "main" is at
_IS_COMMIT = re.compile("[0-9a-f]{40}")
_LARGE = (".bin", ".safetensors")
_INFO = re.compile(r"/api/models/([^/]+/[^/]+)/revision/(.+)")
_FILE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
_ELSEWHERE = re.compile(r"/elsewhere/([^/]+/[^/]+)/([^/]+)/(.+)")


def tiny_weights(seed: int, size: int = 1000) -> bytes:
    """A safetensors file of `size` random numbers."""
    values = np.random.default_rng(seed).standard_normal(size).astype(np.float32)
    return safetensors.numpy.save({"weight": values})


def tiny_pipeline(
    pipeline: str = "WanVACEPipeline", layers: int = 30, size: int = 1000
) -> dict[str, bytes]:
    """The files of a repository that holds a pipeline, and others that it is not loaded from."""
    pieces = {
        f"diffusion_pytorch_model-{n}-of-2.safetensors": tiny_weights(n, size) for n in (1, 2)
    }
    index = {
        "_class_name": pipeline,
        "transformer": ["diffusers", "WanVACETransformer3DModel"],
        "transformer_2": [None, None],
        "vae": ["diffusers", "AutoencoderKLWan"],
        "scheduler": ["diffusers", "UniPCMultistepScheduler"],
    }
    weight_map = {f"block{n}": name for n, name in enumerate(pieces)}
    return {
        "README.md": b"# A model",
        "LICENSE.txt": b"Do as you like.",
        "all_in_one.safetensors": tiny_weights(9),
        "model_index.json": _json(index),
        "scheduler/scheduler_config.json": _json({"shift": 7.0}),
        "transformer/config.json": _json({"num_layers": layers}),
        "transformer/diffusion_pytorch_model.safetensors.index.json": _json(
            {"weight_map": weight_map}
        ),
        **{f"transformer/{name}": content for name, content in pieces.items()},
        "vae/config.json": _json({"z_dim": 16}),
        "vae/diffusion_pytorch_model.safetensors": tiny_weights(3, size),
    }


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()


@dataclass(slots=True)
class FakeHub:
    """Serves repositories on loopback; a context manager.

    Every commit of a repository holds the same.

    Attributes:
        repositories: Files by path, by the repository's identifier.
        served: Other content than is listed, by path.
        cuts: After how many bytes of an answer the connection breaks, by path; once each.
        held: After how many bytes of an answer nothing more comes, by path, until `let_go`.
        gated: Repositories that are refused without a token.
        asked: The path and the Range of every file that was asked for, in order.
        tokens_elsewhere: Tokens that came along to the other host, which large files lie on.
        reached: Set once a held file has come as far as it is held.
    """

    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    served: dict[str, bytes] = field(default_factory=dict)
    cuts: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens_elsewhere: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """What HF_ENDPOINT has to be."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        hub = self

        class Handler(_Answer):
            """Answers for this hub."""

            def offered(self) -> "FakeHub":
                """The hub."""
                return hub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


class _Answer(BaseHTTPRequestHandler):
    """Answers the few requests that there are."""

    protocol_version = "HTTP/1.1"

    def offered(self) -> FakeHub:
        """The hub that it answers for."""
        raise NotImplementedError

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        """A listing, or a file or its rest."""
        path = unquote(urlsplit(self.path).path)
        if found := _INFO.fullmatch(path):
            self._list(*found.groups())
        elif found := _FILE.fullmatch(path):
            self._offer_file(*found.groups())
        elif found := _ELSEWHERE.fullmatch(path):
            if token := self.headers.get("Authorization"):
                self.offered().tokens_elsewhere.append(token)
            self._send_file(*found.groups())
        else:
            self._refuse(404, "EntryNotFound")

    def _list(self, repository: str, revision: str) -> None:
        files = self.offered().repositories.get(repository)
        if files is None:
            return self._refuse(401, "RepoNotFound")
        commit = COMMIT if revision == "main" else revision
        if not _IS_COMMIT.fullmatch(commit):
            return self._refuse(404, "RevisionNotFound")
        siblings = [_sibling(path, content) for path, content in files.items()]
        answer = {"id": repository, "sha": commit, "siblings": siblings}
        self._send(200, json.dumps(answer).encode())
        return None

    def _offer_file(self, repository: str, revision: str, path: str) -> None:
        """A small file, or where a large one lies, as hubs do it."""
        hub = self.offered()
        if repository in hub.gated and not self.headers.get("Authorization"):
            self._refuse(401, "GatedRepo")
        elif path not in hub.repositories.get(repository, {}) or not _IS_COMMIT.fullmatch(revision):
            self._refuse(404, "EntryNotFound")
        elif path.endswith(_LARGE):
            other = hub.address.replace("127.0.0.1", "localhost")
            self.send_response(302)
            self.send_header("Location", f"{other}/elsewhere/{repository}/{revision}/{path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send_file(repository, revision, path)

    def _send_file(self, repository: str, revision: str, path: str) -> None:
        hub = self.offered()
        content = hub.served.get(path, hub.repositories[repository][path])
        given = self.headers.get("Range", "")
        hub.asked.append((path, given))
        start = int(given.removeprefix("bytes=").rstrip("-")) if given else 0
        self._send(
            206 if given else 200, content[start:], start=start, total=len(content), path=path
        )

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"{}", code=code)

    def _send(
        self,
        status: int,
        body: bytes,
        *,
        start: int = 0,
        total: int = 0,
        path: str = "",
        code: str = "",
    ) -> None:
        hub = self.offered()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        if code:
            self.send_header("X-Error-Code", code)
        self.end_headers()
        cut, hold = hub.cuts.pop(path, None), hub.held.pop(path, None)
        if cut is not None:
            self.wfile.write(body[:cut])
            self.close_connection = True
            return
        if hold is not None:
            self.wfile.write(body[:hold])
            hub.reached.set()
            hub.let_go.wait()
            body = body[hold:]
        try:
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True


def _sibling(path: str, content: bytes) -> dict[str, object]:
    sha1 = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    sibling: dict[str, object] = {"rfilename": path, "size": len(content), "blobId": sha1}
    if path.endswith(_LARGE):
        sha256 = hashlib.sha256(content).hexdigest()
        sibling["lfs"] = {"size": len(content), "sha256": sha256, "pointerSize": 134}
    return sibling
