"""One subject in a batch of shots: each shot's attention sees the subject of the others too.

Implements the subject-driven self-attention of Tewel et al. (2024), "Training-Free Consistent
Text-to-Image Generation" (ConsiStory), for the transformers of Wan: where the subject is, is read
off the attention to its word; a share of its patches is left out at random, so that the shots do
not become one. Their injection of features and blending of queries are left out.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np

from longtake_engine.errors import WrongCall

DROPPED = 0.5  # of the other shots' subject patches
CHUNK = 4096  # patches whose attention to words is reckoned at once


@contextmanager
def sharing(
    pipe: Any, prompts: Sequence[str], subject: str, seed: int = 0, dropped: float = DROPPED
) -> Iterator["Sharing"]:
    """Has `pipe`, a Wan pipeline, show one `subject` in all shots of a batch while this is open.

    The pipeline is to be called with `prompts`, and with the given `Sharing` as (or within) its
    `callback_on_step_end`.

    Args:
        pipe: With the transformer of Wan.
        prompts: One for each shot; every one says `subject`.
        subject: The words of it, as the prompts have them.
        seed: Of what is left out.
        dropped: The share that is left out, 0 to 1.

    Raises:
        WrongCall: A prompt does not say the subject.
    """
    places = [_places(pipe.tokenizer, prompt, subject) for prompt in prompts]
    shared = Sharing(places, seed, dropped)
    own: list[tuple[Any, Any]] = []
    try:
        for model in (pipe.transformer, getattr(pipe, "transformer_2", None)):
            blocks = [] if model is None else list(model.blocks)
            for number, block in enumerate(blocks):
                own += [(block.attn1, block.attn1.processor), (block.attn2, block.attn2.processor)]
                block.attn1.set_processor(_SelfAttention(shared, first=number == 0))
                # Words find their places in the middle of the model; both ends think of else.
                if len(blocks) // 3 <= number < max(len(blocks) - len(blocks) // 3, 1):
                    watched = _CrossAttention(shared, block.attn2.processor)
                    block.attn2.set_processor(watched)
        yield shared
    finally:
        for attention, processor in own:
            attention.set_processor(processor)


class Sharing:
    """Where the subject is in each shot, as the last step showed it."""

    def __init__(self, places: list[list[int]], seed: int, dropped: float) -> None:
        self.places = places
        self._random = np.random.default_rng(seed)
        self._dropped = dropped
        self._seen: np.ndarray | None = None
        self._passes = 0
        self.masks: np.ndarray | None = None  # B N: where the subject is; None in the first step

    def __call__(self, pipe: Any, index: int, timestep: Any, tensors: dict) -> dict:
        """A step has ended: what was seen in it holds for the next."""
        if self._seen is not None:
            self.masks = np.stack([_marked(seen) for seen in self._seen])
        self._seen, self._passes = None, 0
        return tensors

    def begin_pass(self) -> None:
        """The transformer begins: first with the prompts, then perhaps without."""
        self._passes += 1

    @property
    def watches(self) -> bool:
        """Whether the prompts themselves are being looked at."""
        return self._passes == 1

    def see(self, attention: np.ndarray) -> None:
        """Take in how much each patch looks at the subject's words, B N."""
        self._seen = attention if self._seen is None else self._seen + attention

    def lent(self, shot: int) -> np.ndarray | None:
        """The patches that a shot lends to another this time; None where nothing is known yet."""
        if self.masks is None:
            return None
        patches = np.flatnonzero(self.masks[shot])
        return patches[self._random.random(len(patches)) >= self._dropped]


