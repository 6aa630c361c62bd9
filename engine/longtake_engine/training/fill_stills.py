"""Pictures to learn filling from: shapes upon shapes, each with its own texture and light.

Dead leaves (Lee, Mumford & Huang 2001) whose sizes follow a power law, of 1/f textures, with what
buildings and landscapes add to them: long straight edges, strips, stripes, shadows, soft light.
"""

import cv2
import numpy as np

Array = np.ndarray
Random = np.random.Generator

SIDE = 160  # pixels: height and width of a picture
LEAVES = (0, 2, 5, 10, 20, 40)  # shapes in a picture
OFTEN = (0.10, 0.18, 0.24, 0.22, 0.16, 0.10)  # how often each of these
RAGGED = 0.6  # how often a picture's outlines are uneven
FRACTION = 4  # bits: shapes are placed to a sixteenth of a pixel
FAR = 3 * SIDE  # pixels: beyond the picture from anywhere in it


def draw_still(random: Random) -> Array:
    """SIDE SIDE 3 float32, R'G'B' from 0 to 255."""
    first = _color(random)
    image = _texture(random, first)
    related = random.random() < 0.6
    for number in range(1 + int(random.choice(LEAVES, p=OFTEN))):
        size = 0.8 * SIDE if number == 0 else _leaf_size(random)
        cover = _shape(random, size)[..., None]
        if random.random() < 0.15:  # a shadow or a light
            image *= 1 - cover * np.float32(random.uniform(-0.3, 0.6))
            continue
        color = _color(random, first if related else None)
        image += cover * (_texture(random, color) - image)
    return _as_seen(random, image)


def _leaf_size(random: Random) -> float:
    return min(0.6 * SIDE, 4 * (1 - random.random()) ** -0.75)


def _color(random: Random, near: Array | None = None) -> Array:
    tint = random.normal(0, 1, 3)
    tint = (tint - tint.mean()) * random.exponential(14)
    if near is None:
        return (random.uniform(15, 240) + tint).astype(np.float32)
    return (near + random.normal(0, 1) * random.exponential(35) + 0.6 * tint).astype(np.float32)


def _texture(random: Random, color: Array) -> Array:
    """A surface of one colour: its shading, its grain, perhaps its stripes."""
    down, across = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE - 0.5
    turn = random.uniform(0, 2 * np.pi)
    light = (across * np.cos(turn) + down * np.sin(turn)) * random.exponential(45)
    if random.random() < 0.3:
        x, y = random.uniform(-0.5, 0.5, 2)
        light += ((across - x) ** 2 + (down - y) ** 2) * random.normal(0, 90)
    if random.random() < 0.75:
        light += _fractal(random) * random.exponential(9)
    if random.random() < 0.14:
        light += _stripes(random, across, down)
    tinted = 1 + random.normal(0, 0.12, 3)
    return (color + light[..., None] * tinted).astype(np.float32)


def _fractal(random: Random, slopes: tuple[float, float] = (0.6, 2.4)) -> Array:
    """1/f noise of some slope, now and then stretched one way; mean 0, deviation 1."""
    down, across = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    if random.random() < 0.4:
        turn, long = random.uniform(0, np.pi), np.exp(random.uniform(0, 1.6))
        along = across * np.cos(turn) + down * np.sin(turn)
        beside = down * np.cos(turn) - across * np.sin(turn)
        down, across = along * long, beside / long
    steepness = np.hypot(down, across) + 1 / SIDE
    phase = np.exp(2j * np.pi * random.random(steepness.shape))
    noise = np.fft.irfft2(phase / steepness ** random.uniform(*slopes), s=(SIDE, SIDE))
    return ((noise - noise.mean()) / (noise.std() + 1e-6)).astype(np.float32)


def _stripes(random: Random, across: Array, down: Array) -> Array:
    turn, often = random.uniform(0, np.pi), random.uniform(16, 100)
    bent = across * np.sin(turn) * random.normal(0, 4)
    wave = np.sin((across * np.cos(turn) + down * np.sin(turn)) * often + bent)
    if random.random() < 0.5:
        wave = np.tanh(4 * wave)
    return wave * random.uniform(4, 45)


def _shape(random: Random, size: float) -> Array:
    """SIDE SIDE float32: 1 where the shape is, its edge more or less soft."""
    cover = np.zeros((SIDE, SIDE), np.uint8)
    kinds = (_half_plane, _strips, _ellipse, _blob, _quadrangle, _curve)
    kinds[random.choice(len(kinds), p=(0.22, 0.18, 0.22, 0.23, 0.10, 0.05))](random, cover, size)
    soft = cover.astype(np.float32) / 255
    if random.random() < 0.5:
        soft = cv2.GaussianBlur(soft, (0, 0), 0.5 + random.exponential(1.2))
    return soft


def _fixed(points: Array) -> Array:
    return np.rint(np.asarray(points) * (1 << FRACTION)).astype(np.int32)


def _fill(cover: Array, points: Array) -> None:
    cv2.fillPoly(cover, [_fixed(points)], (255,), cv2.LINE_AA, FRACTION)


