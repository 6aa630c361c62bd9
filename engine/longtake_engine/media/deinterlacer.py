"""Whole frames from frames that hold two fields of two moments."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from fractions import Fraction

from av.error import BlockingIOError as NoneReady
from av.error import EOFError as Ended
from av.filter import Graph
from av.video.format import VideoFormat

from longtake_engine.media.decoder import Placed
from longtake_engine.media.info import Scan
from longtake_engine.media.pixel import pack, unpack
from longtake_engine.picture import PictureFormat

CONTEXT_FRAMES = 2  # what a frame leans on before it, so that a run may begin anywhere


def deinterlaced(placed: Iterable[Placed], format: PictureFormat, scan: Scan) -> Generator[Placed]:
    """Yield one whole frame for each frame, by FFmpeg's bwdif, in `format`."""
    graph = _graph(format, "bff" if scan == "bottom_first" else "tff")
    places: deque[int] = deque()
    for frame, picture in placed:
        places.append(frame)
        whole = pack(unpack(picture, format))
        whole.pts = frame
        whole.time_base = Fraction(1, 1000)
        graph.vpush(whole)
        yield from _ready(graph, places)
    graph.vpush(None)
    yield from _ready(graph, places)


def _ready(graph: Graph, places: deque[int]) -> Iterator[Placed]:
    while places:
        try:
            picture = graph.vpull()
        except (NoneReady, Ended):
            return
        yield places.popleft(), picture


def _graph(format: PictureFormat, parity: str) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=format.width,
        height=format.height,
        format=VideoFormat(format.pixel_format, format.width, format.height),
        time_base=Fraction(1, 1000),
    )
    # deint=all: the stream is known to be interlaced, even where a frame is not marked so.
    bwdif = graph.add("bwdif", f"mode=send_frame:parity={parity}:deint=all")
    sink = graph.add("buffersink")
    graph.link_nodes(source, bwdif, sink).configure()
    return graph


def first_needed(start: int) -> int:
    """The first frame to decode for a run that begins at frame `start`."""
    return max(start - CONTEXT_FRAMES, 0)
