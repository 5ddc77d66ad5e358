"""Tells whether a message is too vague to answer: one word that many topics share."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from nlu.topics import OUT_OF_SCOPE, intent_of

# with fewer sentences that hold a word, nothing can be said of it
_ENOUGH = 10
# a word is vague when no topic has at least this share of the sentences that hold it
_SHARE = 0.2
# lemmas around a word that do not make it clearer: "iets over het noodplan"
_AROUND = frozenset(
    "de het een iets met over van voor ik wij we willen weten vraag vragen info informatie graag "
    "help dit dat en eh hallo aub".split()
)
_FILE = "vague.json"


class VagueWords:
    """The words that point to no topic when they stand alone."""

    def __init__(self, words: frozenset[str] = frozenset()) -> None:
        """`words` are lemmas; without any, no message is vague."""
        self._words = words

    @classmethod
    def learned(cls, lemmas: Sequence[Sequence[str]], labels: Sequence[str]) -> "VagueWords":
        """From the lemmas of the training sentences; out-of-scope sentences do not count."""
        topics: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for words, label in zip(lemmas, labels, strict=True):
            if label != intent_of(OUT_OF_SCOPE):
                for word in set(words):
                    topics[word][label] += 1
        return cls(
            frozenset(
                word
                for word, count in topics.items()
                if count.total() >= _ENOUGH and max(count.values()) < _SHARE * count.total()
            )
        )

    def is_vague(self, lemmas: Sequence[str]) -> bool:
        """Whether the message is one vague word, or no more than words around it."""
        telling = [word for word in lemmas if word not in _AROUND]
        return len(telling) == 1 and telling[0] in self._words

    def save(self, folder: Path) -> None:
        """Write the words as JSON."""
        (folder / _FILE).write_text(json.dumps(sorted(self._words)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "VagueWords":
        """Read what `save` wrote.

        Raises:
            OSError, ValueError: the file is missing or damaged.
        """
        return cls(frozenset(json.loads((folder / _FILE).read_text(encoding="utf-8"))))
