import re

import msgspec
import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.weights.catalogue import ENTRIES, Catalogue


def test_every_entry_says_what_it_is_for_and_under_what_terms():
    entries = list(Catalogue())
    assert len(entries) == len(list(ENTRIES.glob("*.toml"))) > 20
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
    for entry in entries:
        lone = entry.pipeline in {"Sam2VideoModel", "Qwen2ForCausalLM", "BertModel"}
        assert lone or (entry.tasks and entry.pipeline.endswith("Pipeline")), entry.name
        assert entry.repository.count("/") == 1, entry.name
        assert re.fullmatch("[0-9a-f]{40}|main|diffusers/.+", entry.revision), entry.name
        assert entry.description.endswith(".") and entry.license.summary.endswith("."), entry.name
        assert not entry.license.not_for.endswith("."), entry.name
        # Whoever is left out has to be told before the download, not after.
        assert entry.license.must_accept or not entry.license.not_for, entry.name
        assert (ENTRIES / f"{entry.name}.toml").is_file()


def test_no_two_entries_are_of_one_repository():
    repositories = [entry.repository for entry in Catalogue()]
    assert len(set(repositories)) == len(repositories)


def test_those_with_terms_ask_for_consent():
    catalogue = Catalogue()
    assert "European Union" in catalogue.find("hunyuan-video").license.not_for
    assert "10 million" in catalogue.find("ltx-2.5").license.not_for
    assert not catalogue.find("wan-vace-1.3b").license.must_accept


def test_an_unknown_name_is_told_what_may_have_been_meant():
    with pytest.raises(WrongCall, match=r"perhaps .*wan-vace-1\.3b"):
        Catalogue().find("wan-vace")
    with pytest.raises(WrongCall, match="see `longtake models`"):
        Catalogue().find("../../etc/passwd")


def test_a_wrong_entry_is_noticed(tmp_path):
    (tmp_path / "a.toml").write_text('name = "a"\nmemory = 3\n')
    with pytest.raises(msgspec.ValidationError):
        Catalogue(tmp_path)
