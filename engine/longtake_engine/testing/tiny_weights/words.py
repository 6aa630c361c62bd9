"""What turns words into numbers in a tiny model: a vocabulary of characters and small encoders."""

from typing import Any

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
    UMT5Config,
    UMT5EncoderModel,
)

WIDTH = 32  # of the numbers that stand for a character
_MAX_CHARACTERS = 512


def make_tokenizer() -> PreTrainedTokenizerFast:
    """One number for each printable ASCII character, with an end mark as T5 has it."""
    special = ("<pad>", "</s>", "<unk>")
    characters = "".join(chr(code) for code in range(32, 127))
    vocabulary = {word: number for number, word in enumerate((*special, *characters))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", vocabulary["</s>"])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=_MAX_CHARACTERS,
    )


def make_t5() -> T5EncoderModel:
    """The encoder of LTX-Video, CogVideoX and Cosmos."""
    return T5EncoderModel(T5Config(**_T5)).eval()


def make_umt5() -> UMT5EncoderModel:
    """The encoder of Wan, SkyReels and Helios."""
    return UMT5EncoderModel(UMT5Config(**_T5)).eval()


_T5: dict[str, Any] = {
    "vocab_size": 128,
    "d_model": WIDTH,
    "d_kv": 8,
    "d_ff": 37,
    "num_layers": 2,
    "num_heads": 4,
    "relative_attention_num_buckets": 8,
}
