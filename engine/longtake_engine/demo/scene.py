"""A little scene with a camera move, moving things and sound, drawn from nothing."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.media.info import MediaInfo, SoundFormat, Timing, VideoInfo
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Color, Picture, PictureFormat
from longtake_engine.tasks.soundtrack import sample_at

WIDTH, HEIGHT = 960, 540
RATE = Fraction(24000, 1001)
FRAMES = 96
SAMPLE_RATE = 48000
BT709 = Color("tv", "bt709", "bt709", "bt709")
FORMAT = PictureFormat("yuv420p", WIDTH, HEIGHT, "yuv", 8, 1, 1, False, BT709)
SOUND = SoundFormat(SAMPLE_RATE, "stereo", 2, np.dtype(np.int16), 16)
PAN = 2.4  # pixels a frame


def write_scene(path: Path) -> None:
    """Write the scene: four seconds of 960×540 at 24000/1001 with stereo sound, ProRes.

    Raises:
        EngineError: It cannot be written there.
    """
    timing = Timing("even", RATE, 0, 1 / RATE)
    video = VideoInfo(
        index=0,
        codec="prores",
        profile="",
        pixel_format=FORMAT.pixel_format,
        width=WIDTH,
        height=HEIGHT,
        pixel_aspect=Fraction(1),
        rotation_degrees=0,
        rate=RATE,
        variable_rate=False,
        frame_count=FRAMES,
        start_timecode="01:00:00:00",
        bit_depth=8,
        has_alpha=False,
        color=BT709,
        scan="progressive",
        timing=timing,
    )
    source = MediaInfo(path, "mov", 0, (video,), ())
    wind = _wind(sample_at(FRAMES, SAMPLE_RATE, RATE))
    with MediaWriter(
        path,
        job_id="scene",
        source=source,
        format=FORMAT,
        rate=RATE,
        codec="prores",
        start_frame=0,
        sound=(SOUND,),
    ) as writer:
        for frame, picture in enumerate(draw_scene()):
            writer.write_picture(picture)
            start, stop = (sample_at(n, SAMPLE_RATE, RATE) for n in (frame, frame + 1))
            writer.write_sound(0, np.ascontiguousarray(wind[:, start:stop]))
        writer.commit()


def draw_scene() -> Iterator[Picture]:
    """The scene's frames: hills at dusk from a panning camera, a balloon and two birds."""
    random = np.random.default_rng(7)
    layers = [_sky(random), _hills(random, 250, 60, (96, 108, 132)), _meadow(random)]
    for frame in range(FRAMES):
        image = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        for layer, depth in zip(layers, (0.35, 0.6, 1.0), strict=True):
            _lay(image, layer, -PAN * depth * frame)
        _balloon(image, 620 - 0.9 * frame, 250 - 0.8 * frame)
        for bird, phase in ((0, 0.0), (1, 1.3)):
            _bird(image, 90 + 60 * bird + 2.4 * frame, 120 + 25 * bird, frame * 0.55 + phase)
        image += random.normal(0, 1.2, (HEIGHT, WIDTH, 1))
        yield _picture(np.clip(image, 0, 255).astype(np.uint8))


