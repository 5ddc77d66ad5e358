"""The Dutch spaCy pipeline: nl_core_news_sm where it is installed, otherwise our own."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

PREFERRED = "nl_core_news_sm"
SHIPPED = "nl_ud_news_sm"

# what each job needs; everything else in the pipeline is not loaded
_FOR_LEMMAS = ("tok2vec", "lemmatizer")
_NOT_USED = ("parser", "senter", "tagger", "morphologizer", "attribute_ruler", "ner")
MAX_CHARACTERS = 5_000


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
        nlp = spacy.load(pipeline_info().name, exclude=list(_NOT_USED))
    return DutchPipeline(nlp)
