from longtake.v1 import model_pb2


def test_without_an_encoder_no_text_is_judged(caller, monkeypatch):
    monkeypatch.delenv("LONGTAKE_SENTENCE_MODEL", raising=False)
    request = model_pb2.CompareTextsRequest(wishes=["a boat"], texts=["a ship", "night"])
    answer = caller.call(caller.models.CompareTexts, request)
    assert (answer.model, list(answer.likeness)) == ("", [])