def _picture(rgb: np.ndarray) -> Picture:
    """BT.709 limited range; OpenCV's own conversion is BT.601."""
    matrix = np.array(
        [
            [0.1826, 0.6142, 0.0620],
            [-0.1006, -0.3386, 0.4392],
            [0.4392, -0.3989, -0.0403],
        ],
        np.float32,
    )
    yuv = cv2.transform(rgb.astype(np.float32), matrix) + np.array([16, 128, 128], np.float32)
    planes = [yuv[..., 0]]
    for channel in (1, 2):
        half = (WIDTH // 2, HEIGHT // 2)
        planes.append(cv2.resize(yuv[..., channel], half, interpolation=cv2.INTER_AREA))
    return Picture(tuple((plane + 0.5).astype(np.uint8) for plane in planes), FORMAT)


def _lay(image: np.ndarray, layer: np.ndarray, shift: float) -> None:
    """Paint a wide layer (H W 4, alpha last) over the image, shifted sideways between pixels."""
    matrix = np.array([[1, 0, shift], [0, 1, 0]], np.float32)
    moved = cv2.warpAffine(layer, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)
    alpha = np.clip(moved[..., 3:], 0, 1)
    image[:] = image * (1 - alpha) + moved[..., :3] * alpha


def _noise(random: np.random.Generator, height: int, width: int, octaves: int) -> np.ndarray:
    """Cloudy noise, H W from about -1 to 1."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cells = 4 << octave
        grid = random.normal(0, 1, (max(2, cells * height // width), cells)).astype(np.float32)
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) / (1.6**octave)
    return total / 2.2


def _sky(random: np.random.Generator) -> np.ndarray:
    wide = WIDTH + int(PAN * FRAMES)
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    color = (1 - down) * np.array([92, 128, 186]) + down * np.array([244, 196, 150])
    clouds = np.clip(_noise(random, HEIGHT, wide, 6), 0, 1)[..., None]
    color = color * (1 - 0.55 * clouds) + np.array([250, 238, 228]) * 0.55 * clouds
    return _with_alpha(color, np.ones((HEIGHT, wide)))


def _hills(
    random: np.random.Generator, top: int, height: int, color: tuple[int, int, int]
) -> np.ndarray:
    wide = WIDTH + int(PAN * FRAMES)
    ridge = top + height * _noise(random, 2, wide, 6)[0]
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    shade = 1 + 0.22 * _noise(random, HEIGHT, wide, 7)[..., None]
    return _with_alpha(shade * np.array(color), np.clip(rows - ridge, 0, 1))


def _meadow(random: np.random.Generator) -> np.ndarray:
    layer = _hills(random, 380, 18, (98, 118, 62))
    grass = random.normal(0, 1, layer.shape[:2]).astype(np.float32)
    grass = cv2.GaussianBlur(grass, (0, 0), 0.8, sigmaY=2.5)
    layer[..., :3] += 55 * grass[..., None]
    for x in range(120, layer.shape[1], 260):
        cv2.rectangle(layer, (x, 350), (x + 9, 470), (70, 52, 40, 1), -1, cv2.LINE_AA)
    return layer


def _with_alpha(color: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    shape = (*alpha.shape, 3)
    return np.dstack([np.broadcast_to(color, shape), alpha]).astype(np.float32)


def _balloon(image: np.ndarray, x: float, y: float) -> None:
    _ellipse(image, (x, y), (46, 56), (196, 64, 52))
    _ellipse(image, (x, y), (24, 56), (232, 176, 72))
    _ellipse(image, (x, y), (8, 56), (196, 64, 52))
    _line(image, (x - 14, y + 52), (x - 7, y + 84), (60, 44, 36), 2)
    _line(image, (x + 14, y + 52), (x + 7, y + 84), (60, 44, 36), 2)
    _ellipse(image, (x, y + 92), (11, 9), (120, 84, 50))


def _bird(image: np.ndarray, x: float, y: float, phase: float) -> None:
    lift = 9 * np.sin(phase)
    for side in (-1, 1):
        _line(image, (x, y), (x + 16 * side, y - lift), (34, 34, 40), 3)


def _ellipse(
    image: np.ndarray,
    centre: tuple[float, float],
    axes: tuple[float, float],
    color: tuple[int, int, int],
) -> None:
    # Four bits of fraction: things move between pixels.
    centre_16, axes_16 = ([round(value * 16) for value in pair] for pair in (centre, axes))
    cv2.ellipse(image, centre_16, axes_16, 0, 0, 360, color, -1, cv2.LINE_AA, 4)


def _line(
    image: np.ndarray,
    start: tuple[float, float],
    end: tuple[float, float],
    color: tuple[int, int, int],
    width: int,
) -> None:
    points = [(round(x * 16), round(y * 16)) for x, y in (start, end)]
    cv2.line(image, points[0], points[1], color, width, cv2.LINE_AA, 4)


def _wind(count: int) -> np.ndarray:
    """Wind over grass, C S int16."""
    random = np.random.default_rng(11)
    spectrum = 1 / np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 60) ** 0.9
    gusts = 1 + 0.3 * np.sin(2 * np.pi * 0.4 * np.arange(count) / SAMPLE_RATE)
    channels = []
    for _ in range(2):
        white = np.fft.rfft(random.normal(0, 1, count))
        wind = np.fft.irfft(white * spectrum, count)
        channels.append(wind / wind.std() * 900 * gusts)
    return np.rint(channels).astype(np.int16)
