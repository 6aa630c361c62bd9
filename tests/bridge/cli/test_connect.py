import json

import pytest
from longtake_bridge.home import Home
from longtake_bridge.testing import FakeEngine


@pytest.fixture
def other(tmp_path_factory: pytest.TempPathFactory):
    """An engine that is not this user's own."""
    with FakeEngine(Home(tmp_path_factory.mktemp("other"))) as engine:
        yield engine


def test_uses_that_engine_and_starts_none(
    other: FakeEngine, home: Home, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGTAKE_TOKEN", "secret")
    assert longtake("jobs", "--connect", other.address).out == "No jobs.\n"
    assert not home.folder.exists()


def test_wants_the_token(other: FakeEngine, home: Home, longtake) -> None:
    answer = longtake("jobs", "--connect", other.address)
    assert answer.code == 2
    assert "LONGTAKE_TOKEN" in answer.err


@pytest.mark.parametrize(
    ("address", "code", "word"),
    [
        ("nonsense", 2, "HOST:PORT or unix:"),
        ("localhost:", 2, "HOST:PORT or unix:"),
        ("render.example.com:7000", 4, "ssh -L 7000:localhost:7000 render.example.com"),
        ("10.0.0.7:7000", 4, "another machine"),
        ("unix:/nowhere/s.sock", 4, "cannot be reached"),
        ("127.0.0.1:1", 4, "cannot be reached"),
    ],
)
def test_an_address_without_an_engine(
    address: str, code: int, word: str, home: Home, longtake
) -> None:
    answer = longtake("models", "--connect", address, "--json")
    assert answer.code == code
    assert word in answer.err
    assert json.loads(answer.out)["error"]["message"] in answer.err
    assert not home.folder.exists()
