"""What turns words into numbers in a tiny model: a vocabulary of characters and small encoders."""

from typing import Any

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    Gemma3Config,
    Gemma3ForConditionalGeneration,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLTextConfig,
    Qwen2_5_VLTextModel,
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


def make_chat_tokenizer() -> PreTrainedTokenizerFast:
    """As `make_tokenizer`, for encoders that are asked as if in a talk."""
    tokenizer = make_tokenizer()
    tokenizer.chat_template = (
        "{% for message in messages %}{{ message['role'] }}: "
        "{% if message['content'] is string %}{{ message['content'] }}"
        "{% else %}{{ message['content'][0]['text'] }}{% endif %} "
        "{% endfor %}"
    )
    return tokenizer


def make_t5() -> T5EncoderModel:
    """The encoder of LTX-Video, CogVideoX and Cosmos."""
    return T5EncoderModel(T5Config(**_T5)).eval()


def make_umt5() -> UMT5EncoderModel:
    """The encoder of Wan, SkyReels and Helios."""
    return UMT5EncoderModel(UMT5Config(**_T5)).eval()


def make_qwen_text(width: int) -> Qwen2_5_VLTextModel:
    """The encoder of HunyuanVideo 1.5."""
    return Qwen2_5_VLTextModel(Qwen2_5_VLTextConfig(**_qwen(width, 3))).eval()


def make_qwen(width: int, layers: int) -> Qwen2_5_VLForConditionalGeneration:
    """The encoder of Cosmos Predict 2.5."""
    vision = {
        "depth": 1,
        "hidden_size": width,
        "intermediate_size": width,
        "num_heads": 2,
        "out_hidden_size": width,
    }
    config = Qwen2_5_VLConfig(text_config=_qwen(width, layers), vision_config=vision)
    return Qwen2_5_VLForConditionalGeneration(config).eval()


def make_gemma(width: int, layers: int) -> Gemma3ForConditionalGeneration:
    """The encoder of LTX-2."""
    text = {
        "vocab_size": 128,
        "hidden_size": width,
        "intermediate_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "pad_token_id": 0,
        "bos_token_id": 2,
        "eos_token_id": 1,
    }
    vision = {
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "image_size": 32,
        "patch_size": 8,
    }
    config = Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4)
    return Gemma3ForConditionalGeneration(config).eval()


def _qwen(width: int, layers: int) -> dict[str, Any]:
    return {
        "vocab_size": 128,
        "hidden_size": width,
        "intermediate_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "pad_token_id": 0,
        "bos_token_id": 2,
        "eos_token_id": 1,
        "rope_scaling": {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"},
    }


# Pipelines have it read 512 characters whatever the prompt: one layer and one head, for half of the
# time of a tiny model would go there else.
_T5: dict[str, Any] = {
    "vocab_size": 128,
    "d_model": WIDTH,
    "d_kv": 8,
    "d_ff": 37,
    "num_layers": 1,
    "num_heads": 1,
    "relative_attention_num_buckets": 8,
}
