"""A prompt written out by a language model that lies on this machine."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, NotPossible
from longtake_engine.models.guidance.move import words_of
from longtake_engine.models.guidance.prompt import Expansion, expand
from longtake_engine.models.guidance.vocabulary import TRAITS, says
from longtake_engine.weights.text import installed_text_model, named_by
from longtake_engine.work import CameraMove

SETTING = "LONGTAKE_LANGUAGE_MODEL"
INSTALLABLE = ("qwen2.5-1.5b-instruct",)  # of the catalogue, the best first
LONGEST = 160  # tokens that are written: what video models read of a prompt
KEPT = 0.7  # of the words that were said, that have to be there
_ORDER = (
    "Rewrite the user's idea as a prompt for a video model: one paragraph of at most 80 words in"
    " English. Keep everything the user says. Then say what is left open: shot size, camera angle,"
    " camera move, light and lens. Answer with the prompt alone."
)
_PICKLES = (".bin", ".pt", ".pth", ".ckpt")


def find_language_model() -> "LanguageModel | None":
    """The one in the folder that LONGTAKE_LANGUAGE_MODEL names; else the one that is installed, or
    lies as `language` among this engine's models.

    Raises:
        BadInput: One is named, and it holds no language model.
    """
    named = named_by(SETTING)
    if named is None:
        found = installed_text_model(INSTALLABLE, "language")
        return None if found is None else LanguageModel(found.folder, found.name)
    if named.is_whole:
        return LanguageModel(named.folder, named.name)
    kind = "only pickled weights" if _pickled(named.folder) else "no language model"
    raise BadInput(
        f"{named.folder} holds {kind}; {SETTING} has to name a folder with a config.json, a"
        " tokenizer and weights in .safetensors files, or be left out."
    )


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A causal language model in a folder, as transformers saves them; safetensors only."""

    folder: Path
    name: str

    def expand(self, prompt: str, camera: CameraMove | None, cancel: CancelToken) -> Expansion:
        """`prompt` written out by the model, or by the template where that comes to nothing: where
        it leaves out what the person said, or says something against it.

        Raises:
            BadInput: The folder cannot be loaded.
            NotPossible: What runs it is not installed.
            Cancelled: `cancel` was set; noticed between words.
        """
        plain = expand(prompt, camera)
        said = " ".join(prompt.split())
        if not said:
            return plain
        wish = said if camera is None or says("move", said) else f"{said} ({words_of(camera)})"
        written = _tidied(self._write(wish, cancel))
        if not (_keeps(said, written) and _adds(said, written)):
            note = (
                f"The language model {self.name} did not keep to the prompt, so it was"
                " written out by the template."
            )
            return Expansion(plain.prompt, plain.added, plain.written_by, (*plain.notes, note))
        if camera is not None and not says("move", written):
            words = words_of(camera)
            written = f"{written.rstrip('.')}. {words[0].upper()}{words[1:]}."
        return Expansion(written, (written,), self.name, plain.notes)

    def _load(self) -> tuple[Any, Any]:
        """What makes tokens of words, and the model."""
        try:
            import torch  # noqa: F401, PLC0415 # heavy
            import transformers  # noqa: PLC0415 # heavy
        except ImportError as error:
            raise NotPossible(
                "Language models run by transformers, which is not installed; install longtake with"
                " its extra `weights`."
            ) from error
        where: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder, **where)
            model: Any = transformers.AutoModelForCausalLM.from_pretrained(
                self.folder, use_safetensors=True, **where
            )
        except Exception as error:  # whatever a damaged or strange folder comes to
            raise _loading_failed(self.folder, error) from error
        return tokenizer, model.eval()

    def _write(self, wish: str, cancel: CancelToken) -> str:
        """What the model says, always the same for the same wish."""
        tokenizer, model = self._load()
        import torch  # noqa: PLC0415 # heavy
        import transformers  # noqa: PLC0415 # heavy

        class Stop(transformers.StoppingCriteria):
            """Asks between words whether to go on."""

            def __call__(self, input_ids: Any, *_: Any, **__: Any) -> Any:
                """Never true of itself; raises `Cancelled`."""
                cancel.check()
                return torch.zeros(len(input_ids), dtype=torch.bool)

        tokens = tokenizer(asked(tokenizer, wish), return_tensors="pt", add_special_tokens=False)
        with torch.inference_mode():
            answer = model.generate(
                **{name: tokens[name] for name in ("input_ids", "attention_mask")},
                max_new_tokens=LONGEST,
                do_sample=False,
                stopping_criteria=[Stop()],
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id or 0,
            )
        new = answer[0, tokens["input_ids"].shape[1] :]
        return str(tokenizer.decode(new, skip_special_tokens=True))


def _loading_failed(folder: Path, error: Exception) -> BadInput:
    return BadInput(
        f"The language model in {folder} cannot be loaded ({_first_line(error)}); put a whole one"
        " there, or take it away to have prompts written by the template."
    )


def asked(tokenizer: Any, wish: str) -> str:
    """The question as the model was taught to be asked."""
    if getattr(tokenizer, "chat_template", None):
        turns = [{"role": "system", "content": _ORDER}, {"role": "user", "content": wish}]
        return tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    return f"{_ORDER}\n\nIdea: {wish}\nPrompt:"


def _tidied(written: str) -> str:
    """The first paragraph, without what models like to put around it."""
    written = re.sub(r"<think>.*?</think>", " ", written, flags=re.DOTALL)
    paragraph = written.strip().split("\n\n")[0]
    paragraph = re.sub(r"^(?:prompt|here is[^:]*)\s*:\s*", "", paragraph, flags=re.IGNORECASE)
    paragraph = " ".join(paragraph.split()).strip("\"'“”` ")
    if paragraph and paragraph[-1] not in ".!?…":  # it was cut off
        paragraph = paragraph[: paragraph.rfind(".") + 1] or f"{paragraph}."
    return paragraph


def _keeps(said: str, written: str) -> bool:
    """Whether what was written has what was said, and tells of no trait of the shot otherwise."""
    asked, told = _things(said), _things(written)
    things = {word for word in asked if len(word) > 3} or asked
    if len(things & told) < KEPT * len(things):
        return False
    besides = " ".join(word for word in _spelled(written) if _stem(word) not in asked)
    for trait in TRAITS:
        if says(trait, said):
            own = {_stem(word) for word in _spelled(said) if says(trait, word)}
            if not own <= told or says(trait, besides):
                return False
    return True


def _adds(said: str, written: str) -> bool:
    return len(_spelled(written)) > len(_spelled(said))


def _things(text: str) -> set[str]:
    return {_stem(word) for word in _spelled(text)}


def _spelled(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())


def _stem(word: str) -> str:
    return word.removesuffix("s")


def _pickled(folder: Path) -> bool:
    return folder.is_dir() and any(path.suffix in _PICKLES for path in folder.iterdir())


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
