"""How near texts are in meaning, by a sentence encoder that lies on this machine.

Reimers & Gurevych, Sentence-BERT, EMNLP 2019: the mean of what an encoder makes of a text's tokens,
of length 1; two texts are as alike as these point the same way.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, NotPossible
from longtake_engine.models.meaning.likeness import Likeness
from longtake_engine.weights.store import ModelStore

SETTING = "LONGTAKE_SENTENCE_MODEL"
AT_ONCE = 32  # texts
LONGEST = 256  # tokens of a text that are looked at


def compare_texts(wishes: Sequence[str], texts: Sequence[str], cancel: CancelToken) -> Likeness:
    """How alike each wish is to each text; without scores where no model is here.

    Raises:
        BadInput: A model is named, or is here, and cannot be loaded.
        NotPossible: What runs it is not installed.
        Cancelled: `cancel` was set.
    """
    folder = find_sentence_model()
    if folder is None or not wishes or not texts:
        return Likeness("")
    numbers = SentenceModel(folder).embed((*wishes, *texts), cancel)
    alike = numbers[: len(wishes)] @ numbers[len(wishes) :].T
    rows = tuple(tuple(float(value) for value in row) for row in alike)
    return Likeness(folder.name, rows)


def find_sentence_model() -> Path | None:
    """The folder that LONGTAKE_SENTENCE_MODEL names, or `sentences` among this engine's models.

    Raises:
        BadInput: One is named, and it holds no model.
    """
    named = os.environ.get(SETTING, "")
    folder = Path(named).expanduser() if named else ModelStore.here().folder / "sentences"
    if (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
        return folder
    if not named:
        return None
    raise BadInput(
        f"{folder} holds no sentence encoder; {SETTING} has to name a folder with a config.json, a"
        " tokenizer and weights in .safetensors files, or be left out."
    )


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """An encoder in a folder, as transformers and sentence-transformers save it; safetensors
    only."""

    folder: Path

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> np.ndarray:
        """N D float32, each row of length 1.

        Raises:
            BadInput: The folder cannot be loaded.
            NotPossible: What runs it is not installed.
            Cancelled: `cancel` was set; noticed between batches.
        """
        tokenizer, model = self._load()
        return np.concatenate(list(self._batches(tokenizer, model, texts, cancel)))

    def _batches(
        self, tokenizer: Any, model: Any, texts: Sequence[str], cancel: CancelToken
    ) -> Iterator[np.ndarray]:
        import torch  # noqa: PLC0415 # heavy

        first_alone = self._takes_first()
        for start in range(0, len(texts), AT_ONCE):
            cancel.check()
            tokens = tokenizer(
                list(texts[start : start + AT_ONCE]),
                padding=True,
                truncation=True,
                max_length=LONGEST,
                return_tensors="pt",
            )
            with torch.inference_mode():
                names = ("input_ids", "attention_mask")
                made = model(**{name: tokens[name] for name in names}).last_hidden_state
            said = tokens["attention_mask"].unsqueeze(-1).to(made.dtype)
            mean = (made * said).sum(dim=1) / said.sum(dim=1).clamp(min=1)
            pooled = made[:, 0] if first_alone else mean
            yield torch.nn.functional.normalize(pooled.float(), dim=1).numpy()

    def _load(self) -> tuple[Any, Any]:
        try:
            import torch  # noqa: F401, PLC0415 # heavy
            import transformers  # noqa: PLC0415 # heavy
        except ImportError as error:
            raise NotPossible(
                "Sentence encoders run by transformers, which is not installed; install longtake"
                " with its extra `weights`."
            ) from error
        where: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder, **where)
            model: Any = transformers.AutoModel.from_pretrained(
                self.folder, use_safetensors=True, **where
            )
        except Exception as error:  # whatever a damaged or strange folder comes to
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
            raise BadInput(
                f"The sentence encoder in {self.folder} cannot be loaded ({reason}); put a whole"
                " one there, or take it away to have footage found by words."
            ) from error
        return tokenizer, model.eval()

    def _takes_first(self) -> bool:
        """Whether the first token stands for the text, as its makers say; the mean of all does
        where they say nothing."""
        try:
            said = json.loads((self.folder / "1_Pooling" / "config.json").read_bytes())
        except (OSError, ValueError):
            return False
        return bool(isinstance(said, dict) and said.get("pooling_mode_cls_token"))
