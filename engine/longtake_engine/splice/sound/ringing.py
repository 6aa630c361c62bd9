"""The first instants after a join: what the sound was doing, going on."""

import numpy as np

ORDER = 240
LEARNT_S = 0.2  # of the known sound
CLIP = 3.0  # times its usual size that an innovation may have: no click comes twice


def ring_on(known: np.ndarray, count: int, sample_rate: int) -> np.ndarray:
    """`count` samples, C S float32, that follow `known`, C S, with neither step nor kink.

    Each channel is a linear prediction (Burg's method) whose innovations are the last ones of
    the known sound once more, in reverse: tones keep their phase, noise its level and colour.
    """
    learnt = known[:, -int(LEARNT_S * sample_rate) :].astype(np.float64)
    channels, length = learnt.shape
    order = min(ORDER, length // 3)
    if order < 4:
        return np.zeros((channels, count), np.float32)
    weights, errors = _burg(learnt, order)
    size = CLIP * 1.4826 * np.median(np.abs(errors), axis=1, keepdims=True)
    innovations = np.clip(errors[:, ::-1], -size, size)
    backwards = weights[:, ::-1].copy()
    line = np.concatenate([learnt[:, -order:], np.zeros((channels, count))], axis=1)
    for n in range(count):
        predicted = np.einsum("cn,cn->c", backwards, line[:, n : n + order])
        line[:, order + n] = predicted + innovations[:, n % innovations.shape[1]]
    return line[:, order:].astype(np.float32)


def _burg(known: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray]:
    """The prediction's weights C K, latest sample first, and its errors on `known`, C S."""
    forward, backward = known[:, 1:].copy(), known[:, :-1].copy()
    weights = np.zeros((len(known), 0))
    for _ in range(order):
        # einsum rather than matmul: BLAS would spread so small a product over all cores.
        power = np.einsum("cn,cn->c", forward, forward) + np.einsum("cn,cn->c", backward, backward)
        mirror = 2 * np.einsum("cn,cn->c", forward, backward)
        mirror = np.divide(mirror, power, out=np.zeros_like(power), where=power > 0)[:, None]
        weights = np.concatenate([weights - mirror * weights[:, ::-1], mirror], axis=1)
        ahead = forward - mirror * backward
        backward = (backward - mirror * forward)[:, :-1]
        forward = ahead[:, 1:]
    return weights, forward
