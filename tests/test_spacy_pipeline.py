"""The Dutch pipeline is loaded with less than spaCy would, and gives the same."""

from pathlib import Path

import numpy as np
import spacy
import yaml
from spacy.language import Language

from nlu import spacy_pipeline
from nlu.normalise import written_out
from nlu.spacy_pipeline import DutchPipeline, load_pipeline, pipeline_info

ROOT = Path(__file__).parent.parent
ODD = [
    *(
        "",
        " ",
        "?",
        "'s avonds bijv. om 16.30u a.u.b.",
        "m.b.t. dhr./mevr. i.v.m. 's-Hertogenbosch",
    ),
    *(
        "🚑🚑 help!!!",
        "https://www.zorg.nl/x?y=1 en mail@zorg.nl",
        "e\u0301én\u00a0twee\tdrie\n\nvier",
    ),
    *("ONBEKENDEWOORDEN xyzzyplughs gequxt", "a" * 6_000, "12,5% van €1.000,-", ":-) 10:30-11:15"),
]


def whole_pipeline() -> Language:
    return spacy.load(pipeline_info().name, exclude=list(spacy_pipeline._NOT_USED))


def texts() -> list[str]:
    data = yaml.safe_load((ROOT / "nlu/danger.yml").read_text(encoding="utf-8"))["gevaar"]
    found = [text for labelled in data.values() for said in labelled.values() for text in said]
    for file in sorted((ROOT / "tests/nlu").glob("*.yml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [line.strip().removeprefix("- ") for line in lines[::3]]
    return [written_out(str(text)) for text in found] + ODD


def test_it_gives_what_the_whole_pipeline_gives() -> None:
    ours, whole = load_pipeline(), DutchPipeline(whole_pipeline())
    said = texts()
    assert len(said) > 1_000
    assert ours.lemmas_of_many(said) == whole.lemmas_of_many(said)
    for text in [*said[::20], *ODD]:
        assert ours.lemmas(text) == whole.lemmas(text)
        assert np.array_equal(ours.vector(text), whole.vector(text))


def test_words_that_no_message_holds_are_not_kept() -> None:
    ours, whole = spacy_pipeline._loaded(pipeline_info().name), whole_pipeline()
    if ours.pipe_names == ["tok2vec", "lemmatizer"]:
        assert len(ours.vocab.strings) < len(whole.vocab.strings) / 5


def test_another_kind_of_pipeline_is_loaded_as_a_whole(tmp_path: Path) -> None:
    nlp = spacy.blank("nl")
    nlp.add_pipe("sentencizer")
    nlp.vocab.strings.add("koorddanser")
    nlp.to_disk(tmp_path)
    assert "koorddanser" in spacy_pipeline._loaded(str(tmp_path)).vocab.strings
