"""What an encoder of any kind makes of texts, by transformers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from longtake_engine.models.meaning.encoding import LONGEST, Encoded


class Transformer:
    """An encoder in a folder, as transformers saves it; safetensors only."""

    def __init__(self, folder: Path) -> None:
        """Raises: ImportError: What runs it is not installed; any other: it is damaged."""
        import torch  # noqa: F401, PLC0415 # heavy
        import transformers  # noqa: PLC0415 # heavy

        where: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder, **where)
        model: Any = transformers.AutoModel.from_pretrained(folder, use_safetensors=True, **where)
        self._model = model.eval()

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Every token of every text."""
        import torch  # noqa: PLC0415 # heavy

        found = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
        with torch.inference_mode():
            names = ("input_ids", "attention_mask")
            made = self._model(**{name: found[name] for name in names}).last_hidden_state
        return Encoded(made.float().numpy(), found["attention_mask"].float().numpy())
