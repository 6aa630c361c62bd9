"""FFmpeg's motion-compensated `minterpolate`, as the rival that everybody has."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from longtake_engine.media.pixel import describe, pack, unpack
from longtake_engine.picture import Picture, PictureFormat

MODES = {"minterpolate": "", "minterpolate aobmc": ":mc_mode=aobmc:vsbmc=1"}


def minterpolate(
    pictures: Iterable[Picture], format: PictureFormat, factor: int, mode: str
) -> Iterator[Picture]:
    """`factor` times as many pictures, in the same format. It keeps the last ones to itself."""
    rate = Fraction(25)  # any: it looks at nothing but the ratio
    graph = Graph()
    source = graph.add_buffer(
        width=format.width,
        height=format.height,
        format=VideoFormat(format.pixel_format),
        time_base=1 / rate,
    )
    made = graph.add("minterpolate", f"fps={factor * rate}{MODES[mode]}")
    back = graph.add("format", f"pix_fmts={format.pixel_format}")  # it knows no RGB
    source.link_to(made)
    made.link_to(back)
    back.link_to(graph.add("buffersink"))
    graph.configure()
    wanted = describe(format.pixel_format, format.width, format.height, format.color, opaque=True)
    for number, picture in enumerate(pictures):
        frame = pack(picture)
        frame.pts, frame.time_base = number, 1 / rate
        graph.push(frame)
        yield from (unpack(one, wanted) for one in _pulled(graph))
    graph.push(None)
    yield from (unpack(one, wanted) for one in _pulled(graph))


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        assert isinstance(frame, VideoFrame)
        yield frame
