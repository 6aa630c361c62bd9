from pathlib import Path

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled

pytest.importorskip("torch")
pytest.importorskip("transformers")

from longtake_engine.models.meaning.sentence import (
    SETTING,
    SentenceModel,
    compare_texts,
    find_sentence_model,
)
from longtake_engine.testing.tiny_weights.sentence import make_sentences

TEXTS = ["a boat in the harbour", "night", "the harbour and its boats at dawn"]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_sentences(tmp_path / "tiny-sentences")
    monkeypatch.setenv(SETTING, str(folder))
    return folder


def test_equal_texts_are_wholly_alike_and_others_less(model: Path) -> None:
    alike = compare_texts(TEXTS[:2], TEXTS, CancelToken())
    assert alike.model == "tiny-sentences"
    assert np.shape(alike.scores) == (2, 3)
    assert (alike.scores[0][0], alike.scores[1][1]) == pytest.approx((1, 1), abs=1e-5)
    assert max(alike.scores[0][1:]) < 0.9999


def test_a_text_means_the_same_whatever_is_beside_it(model: Path) -> None:
    encoder = SentenceModel(model)
    together = encoder.embed(TEXTS, CancelToken())
    alone = np.concatenate([encoder.embed([text], CancelToken()) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-5)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_many_texts_go_in_batches_that_can_be_cancelled(model: Path) -> None:
    cancel = CancelToken()
    assert SentenceModel(model).embed(["a"] * 70, cancel).shape == (70, 16)
    cancel.cancel()
    with pytest.raises(Cancelled):
        SentenceModel(model).embed(["a"], cancel)


def test_without_a_model_nothing_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path))
    assert find_sentence_model() is None
    assert compare_texts(["a"], ["b"], CancelToken()).model == ""


def test_a_folder_that_holds_none_is_a_sentence(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(BadInput, match="cannot be loaded"):
        compare_texts(["a"], ["b"], CancelToken())
    monkeypatch.setenv(SETTING, str(tmp_path / "nowhere"))
    with pytest.raises(BadInput, match="holds no sentence encoder"):
        find_sentence_model()
