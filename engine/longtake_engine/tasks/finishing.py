"""The end of a piece of work: what was written for it appears, all of it or nothing."""

from collections.abc import Iterator, Sequence

from longtake_engine.cancel import CancelToken
from longtake_engine.media.writer import MediaWriter
from longtake_engine.work import Progress


def finish(
    writers: Sequence[MediaWriter], done: int, total: int, cancel: CancelToken
) -> Iterator[Progress]:
    """The last progress, `done` of `total` frames; then every file is committed, in this order.

    Raises:
        Cancelled: Just before: nothing appears.
    """
    yield Progress("finishing", done, total)
    cancel.check()
    for writer in writers:
        writer.commit()
