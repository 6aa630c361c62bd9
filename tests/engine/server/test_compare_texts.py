from importlib.util import find_spec

from longtake.v1 import model_pb2
from longtake_engine.models.meaning.sentence import PACKAGE


def test_texts_are_judged_where_an_encoder_is_installed(caller, monkeypatch):
    monkeypatch.delenv("LONGTAKE_SENTENCE_MODEL", raising=False)
    request = model_pb2.CompareTextsRequest(wishes=["a boat"], texts=["a ship", "night"])
    answer = caller.call(caller.models.CompareTexts, request)
    if find_spec(PACKAGE) is None:
        assert (answer.model, list(answer.likeness)) == ("", [])
    else:
        (row,) = answer.likeness
        assert answer.model == "all-MiniLM-L6-v2"
        assert row.scores[0] > row.scores[1]
