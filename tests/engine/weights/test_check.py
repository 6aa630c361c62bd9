import pickle

import pytest
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.testing.hub import tiny_weights
from longtake_engine.weights import check


def test_whole_weights_pass(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(tiny_weights(1))
    check.check_safetensors(path)


def test_a_header_as_long_as_a_pickle_begins_is_no_pickle(tmp_path):
    whole = tiny_weights(1)
    length = int.from_bytes(whole[:8], "little")
    header = whole[8 : 8 + length].ljust(0x280)  # whose two bytes are those of a pickle
    path = tmp_path / "a.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + whole[8 + length :])
    assert path.read_bytes()[:2] == b"\x80\x02"
    check.check_safetensors(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pickle.dumps({"weight": [1, 2]}), "pickled"),
        (b"PK\x03\x04" + b"0" * 100, "pickled"),
        (tiny_weights(1)[:-4], "no whole safetensors"),
        (tiny_weights(1) + b"more", "no whole safetensors"),
        (b"\xff" * 100, "no whole safetensors"),
        (b"", "no whole safetensors"),
        (b"<html>Please log in</html>", "no whole safetensors"),
    ],
    ids=["pickle", "zip", "cut off", "too long", "nonsense", "empty", "a page"],
)
def test_what_is_no_weights_is_refused(content, words, tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        check.check_safetensors(path)


def test_a_part_with_pickles_alone_is_refused():
    whole = ["vae/config.json", "vae/a.safetensors", "vae/a.bin", "notes/a.pt"]
    assert check.choose_safe(whole, "it") == ["vae/config.json", "vae/a.safetensors"]
    with pytest.raises(BadInput, match=r"unet/a\.CKPT"):
        check.choose_safe([*whole, "unet/config.json", "unet/a.CKPT"], "it")


def test_hashes_are_those_of_the_hub(tmp_path):
    path = tmp_path / "hello"
    path.write_bytes(b"hello\n")
    read = []
    sha256, git_sha1 = check.hash_file(path, read.append)
    assert sha256 == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    assert git_sha1 == "ce013625030ba8dba906f756967f9e9ca394464a"  # as `git hash-object` says
    assert sum(read) == 6
    with pytest.raises(MissingInput):
        check.hash_file(tmp_path / "nothing")
