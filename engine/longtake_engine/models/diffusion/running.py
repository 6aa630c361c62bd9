"""A model in memory, at work."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, TypeVar, cast

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.models.diffusion.assembly import Assembly, assemble
from longtake_engine.models.diffusion.family import Family, Grid, SharingFamily, Steps
from longtake_engine.models.diffusion.loading import (
    Weights,
    free_card,
    is_memory_error,
    loaded,
    memory_errors,
)
from longtake_engine.models.diffusion.lora import Addition, addition_for
from longtake_engine.models.diffusion.placement import (
    WAYS,
    Machine,
    Need,
    Way,
    choose_way,
    held_note,
)
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.lora import CameraLora
from longtake_engine.work import CameraKind, CameraMove

T = TypeVar("T")


class RunningModel:
    """Completes one canvas after another with weights that are loaded once, when the first comes.

    Where the card turns out to be too small, it goes on in the next slower way.
    """

    def __init__(
        self,
        family: Family,
        weights: Weights,
        machine: Machine,
        need: Need,
        *,
        grid: Grid | None = None,
        loras: Mapping[CameraKind, CameraLora] | None = None,
    ) -> None:
        """What fits is chosen now; raises `OutOfMemory` where nothing does.

        Args:
            family: Runs the model.
            weights: The model.
            machine: What it works on.
            need: What it takes of that.
            grid: In place of the family's, where that would be too large.
            loras: What was taught beside the model of moves of the camera.
        """
        self._family = family
        self._grid = grid or family.grid
        self._weights = weights
        self._machine = machine
        self._need = need
        self._loras = loras or {}
        self._addition: Addition | None = None
        self._stay = ExitStack()
        self._pipe: Any = None
        self._way: Way = choose_way(self._need, machine)

    def complete(self, canvas: Canvas, wish: Wish, cancel: CancelToken) -> Iterator[Completed]:
        """Each wanted frame, in time order.

        Raises:
            Cancelled: `cancel` was set; noticed between steps and between frames.
            NotPossible: The model cannot do this.
            WrongCall: It needs to be told what to make, or the canvas is too long for one run.
            OutOfMemory: It fits in no way.
        """
        assembly = self._assemble(canvas, wish)
        block = assembly.block(cancel)
        self._add(wish.camera)
        draw = wish.draw if self._addition is None else wish.draw_besides
        if draw is not None and self._family.conditioning.control:
            wish = replace(wish, control=draw(assembly.frames(), block.size))
        made = self._run(
            lambda pipe, steps: self._family.run(pipe, block, wish, steps), wish.steps, cancel
        )
        yield from assembly.completed(block, made, cancel)

    def complete_together(
        self, canvas: Canvas, wishes: Sequence[Wish], subject: str, cancel: CancelToken
    ) -> Iterator[Iterator[Completed]]:
        """The canvas completed once for each wish, all in one run; `subject` looks the same.

        Raises:
            As `complete`; and WrongCall where a prompt does not say the subject.
        """
        family = cast(SharingFamily, self._family)
        assembly = self._assemble(canvas, wishes[0])
        block = assembly.block(cancel)
        self._add(wishes[0].camera)
        steps = wishes[0].steps
        runs = self._run(
            lambda pipe, told: family.run_together(pipe, block, wishes, subject, told),
            steps,
            cancel,
        )
        for made in runs:
            yield assembly.completed(block, made, cancel)

    def close(self) -> None:
        """Free what the model holds."""
        self._pipe = None
        self._stay.close()

    def _assemble(self, canvas: Canvas, wish: Wish) -> Assembly:
        family, name = self._family, self._weights.name
        told, grid = family.conditioning, self._grid
        if told.needs_prompt and not wish.prompt:
            raise WrongCall(f'{name} makes shots from words; say what with --prompt "…".')
        assembly = assemble(canvas, grid, told)
        if len(assembly.layout.moments) > grid.max_frames:
            raise WrongCall(
                f"{name} makes {grid.max_frames} frames at once at most and"
                f" {len(assembly.layout.moments)} were asked for; ask for fewer."
            )
        if assembly.layout.masked:
            if not told.masks and not (told.strength and wish.strength):
                raise NotPossible(
                    f"{name} cannot complete parts of pictures; take a model that can, such as"
                    " wan-vace-1.3b."
                )
            return assembly
        known = canvas.known.keys()
        before = canvas.wanted.start - 1 in known
        if canvas.wanted.stop in known and not before and not told.alone_after:
            raise NotPossible(
                f"{name} cannot make what comes before a clip; take a model that goes both ways,"
                " such as wan-vace-1.3b."
            )
        if told.needs_before and not before:
            raise NotPossible(
                f"{name} goes on from a picture and was given none; give a still with --image, or"
                " take a model that makes shots from words."
            )
        if told.needs_after and canvas.wanted.stop not in known:
            raise NotPossible(
                f"{name} makes what lies between two pictures and was given no last one; give it"
                " two, or take a model that goes on from one."
            )
        return assembly

    def _run(self, call: Callable[[Any, Steps], T], steps: int, cancel: CancelToken) -> T:
        """What `call` makes with the pipeline in `steps` steps, 0 for as many as the family takes;
        again in the next slower way where the memory is too little."""
        while True:
            counted = Steps(steps or self._family.steps, cancel, _Telling(cancel))
            try:
                cancel.check()
                made = call(self._opened(), counted)
                self._remark(cancel)
                return made
            except (MemoryError, RuntimeError) as error:
                if not is_memory_error(error):
                    raise
            self._step_down()

    def _add(self, camera: CameraMove | None) -> None:
        """Have the model loaded with what it was taught of a move; once more if it is loaded with
        something else."""
        lora = self._loras.get(camera.kind) if camera is not None else None
        addition = addition_for(lora, camera) if lora is not None and camera is not None else None
        if addition != self._addition:
            self.close()
            self._addition = addition

    def _opened(self) -> Any:
        """The pipeline, loaded in the quickest way that fits."""
        if self._pipe is None:
            weights, pipeline = self._weights, self._family.pipeline
            self._pipe = self._stay.enter_context(
                loaded(weights, pipeline, self._machine, self._way, self._addition)
            )
        return self._pipe

    def _remark(self, cancel: CancelToken) -> None:
        """Tell what an editor should know of how the model ran."""
        name, added = self._weights.name, self._addition
        cancel.remark(name, held_note(self._need, self._machine, self._way))
        if added is not None:
            cancel.remark(
                name,
                f"The camera's move was made by {added.path.name}, at strength {added.strength:g}.",
            )

    def _step_down(self) -> None:
        """Take the next slower way; raise where there is none."""
        self.close()
        free_card(self._machine)
        at = WAYS.index(self._way) + 1
        if at == len(WAYS):
            with memory_errors(self._weights.name):
                raise MemoryError
        self._way = choose_way(self._need, self._machine, WAYS[at])


class _Telling:
    """Tells of steps, and how long those to come will take."""

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._began = 0.0  # of the second step: the first one brings the weights to the card

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        left = -1.0
        if done == 1:
            self._began = now
        elif done > 1:
            left = (now - self._began) / (done - 1) * (total - done)
        self._cancel.say(f"step {done} of {total}", left)
