"""What a BERT encoder makes of texts, in NumPy: a small one needs neither torch nor its seconds.

Devlin, Chang, Lee & Toutanova, BERT, NAACL 2019.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from longtake_engine.models.meaning.encoding import LONGEST, Encoded

_UNSEEN = -1e9  # added to the attention that padding would get


def is_plain_bert(folder: Path) -> bool:
    """Whether `Bert` can run what lies there; anything else takes transformers.

    Raises:
        OSError, ValueError: Its configuration cannot be read.
    """
    config = json.loads((folder / "config.json").read_bytes())
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and (folder / "tokenizer.json").is_file()
    )


class Bert:
    """An encoder in a folder, as transformers saves it, with its weights in one file."""

    def __init__(self, folder: Path) -> None:
        """Raises: ImportError: What reads it is not installed; any other: it is damaged."""
        from safetensors.numpy import load_file  # noqa: PLC0415 # of an extra
        from tokenizers import Tokenizer  # noqa: PLC0415 # of an extra

        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config.get("layer_norm_eps", 1e-12))
        weights = load_file(folder / "model.safetensors")
        self._weights: Mapping[str, np.ndarray] = {
            name.removeprefix("bert."): value.astype(np.float32, copy=False)
            for name, value in weights.items()
        }
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(min(LONGEST, int(config["max_position_embeddings"])))
        self._tokenizer.enable_padding(pad_id=int(config.get("pad_token_id") or 0))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Every token of every text."""
        found = self._tokenizer.encode_batch(list(texts))
        said = np.array([one.attention_mask for one in found], np.float32)
        tokens = self._embedded(np.array([one.ids for one in found]))
        unseen = (1 - said)[:, None, None, :] * _UNSEEN
        for number in range(self._layers):
            tokens = self._layer(f"encoder.layer.{number}", tokens, unseen)
        return Encoded(tokens, said)

    def _embedded(self, ids: np.ndarray) -> np.ndarray:
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kinds = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._normed("embeddings", words + places + kinds)

    def _layer(self, name: str, tokens: np.ndarray, unseen: np.ndarray) -> np.ndarray:
        heard = self._attended(f"{name}.attention.self", tokens, unseen)
        heard = self._linear(f"{name}.attention.output.dense", heard)
        tokens = self._normed(f"{name}.attention.output", tokens + heard)
        inner = _gelu(self._linear(f"{name}.intermediate.dense", tokens))
        return self._normed(f"{name}.output", tokens + self._linear(f"{name}.output.dense", inner))

    def _attended(self, name: str, tokens: np.ndarray, unseen: np.ndarray) -> np.ndarray:
        count, length, width = tokens.shape

        def heads(part: str) -> np.ndarray:
            made = self._linear(f"{name}.{part}", tokens)
            return made.reshape(count, length, self._heads, -1).transpose(0, 2, 1, 3)

        query, key, value = heads("query"), heads("key"), heads("value")
        weight = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(query.shape[-1])) + unseen
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        return (weight @ value).transpose(0, 2, 1, 3).reshape(count, length, width)

    def _linear(self, name: str, tokens: np.ndarray) -> np.ndarray:
        # As one product of matrices: NumPy goes through a stack of them one by one.
        flat = tokens.reshape(-1, tokens.shape[-1]) @ self._weights[f"{name}.weight"].T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*tokens.shape[:-1], -1)

    def _normed(self, name: str, tokens: np.ndarray) -> np.ndarray:
        off = tokens - tokens.mean(axis=-1, keepdims=True)
        even = off / np.sqrt((off * off).mean(axis=-1, keepdims=True) + self._epsilon)
        gain = self._weights[f"{name}.LayerNorm.weight"]
        return even * gain + self._weights[f"{name}.LayerNorm.bias"]


def _gelu(values: np.ndarray) -> np.ndarray:
    """Hendrycks & Gimpel 2016, its error function to 2e-7 (Abramowitz & Stegun 1964, 7.1.26)."""
    size = np.abs(values) / np.sqrt(np.float32(2))
    near = 1 / (1 + np.float32(0.3275911) * size)
    series = np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * near + np.float32(factor)
    error = np.sign(values) * (1 - series * near * np.exp(-size * size))
    return values * (1 + error) / 2