def _direction(random: Random) -> tuple[Array, Array]:
    """A unit vector, often level or upright as what people build, and the one beside it."""
    turn = random.uniform(0, 2 * np.pi)
    if random.random() < 0.45:
        turn = round(turn / (np.pi / 2)) * np.pi / 2 + random.normal(0, 0.06)
    along = np.array([np.cos(turn), np.sin(turn)])
    return along, np.array([-along[1], along[0]])


def _somewhere(random: Random) -> Array:
    return random.uniform(-0.1 * SIDE, 1.1 * SIDE, 2)


def _half_plane(random: Random, cover: Array, size: float) -> None:
    """All on one side of a line, or between two that meet."""
    along, beside = _direction(random)
    corner = random.uniform(0.1, 0.9, 2) * SIDE
    if random.random() < 0.35:
        wide = random.uniform(0.5, 2.4)
        other = np.cos(wide) * along + np.sin(wide) * beside
        ends = (corner, corner + FAR * along, corner + FAR * (along + other), corner + FAR * other)
        _fill(cover, np.array(ends))
        return
    start, end = corner - FAR * along, corner + FAR * along
    _fill(cover, np.array([start, end, end + FAR * beside, start + FAR * beside]))


def _strips(random: Random, cover: Array, size: float) -> None:
    """One or a few poles, wires, boards: long, straight, side by side."""
    along, beside = _direction(random)
    half = min(0.25 * SIDE, 1.2 * (1 - random.random()) ** -0.8)
    count = 1 if random.random() < 0.7 else int(random.integers(2, 7))
    gap, narrow = half * random.uniform(1.6, 5) * beside, random.uniform(0.4, 1)
    place = _somewhere(random)
    for number in range(count):
        start, end = place + number * gap - FAR * along, place + number * gap + FAR * along
        wide = half * beside
        _fill(
            cover, np.array([start - narrow * wide, end - wide, end + wide, start + narrow * wide])
        )


def _ellipse(random: Random, cover: Array, size: float) -> None:
    x, y = (int(value) for value in _fixed(_somewhere(random)))
    axes = int(size * (1 << FRACTION)), int(size * random.uniform(0.25, 1) * (1 << FRACTION))
    turn = float(random.uniform(0, 180))
    cv2.ellipse(cover, (x, y), axes, turn, 0, 360, (255,), -1, cv2.LINE_AA, FRACTION)


def _blob(random: Random, cover: Array, size: float) -> None:
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    waves = (
        random.normal(0, 0.3 / n) * np.cos(n * angle + random.uniform(0, 6)) for n in range(1, 6)
    )
    reach = size * (1 + sum(waves))
    along, beside = _direction(random)
    flat = random.uniform(0.3, 1)
    across, down = reach * np.cos(angle), flat * reach * np.sin(angle)
    _fill(cover, _somewhere(random) + across[:, None] * along + down[:, None] * beside)


def _quadrangle(random: Random, cover: Array, size: float) -> None:
    along, beside = _direction(random)
    beside = beside * random.uniform(0.3, 2)
    corners = np.array([-along - beside, along - beside, along + beside, beside - along])
    _fill(cover, _somewhere(random) + size * (corners + random.normal(0, 0.12, (4, 2))))


def _curve(random: Random, cover: Array, size: float) -> None:
    way = np.linspace(-1, 1, 40)
    along, beside = _direction(random)
    off = random.normal(0, 0.4) * way**2 + random.normal(0, 0.15) * np.sin(3 * way)
    points = _somewhere(random) + SIDE * (1.5 * way[:, None] * along + off[:, None] * beside)
    wide = int(random.integers(1, 9))
    cv2.polylines(cover, [_fixed(points)], False, (255,), wide, cv2.LINE_AA, FRACTION)


def _as_seen(random: Random, image: Array) -> Array:
    """Out of focus or blurred by motion now and then, and within what a picture holds."""
    if random.random() < RAGGED:
        image = _ragged(random, image)
    if random.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 2.2))
    if random.random() < 0.2:
        image = cv2.filter2D(image, -1, _smear(random))
    low, high = min(0.0, float(image.min())), max(255.0, float(image.max()))
    if random.random() < 0.7:
        image = (image - low) * (255 / (high - low))
    return np.clip(image, 0, 255).astype(np.float32)


def _ragged(random: Random, image: Array) -> Array:
    """With every outline as uneven as those that nobody built."""
    down, across = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    reach = random.exponential(3)
    x, y = (_fractal(random, (1.2, 2.4)) * np.float32(reach) for _ in range(2))
    return cv2.remap(
        image, across + x, down + y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )


def _smear(random: Random) -> Array:
    long = int(random.integers(3, 15))
    kernel = np.zeros((long, long), np.float32)
    turn = random.uniform(0, np.pi)
    half = np.array([np.cos(turn), np.sin(turn)]) * long / 2
    start, end = (np.rint(long / 2 + sign * half).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, (1.0,))
    return kernel / max(float(kernel.sum()), 1.0)
