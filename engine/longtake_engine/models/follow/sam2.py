"""SAM 2 as a tracker, where the catalogue's weights of it are installed.

Ravi et al. 2024, "SAM 2: Segment Anything in Images and Videos", through transformers. torch and
transformers are imported when something is followed, not before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, NotPossible
from longtake_engine.models.diffusion.color import to_rgb
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.first import first_matte
from longtake_engine.models.follow.followed import Followed, at_full_size
from longtake_engine.models.follow.look import look, look_size
from longtake_engine.models.follow.mark import Corrected, Mark, Marks, check_marks
from longtake_engine.models.follow.store import Kept
from longtake_engine.models.follow.way import in_short_runs
from longtake_engine.picture import Picture
from longtake_engine.weights.store import InstalledModel
from longtake_engine.work import Box, Point

if TYPE_CHECKING:
    from transformers import Sam2VideoInferenceSession

MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # what it was trained on
REMEMBERED = 24  # frames: it looks back at 16 at most
CHUNK = 8  # frames read ahead on the way back in time
SURE = 1.0  # logits: a matte that is the same above and below is a stable one
CORNERS, ON = (2, 3), 1  # labels of a box's corners and of a point on the thing


@dataclass(frozen=True, slots=True)
class Sam2:
    """SAM 2 from an installed folder."""

    model: InstalledModel

    @property
    def name(self) -> str:
        """As the catalogue calls it."""
        return self.model.manifest.name

    def follow(
        self, pictures: Mapping[int, Picture], marks: Marks, frames: range, cancel: CancelToken
    ) -> Iterator[Followed]:
        """As the function `follow`.

        Raises:
            NotPossible: transformers is not installed.
            BadInput: The folder holds no SAM 2.
        """
        given = check_marks(marks, pictures[frames.start].format, frames)
        run = _Run.begin(self.model, pictures, frames)
        for frame, of_frame in given.items():
            cancel.check()
            run.mark(frame, of_frame)
        first = min(given)
        earlier = {}
        for frame in in_short_runs(range(first - 1, frames.start - 1, -1), CHUNK, run.read):
            cancel.check()
            earlier[frame] = run.step(frame, back=True)
        for frame in frames:
            cancel.check()
            kept = earlier.pop(frame, None) or run.step(frame, back=False)
            yield at_full_size(frame, kept, pictures[frame])


@dataclass(frozen=True, slots=True)
class _Run:
    """One thing followed through one shot."""

    network: Any
    session: "Sam2VideoInferenceSession"
    pictures: Mapping[int, Picture]
    frames: range
    side: int  # pixels of the square that it looks at

    @classmethod
    def begin(cls, model: InstalledModel, pictures: Mapping[int, Picture], frames: range) -> "_Run":
        network = _load(model)
        from transformers import Sam2VideoInferenceSession  # noqa: PLC0415 # heavy

        format = pictures[frames.start].format
        session = Sam2VideoInferenceSession(
            video_height=format.height,
            video_width=format.width,
            inference_device=network.device,
            inference_state_device=network.device,
            dtype=network.dtype,
        )
        session.processed_frames = _Shown(frames.stop)
        session.obj_id_to_idx(0)
        return cls(network, session, pictures, frames, int(network.config.image_size))

    def mark(self, frame: int, marks: list[Mark]) -> None:
        """Show what is marked on a frame."""
        import torch  # noqa: PLC0415 # heavy

        points, labels = self._points(marks)
        if points is None:
            matte = torch.from_numpy(self._drawn(frame, marks))[None, None]
            self.session.add_mask_inputs(0, frame, matte)
        else:
            inputs = {
                "point_coords": torch.tensor(points, dtype=self.network.dtype)[None, None],
                "point_labels": torch.tensor(labels, dtype=torch.int32)[None, None],
            }
            self.session.add_point_inputs(0, frame, inputs)
        self.session.obj_with_new_inputs = [0]
        self.step(frame, back=False)

    def read(self, frame: int) -> None:
        """Hold a frame's picture."""
        held = self.session.processed_frames
        assert held is not None
        if frame not in held:
            held[frame] = self._pixels(self.pictures[frame])

    def step(self, frame: int, *, back: bool) -> Kept:
        """What becomes of the thing on a frame beside those that went before."""
        import torch  # noqa: PLC0415 # heavy

        self.read(frame)
        with torch.inference_mode():
            found = self.network(self.session, frame_idx=frame, reverse=back)
        logits = found.pred_masks[0, 0].float().cpu().numpy()
        shown = 1 / (1 + float(np.exp(-float(found.object_score_logits.flatten()[0]))))
        self._forget(frame)
        return _kept(logits, shown)

    def _points(self, marks: list[Mark]) -> tuple[list | None, list]:
        """Corners and points in the network's pixels; None where it takes a matte instead."""
        format = self.pictures[self.frames.start].format
        scale = np.array([self.side / format.width, self.side / format.height])
        boxes = [mark for mark in marks if isinstance(mark, Box)]
        if len(boxes) > 1 or any(isinstance(mark, Corrected) for mark in marks):
            return None, []
        found: list[tuple[int, int]] = []
        labels: list[int] = []
        for box in boxes:
            found += [(box.x, box.y), (box.x + box.width, box.y + box.height)]
            labels += CORNERS
        for mark in marks:
            if isinstance(mark, Point):
                found.append((mark.x, mark.y))
                labels.append(ON)
        return (np.array(found, float) * scale).tolist(), labels

    def _drawn(self, frame: int, marks: list[Mark]) -> Array:
        """A matte of what is marked: what the built-in tracker takes it for."""
        size = look_size(self.pictures[frame].format)
        scale = size[0] / self.pictures[frame].format.width
        matte = first_matte(look(self.pictures[frame], size), marks, scale)
        square = cv2.resize(matte, (self.side, self.side), interpolation=cv2.INTER_LINEAR)
        return (square > 0.5).astype(np.float32)

    def _pixels(self, picture: Picture) -> Any:
        import torch  # noqa: PLC0415 # heavy

        square = (self.side, self.side)
        rgb = cv2.resize(to_rgb(picture), square, interpolation=cv2.INTER_AREA)
        even = (rgb - np.array(MEAN)) / np.array(SPREAD)
        moved = np.ascontiguousarray(even.transpose(2, 0, 1), np.float32)
        return torch.from_numpy(moved).to(self.network.dtype)

    def _forget(self, frame: int) -> None:
        """Let go of what is not looked back at, so that memory does not grow with the shot."""
        held = self.session.processed_frames
        assert held is not None
        held.pop(frame, None)
        known = self.session.output_dict_per_obj[0]["non_cond_frame_outputs"]
        for old in [number for number in known if abs(number - frame) > REMEMBERED]:
            del known[old]
        for old in known.values():
            old.pop("high_res_masks", None)


