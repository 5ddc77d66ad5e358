"""Features are to the bit those of scikit-learn; a loaded model says what the saved one does."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu import tfidf
from nlu.model import TopicModel, Tuning
from nlu.tfidf import Tfidf, Vocabulary

REPORTS = Path(__file__).parent.parent / "nlu/meldingen.yml"
ODD = [
    "",
    " ",
    "?",
    "a",
    "a b",
    "İstanbul ß ŒUVRE",
    "🚑🚑 help",
    "tab\tnew\nline\u00a0x",
    "\ud800 x",
]


def reports() -> list[tuple[str, str]]:
    """Texts and their categories."""
    entries = yaml.safe_load(REPORTS.read_text(encoding="utf-8"))["meldingen"][::4]
    return [(entry["tekst"], entry["soort"]) for entry in entries]


def test_features_are_those_of_scikit_learn() -> None:
    texts = [text for text, _ in reports()]
    known, others = texts[::2], texts[1::2] + ODD
    both = [(text.upper(), text) for text in known], [(text.upper(), text) for text in others]
    model = TopicModel(Tuning())
    model.learn_words(both[0])
    settings = {"min_df": 2, "sublinear_tf": True, "dtype": np.float32}
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", **settings)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **settings)
    of_words, of_pieces = words.fit_transform(known), pieces.fit_transform(known)
    for ours, theirs in (
        (model.features(both[0]), hstack([of_words, of_pieces * 1.5]).tocsr()),
        (
            model.features(both[1]),
            hstack([words.transform(others), pieces.transform(others) * 1.5]).tocsr(),
        ),
    ):
        theirs.sort_indices()
        assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
        assert np.array_equal(ours.indptr, theirs.indptr)
        assert np.array_equal(ours.indices, theirs.indices)
        assert np.array_equal(ours.data, theirs.data)


def test_a_loaded_model_says_the_same_with_half_the_memory(tmp_path: Path) -> None:
    pairs = [((text, text), category) for text, category in reports()]
    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    model = TopicModel(Tuning())
    model.fit(texts, labels)
    model.save(tmp_path)
    loaded = TopicModel.load(tmp_path, model.tuning)
    assert loaded._weights.nbytes == model._weights.nbytes // 2
    # what saving rounds
    model._weights = model._weights.astype(np.float16).astype(np.float32)
    features = loaded.features(texts)
    expected = np.asarray(features @ model._weights + model._intercept, dtype=np.float32)
    assert np.array_equal(loaded.scores(features), expected)
    assert loaded.ranking(texts[0], 3) == model.ranking(texts[0], 3)


def test_an_empty_batch_has_no_features() -> None:
    model = TopicModel(Tuning())
    model.learn_words([("een twee", "een twee"), ("een twee", "een twee")])
    assert model.features([]).shape[0] == 0


@pytest.mark.parametrize("same_hash", [False, True])
def test_a_vocabulary_knows_its_features_and_no_other(
    monkeypatch: pytest.MonkeyPatch, same_hash: bool
) -> None:
    if same_hash:
        monkeypatch.setattr(tfidf, "_hashes", lambda some: np.zeros(len(some), dtype=np.int64))
    features = ["ab", "a", "b", "éé", "abc", "", "🚑"]
    vocabulary = Vocabulary(features)
    assert len(vocabulary) == len(features) and vocabulary.features() == features
    assert vocabulary.numbers_of(["🚑", "x", "a", "", "bc"]).tolist() == [6, -1, 1, 5, -1]
    assert Vocabulary([]).numbers_of(["a"]).tolist() == [-1]


def test_each_feature_has_an_idf() -> None:
    with pytest.raises(ValueError, match="idf"):
        Tfidf(tfidf.words, ["a", "b"], np.ones(1, dtype=np.float32))
