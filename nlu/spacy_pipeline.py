"""The Dutch spaCy pipeline: nl_core_news_sm where it is installed, otherwise our own."""

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline.edit_tree_lemmatizer import EditTreeLemmatizer
from spacy.pipeline.tok2vec import Tok2Vec
from spacy.strings import get_string_id
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import registry

PREFERRED = "nl_core_news_sm"
SHIPPED = "nl_ud_news_sm"

# what each job needs; everything else in the pipeline is not loaded
_FOR_LEMMAS = ("tok2vec", "lemmatizer")
_NOT_USED = ("parser", "senter", "tagger", "morphologizer", "attribute_ruler", "ner")
MAX_CHARACTERS = 5_000
# a tokenizer whose rules are still to be read
_BARE = "regiowijzer.bare_tokenizer.v1"
_STRINGS = Path("vocab") / "strings.json"


@dataclass(frozen=True)
class PipelineInfo:
    """Which pipeline is in use."""

    name: str
    version: str


def pipeline_info() -> PipelineInfo:
    """Name and version of the pipeline that `DutchPipeline` loads."""
    name = PREFERRED if util.find_spec(PREFERRED) else SHIPPED
    return PipelineInfo(name, metadata.version(name))


class DutchPipeline:
    """Lemmas of Dutch text; runs only the components it needs."""

    def __init__(self, nlp: Language) -> None:
        """Use `load_pipeline` to get one."""
        self._nlp = nlp
        self._lemma_pipes = [(n, p) for n, p in nlp.pipeline if n in _FOR_LEMMAS]

    def lemmas(self, text: str) -> list[str]:
        """Lower-case lemmas of the words in `text`, without punctuation and white space."""
        doc = self._nlp.make_doc(text[:MAX_CHARACTERS])
        for _, pipe in self._lemma_pipes:
            doc = pipe(doc)
        return _lemmas_of(doc)

    def lemmas_of_many(self, texts: Sequence[str]) -> list[list[str]]:
        """`lemmas` for many texts at once, in batches."""
        names = [name for name, _ in self._lemma_pipes]
        with self._nlp.select_pipes(enable=names):
            return [_lemmas_of(doc) for doc in self._nlp.pipe(texts, batch_size=256)]

    def vector(self, text: str) -> NDArray[np.float32]:
        """The mean of the token vectors that the pipeline's own layers make of `text`."""
        doc = self._nlp.make_doc(text[:MAX_CHARACTERS] or "-")
        for name, pipe in self._lemma_pipes:
            if name == "tok2vec":
                doc = pipe(doc)
        mean: NDArray[np.float32] = np.asarray(doc.tensor).mean(axis=0)
        return mean


def _lemmas_of(doc: Doc) -> list[str]:
    return [
        (token.lemma_ or token.text).lower()
        for token in doc
        if not token.is_space and not token.is_punct
    ]


@cache
def load_pipeline() -> DutchPipeline:
    """The pipeline, loaded once per process.

    Raises:
        OSError: the pipeline is not installed or is damaged.
    """
    with warnings.catch_warnings():
        # both pipelines were trained with a slightly older spaCy 3; the tests show that they work
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        nlp = _loaded(pipeline_info().name)
    return DutchPipeline(nlp)


def _loaded(name: str) -> Language:
    """The pipeline without what its components do not need.

    spaCy would make the tokenizer's rules twice, first its own and then those of the pipeline, and
    hold each word of the texts that the pipeline was trained on. The tests compare.
    """
    registry.tokenizers(_BARE, func=lambda: lambda nlp: Tokenizer(nlp.vocab))
    config = {"nlp": {"tokenizer": {"@tokenizers": _BARE}}}
    nlp = spacy.load(name, exclude=[*_NOT_USED, "strings"], config=config)
    if _add_strings_of_lemmas(nlp):
        return nlp
    return spacy.load(name, exclude=list(_NOT_USED))


def _add_strings_of_lemmas(nlp: Language) -> bool:
    """Add the strings that lemmas are made with; False when it is not known which those are."""
    if any(type(pipe) not in (Tok2Vec, EditTreeLemmatizer) for _, pipe in nlp.pipeline):
        return False
    wanted: set[int] = set()
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, EditTreeLemmatizer):
            trees = (pipe.trees[number] for number in range(len(pipe.trees)))
            # a tree says what becomes of a piece of a word, or where to cut it
            wanted.update(*((tree["orig"], tree["subst"]) for tree in trees if "orig" in tree))
    missing = {key for key in wanted if not _is_known(key, nlp)}
    for text in json.loads((nlp.path / _STRINGS).read_text(encoding="utf-8")):
        key = get_string_id(text)
        if key in missing:
            nlp.vocab.strings.add(text)
            missing.remove(key)
    return not missing


def _is_known(key: int, nlp: Language) -> bool:
    try:
        nlp.vocab.strings[key]
    except KeyError:
        return False
    return True