class _Shown(dict):
    """The few frames of a shot that are held. The session takes its length for the shot's, and
    does not look back to frames beyond it."""

    def __init__(self, frame_count: int) -> None:
        super().__init__()
        self._frame_count = frame_count

    def __len__(self) -> int:
        return self._frame_count


def _kept(logits: Array, shown: float) -> Kept:
    """A small matte; its confidence is whether the thing is seen, and how sharply it is told."""
    matte = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    inner, outer = int((logits > SURE).sum()), int((logits > -SURE).sum())
    stable = inner / outer if outer else 0.0
    present = shown > 0.5 and bool((logits > 0).any())
    return Kept.of(matte if present else np.zeros_like(matte), shown * stable, present)


def _load(model: InstalledModel) -> Any:
    """The network of a folder, on the card where there is one."""
    try:
        import torch  # noqa: PLC0415 # heavy
        import transformers  # noqa: PLC0415 # heavy
    except ImportError as error:
        raise NotPossible(
            f"{model.manifest.name} is installed, but not what runs it: run"
            ' `pip install "longtake[weights]"` where the engine runs.'
        ) from error
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    card = torch.cuda.is_available()
    try:
        network = transformers.Sam2VideoModel.from_pretrained(
            model.folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.bfloat16 if card else torch.float32,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise BadInput(
            f"The files of {model.manifest.name} in {model.folder} make no SAM 2; run `longtake"
            f" models remove {model.manifest.name}` and install it again."
        ) from error
    placed: Any = network.eval()
    return placed.to("cuda") if card else placed
