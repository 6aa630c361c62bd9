"""The matte as a video, to be corrected by hand and given back as a mask."""

from fractions import Fraction
from pathlib import Path

from longtake_engine.errors import WrongCall
from longtake_engine.media.codec import CodecChoice
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.pixel import describe
from longtake_engine.media.writer import MediaWriter, check_output
from longtake_engine.picture import Color, Picture, PictureFormat
from longtake_engine.tasks.inpaint.matte import Mattes

CODECS: dict[str, CodecChoice] = {".mkv": "ffv1", ".mov": "prores", ".mp4": "h264"}


def check_matte_out(path: Path | None, format: PictureFormat, source: MediaInfo) -> None:
    """Nothing, where a matte of such a clip can be written there.

    Raises:
        WrongCall: The suffix says no video.
        NotPossible: The codec cannot hold pictures of this size.
    """
    if path is None:
        return
    if path.suffix.lower() not in CODECS:
        raise WrongCall(
            f"{path.name} cannot hold a matte; end its name in .mkv for no loss, .mov or .mp4."
        )
    check_output(path, CODECS[path.suffix.lower()], matte_format(format), source)


def matte_format(format: PictureFormat) -> PictureFormat:
    """Of a matte over pictures of `format`: 8-bit grey, full range."""
    return describe("gray", format.width, format.height, Color(range="pc"))


class MatteWriter:
    """Writes the matte of each frame of the made file, in order."""

    def __init__(
        self,
        path: Path,
        *,
        job_id: str,
        source: MediaInfo,
        format: PictureFormat,
        rate: Fraction,
        start_frame: int,
    ) -> None:
        self._format = matte_format(format)
        self.media = MediaWriter(
            path,
            job_id=job_id,
            source=source,
            format=self._format,
            rate=rate,
            codec=CODECS[path.suffix.lower()],
            start_frame=start_frame,
            sound=(),
        )

    def write(self, mattes: Mattes, frame: int) -> None:
        """Add what is hidden of `frame`."""
        self.media.write_picture(Picture((mattes.matte(frame),), self._format))