class _SelfAttention:
    """Attention of each shot to itself and to what the others lend."""

    def __init__(self, shared: Sharing, *, first: bool) -> None:
        self._shared = shared
        self._first = first

    def __call__(
        self, attn: Any, hidden_states: Any, words: Any = None, mask: Any = None, turn: Any = None
    ) -> Any:
        import torch  # noqa: PLC0415 # heavy
        from diffusers.models.attention_dispatch import (  # noqa: PLC0415 # heavy
            dispatch_attention_fn,
        )

        if self._first:
            self._shared.begin_pass()
        query, key, value = (
            part.unflatten(2, (attn.heads, -1)) for part in _projected(attn, hidden_states)
        )
        if turn is not None:
            query, key = _turned(query, *turn), _turned(key, *turn)
        lent = [self._shared.lent(shot) for shot in range(len(key))]
        made = []
        for shot in range(len(query)):
            keys, values = [key[shot]], [value[shot]]
            for other, patches in enumerate(lent):
                if other != shot and patches is not None:
                    where = torch.from_numpy(patches).to(key.device)
                    keys.append(key[other, where])
                    values.append(value[other, where])
            seen = dispatch_attention_fn(
                query[shot : shot + 1], torch.cat(keys)[None], torch.cat(values)[None]
            )
            made.append(seen.flatten(2, 3).type_as(query))
        return attn.to_out[1](attn.to_out[0](torch.cat(made)))


class _CrossAttention:
    """The attention to words as it was, looked at."""

    def __init__(self, shared: Sharing, own: Any) -> None:
        self._shared = shared
        self._own = own

    def __call__(
        self, attn: Any, hidden_states: Any, words: Any = None, mask: Any = None, turn: Any = None
    ) -> Any:
        if self._shared.watches:
            self._shared.see(_attention_to(attn, hidden_states, words, self._shared.places))
        return self._own(attn, hidden_states, words, mask, turn)


def _attention_to(attn: Any, hidden_states: Any, words: Any, places: list[list[int]]) -> np.ndarray:
    """How much each patch looks at the words at `places`, of all its looking: B N."""
    import torch  # noqa: PLC0415 # heavy

    if attn.add_k_proj is not None:  # a picture's tokens come before the words
        words = words[:, words.shape[1] - 512 :]
    query = attn.norm_q(attn.to_q(hidden_states)).unflatten(2, (attn.heads, -1))
    key = attn.norm_k(attn.to_k(words)).unflatten(2, (attn.heads, -1))
    rows = []
    for shot, place in enumerate(places):
        parts = []
        for part in query[shot].split(CHUNK):
            looks = torch.einsum("nhd,whd->hnw", part, key[shot]) / part.shape[-1] ** 0.5
            parts.append(looks.softmax(-1)[..., place].sum(-1).mean(0))
        rows.append(torch.cat(parts))
    return torch.stack(rows).detach().float().cpu().numpy()


def _projected(attn: Any, hidden_states: Any) -> tuple[Any, Any, Any]:
    if getattr(attn, "fused_projections", False):
        query, key, value = attn.to_qkv(hidden_states).chunk(3, dim=-1)
    else:
        query, key, value = (to(hidden_states) for to in (attn.to_q, attn.to_k, attn.to_v))
    return attn.norm_q(query), attn.norm_k(key), value


def _turned(states: Any, cosines: Any, sines: Any) -> Any:
    """B N H D with their places turned in (rotary embedding: pairs of numbers side by side)."""
    import torch  # noqa: PLC0415 # heavy

    first, second = states.unflatten(-1, (-1, 2)).unbind(-1)
    cosine, sine = cosines[..., 0::2], sines[..., 1::2]
    turned = (first * cosine - second * sine, first * sine + second * cosine)
    return torch.stack(turned, dim=-1).flatten(-2).type_as(states)


def _marked(seen: np.ndarray) -> np.ndarray:
    """N bool: the patches that look at the subject (Otsu 1979)."""
    low, high = float(seen.min()), float(seen.max())
    if high <= low:
        return np.zeros(len(seen), bool)
    levels = np.rint(255 * (seen - low) / (high - low)).astype(np.uint8)
    threshold, _ = cv2.threshold(levels[None], 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return levels > threshold


def _places(tokenizer: Any, prompt: str, subject: str) -> list[int]:
    """The numbers of the tokens that say the subject."""
    text = " ".join(prompt.split())
    start = text.lower().find(" ".join(subject.split()).lower())
    if start < 0 or not subject.strip():
        raise WrongCall(f'Every shot has to name what they share: "{subject}" is not in "{text}".')
    stop = start + len(" ".join(subject.split()))
    spans = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    return [n for n, (one, two) in enumerate(spans) if one < stop and two > start and two > one]
