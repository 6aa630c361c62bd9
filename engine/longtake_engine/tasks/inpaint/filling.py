"""Where what fills a region comes from: seen in another frame, or made up; as figures and as a
small picture."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.work import Filling

WIDTH, HEIGHT = 640, 160  # pixels of the picture
SEEN, MADE_UP, PAPER = (90, 160, 70), (60, 110, 220), (32, 32, 32)  # blue, green, red
LEGEND = 26  # pixels at its foot
MOST_RUNS = 2000  # that are told one by one
ROUNDED = 4  # decimals of a share


@dataclass(slots=True)
class Fillings:
    """The shares of a take, filled in as its frames are made."""

    frames: list[int] = field(default_factory=list)  # counted in the made file, rising
    filled: list[float] = field(default_factory=list)  # of the picture
    seen: list[float] = field(default_factory=list)  # of what was filled

    def see(self, frame: int, matte: np.ndarray, seen: np.ndarray | None) -> None:
        """A frame of which `matte` (H W uint8) was filled; `seen` (H W float32) as in `Completed`.

        Where the backend does not tell what was seen, all of it counts as made up.
        """
        weight = matte.astype(np.float32)
        total = max(float(weight.sum()), 1.0)
        share = 0.0 if seen is None else float((weight * seen).sum()) / total
        self.frames.append(frame)
        self.filled.append(round(total / (255 * matte.size), ROUNDED))
        self.seen.append(round(min(max(share, 0.0), 1.0), ROUNDED))

    @property
    def seen_share(self) -> float:
        """Of all that was filled, by its pixels."""
        total = sum(self.filled)
        both = sum(a * b for a, b in zip(self.filled, self.seen, strict=True))
        return both / total if total else 1.0

    @property
    def least_seen(self) -> int:
        """The frame of which least was seen; the first of them."""
        return self.frames[min(range(len(self.seen)), key=self.seen.__getitem__)]

    def runs(self) -> tuple[Filling, ...]:
        """The figures, run by run of frames that follow one another."""
        starts = [
            n for n, frame in enumerate(self.frames) if not n or frame != self.frames[n - 1] + 1
        ]
        ends = [*starts[1:], len(self.frames)]
        return tuple(
            Filling(self.frames[start], tuple(self.filled[start:end]), tuple(self.seen[start:end]))
            for start, end in zip(starts[:MOST_RUNS], ends[:MOST_RUNS], strict=True)
        )

    def picture(self, frame_count: int) -> bytes:
        """A PNG of all frames from left to right: how much was seen, below, and made up, above.

        Frames that stayed as they were are dark.
        """
        image = np.full((HEIGHT, WIDTH, 3), PAPER, np.uint8)
        chart = HEIGHT - LEGEND
        for frame, seen in zip(self.frames, self.seen, strict=True):
            left = frame * WIDTH // frame_count
            right = max(left + 1, (frame + 1) * WIDTH // frame_count)
            edge = round((1 - seen) * chart)
            image[:edge, left:right] = MADE_UP
            image[edge:chart, left:right] = SEEN
        _write_legend(image, self.seen_share)
        done, data = cv2.imencode(".png", image)
        assert done
        return data.tobytes()


def _write_legend(image: np.ndarray, seen_share: float) -> None:
    texts = ((f"seen elsewhere {seen_share:.0%}", SEEN), (f"made up {1 - seen_share:.0%}", MADE_UP))
    for number, (text, color) in enumerate(texts):
        place = (8 + number * WIDTH // 2, HEIGHT - 8)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, color, 1, cv2.LINE_AA)
