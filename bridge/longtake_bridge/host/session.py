"""The host session: reads requests line by line, and answers each from a thread of its own."""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from longtake_bridge.errors import BridgeError, wrong_call
from longtake_bridge.host import message
from longtake_bridge.host.preview import PreviewFolder, as_text

if TYPE_CHECKING:
    from longtake_bridge.client import Engine
    from longtake_bridge.host.edit import Canceller

_MOST_AT_ONCE = 32  # requests being worked on; the engine does one job after the other anyway
_CLOSE_S = 15.0  # that cancelled edits get to end when the host is gone

Write = Callable[[str], None]  # a line, without its end


class Session:
    """One host's conversation. `serve` reads it to its end; edits run beside it.

    The thread that reads never waits for the engine, so that `cancel` is always heard.
    """

    def __init__(self, write: Write, *, connect: str | None = None) -> None:
        self._write, self._connect = write, connect
        self._hello: message.Hello | None = None
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._edits: dict[str, Canceller] = {}
        self._previews = PreviewFolder()
        self._closed = False

    def serve(self, lines: Iterable[str]) -> None:
        """Answer everything that is said, until the host has no more to say."""
        try:
            for line in lines:
                if line.strip():
                    self.hear(line)
        finally:
            self.close()

    def hear(self, line: str) -> None:
        """Answer one line, or begin to."""
        request_id = None
        try:
            value = message.parse_line(line)
            said_id = value.get("id")
            request_id = said_id if isinstance(said_id, str) else None
            self._begin(message.read_request(value))
        except BridgeError as error:
            self._tell_failure(request_id, error)

    def close(self) -> None:
        """End: cancel what runs, or leave it to the engine where the host said so."""
        with self._lock:
            self._closed = True
            edits, threads = dict(self._edits), set(self._threads)
        if self._hello is None or self._hello.on_close == "cancel":
            cancels = [threading.Thread(target=one.cancel, daemon=True) for one in edits.values()]
            for thread in cancels:
                thread.start()
            deadline_s = time.monotonic() + _CLOSE_S
            for thread in (*cancels, *threads):
                thread.join(max(deadline_s - time.monotonic(), 0))
        self._previews.remove()

    def _begin(self, request: message.Request) -> None:
        if isinstance(request, message.Hello):
            self._hello = request
            self._tell(_welcome(request))
        elif self._hello is None:
            raise wrong_call('Say "hello" first, with the version of the words that you speak.')
        elif isinstance(request, message.Cancel):
            self._cancel(request)
        elif isinstance(request, message.Start):
            self._start(request)
        else:
            self._run(lambda: self._answer(request), request.id)

    def _start(self, request: message.Start) -> None:
        from longtake_bridge.host.edit import Canceller  # noqa: PLC0415 - hello needs no timelines

        canceller = Canceller()
        with self._lock:
            if request.id in self._edits:
                # Without its id: the edit that has it would seem to have failed.
                self._tell_failure(
                    None, wrong_call(f'An edit "{request.id}" runs already; give each its own id.')
                )
                return
            self._edits[request.id] = canceller
        try:
            self._run(lambda: self._edit(request, canceller), request.id)
        except BridgeError:
            self._forget(request.id)
            raise

    def _cancel(self, request: message.Cancel) -> None:
        canceller = self._edits.get(request.id)
        # An edit that has just ended has been answered; there is nothing left to say.
        if canceller is not None:
            threading.Thread(target=canceller.cancel, daemon=True).start()

    def _run(self, work: Callable[[], None], request_id: str) -> None:
        def run() -> None:
            try:
                work()
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

        with self._lock:
            if len(self._threads) >= _MOST_AT_ONCE:
                raise BridgeError(
                    f"{_MOST_AT_ONCE} requests are being worked on; wait until one has ended.",
                    "BUSY",
                )
            # Nothing may keep a session alive whose host is gone.
            thread = threading.Thread(target=run, name=f"longtake {request_id}", daemon=True)
            self._threads.add(thread)
        thread.start()

    def _answer(self, request: message.Request) -> None:
        from longtake_bridge.host import capability, edit  # noqa: PLC0415 - as above

        def ask() -> message.Answer:
            with self._open() as engine:
                if isinstance(request, message.AskCapabilities):
                    return capability.read_capabilities(engine, request.id)
                if isinstance(request, message.AskModels):
                    return capability.read_models(engine, request.id)
                assert isinstance(request, message.AskEstimate), "the last kind there is"
                return edit.estimate(engine, request)

        self._tell_outcome(request.id, ask)

    def _edit(self, request: message.Start, canceller: "Canceller") -> None:
        from longtake_bridge.host.edit import run_edit  # noqa: PLC0415 - as above

        def make() -> message.Answer:
            with self._open() as engine:
                return run_edit(
                    engine,
                    request,
                    canceller,
                    self._tell,
                    lambda jpeg: self._save_preview(request.id, jpeg),
                )

        try:
            self._tell_outcome(request.id, make, lambda: self._forget(request.id))
        finally:
            self._forget(request.id)
            with self._lock:
                self._previews.forget(request.id)

    def _forget(self, edit: str) -> None:
        with self._lock:
            self._edits.pop(edit, None)

    def _tell_outcome(
        self,
        request_id: str,
        work: Callable[[], message.Answer],
        before_telling: Callable[[], None] = lambda: None,
    ) -> None:
        """The last answer to a request, whatever happens."""
        try:
            answer = work()
        except BridgeError as error:
            answer = _failure(request_id, error)
        except Exception as error:  # the host must hear of a bug too, and the session goes on
            answer = _failure(request_id, _bug(error))
        before_telling()  # the host may use the id again as soon as it hears the answer
        self._tell(answer)

    def _save_preview(self, edit: str, jpeg: bytes) -> tuple[str | None, str | None]:
        way = self._hello.preview if self._hello is not None else "none"
        if way == "path":
            with self._lock, suppress(OSError):  # no room for a picture: the work goes on
                return self._previews.write(edit, jpeg), None
        return None, as_text(jpeg) if way == "base64" else None

    def _open(self) -> "Engine":
        from longtake_bridge.client import Engine  # noqa: PLC0415 - as above

        return Engine.open(self._connect)

    def _tell_failure(self, request_id: str | None, error: BridgeError) -> None:
        self._tell(_failure(request_id, error))

    def _tell(self, answer: message.Answer) -> None:
        # A host that no longer listens is about to close its end of the other pipe, too.
        with suppress(OSError, ValueError):
            self._write(message.write_answer(answer))


def _welcome(request: message.Hello) -> message.Welcome:
    from longtake_bridge.daemon import own_version  # noqa: PLC0415 - it loads gRPC

    return message.Welcome(id=request.id, version=message.VERSION, longtake=own_version())


def _failure(request_id: str | None, error: BridgeError) -> message.Failure:
    return message.Failure(id=request_id, reason=error.reason, message=error.sentence)


def _bug(error: Exception) -> BridgeError:
    import traceback  # noqa: PLC0415 - seldom needed

    traceback.print_exception(error)
    return BridgeError(
        f"This is a bug in Longtake ({type(error).__name__}: {error}); run "
        "`longtake doctor --report` and send us the file."
    )
