"""Seeds for everything that is drawn, told by what it is for and its number alone."""

from hashlib import blake2b

import torch

BITS = 48  # few enough for every generator, enough that no two meet


def seed_of(seed: int, purpose: str, number: int) -> int:
    """The seed of one draw of a training that has `seed`."""
    words = f"{seed}/{purpose}/{number}".encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "big") >> (64 - BITS)


def generator_of(seed: int, purpose: str, number: int) -> torch.Generator:
    """A generator on the CPU with that seed."""
    return torch.Generator().manual_seed(seed_of(seed, purpose, number))
