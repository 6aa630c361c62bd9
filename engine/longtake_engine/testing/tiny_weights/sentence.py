"""Tiny sentence encoders of random weights."""

from pathlib import Path

import torch
from transformers import BertConfig, BertModel

from longtake_engine.testing.tiny_weights.words import make_tokenizer


def make_sentences(folder: Path, *, seed: int = 0) -> Path:
    """The folder of a model as transformers saves it, character by character."""
    tokenizer = make_tokenizer()
    config = BertConfig(
        vocab_size=128,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=600,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = BertModel(config).eval()
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return folder
