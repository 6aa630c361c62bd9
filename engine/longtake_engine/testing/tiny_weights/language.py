"""Tiny language models: one of random weights, and one that knows a single sentence."""

from pathlib import Path

import torch
from tokenizers import decoders
from transformers import GPT2Config, GPT2LMHeadModel

from longtake_engine.testing.tiny_weights.words import make_tokenizer

_POSITIONS = 700  # characters of a question and its answer


def make_language(folder: Path, *, question: str = "", answer: str = "", seed: int = 0) -> Path:
    """The folder of a model as transformers saves it, character by character.

    Args:
        folder: Where it is written.
        question: What it will be asked, whole; it then gives `answer`. Empty for random weights.
        answer: What it says.
        seed: Of the random weights.
    """
    tokenizer = make_tokenizer()
    tokenizer.backend_tokenizer.decoder = decoders.Fuse()
    width = _POSITIONS if question else 16
    config = GPT2Config(
        vocab_size=128,
        n_positions=_POSITIONS,
        n_embd=width,
        n_layer=1,
        n_head=1,
        n_inner=4,
        bos_token_id=None,
        eos_token_id=tokenizer.convert_tokens_to_ids("</s>"),  # pyright: ignore[reportArgumentType]
        tie_word_embeddings=False,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = GPT2LMHeadModel(config).eval()
    if question:
        _teach(
            model,
            tokenizer(question, add_special_tokens=False)["input_ids"],
            tokenizer(answer)["input_ids"],
        )
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return folder


def _teach(model: GPT2LMHeadModel, question: list[int], answer: list[int]) -> None:
    """Have each place alone say what comes next, whatever stands there."""
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
        model.transformer.wpe.weight.copy_(torch.eye(_POSITIONS))
        model.transformer.ln_f.weight.fill_(1)
        for number, token in enumerate(answer):
            model.lm_head.weight[token, len(question) - 1 + number] = 1
