"""A text of a report as it is compared: its words, parts of words, and what they mean."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# a word of which nothing is known tells much, but it may be a name or a typing error
UNKNOWN_WORD = 5.0
# what a word weighs that says nothing about which bottleneck it is
PLAIN_WORD = 0.05
# of its weight: a word for whom it is about, that the concepts tell already
WHO = "wie"
WHO_SHARE = 0.3
GRAM = 4
# the words of some 5,000 reports; each takes 1.2 kB
WORDS_KEPT = 10_000
TEXTS_KEPT = 4_000
_WORD = re.compile(r"[a-z0-9]+(?:['/-][a-z0-9]+)*")
_ENDINGS = ("en", "s", "e", "t")


@dataclass(frozen=True)
class TextParts:
    """What a text holds, with how telling each is; `surfaces` gives a stem as it was written."""

    words: Mapping[str, float]
    grams: Mapping[str, float]
    concepts: Mapping[str, Mapping[str, float]]
    surfaces: Mapping[str, str]
    # the stems by which a concept was recognised
    means: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class _Word:
    stem: str
    weight: float
    grams: tuple[tuple[str, float], ...]
    concepts: tuple[str, ...]
    is_plain: bool


def plain(text: str) -> str:
    """A text in lower case, without accents."""
    parts = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def stem(word: str) -> str:
    """A word without the ending of a plural or a verb."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


class Lexicon:
    """Reads texts with what is known of words."""

    def __init__(
        self,
        families: Mapping[str, Mapping[str, Collection[str]]],
        plain_words: Iterable[str],
        word_weights: Mapping[str, float],
        concept_weights: Mapping[str, float],
    ) -> None:
        """See likeness.yml for the first two; the weights are by stem and by concept."""
        concepts = {name: said for family in families.values() for name, said in family.items()}
        self._family = {name: key for key, family in families.items() for name in family}
        self._plain = frozenset(stem(word) for word in plain_words)
        self._word_weights = word_weights
        self._concept_weights = concept_weights
        self._phrases = _phrases(concepts)
        self._of_word = [
            (
                re.compile("|".join(f"(?:{_pattern(word)})" for word in said if " " not in word)),
                name,
            )
            for name, said in concepts.items()
        ]
        self._beginnings = {name: _beginnings(said) for name, said in concepts.items()}
        self._word = lru_cache(WORDS_KEPT)(self._look_up)
        # the same reports are compared again and again
        self.read = lru_cache(TEXTS_KEPT)(self._read)

    def _read(self, text: str) -> TextParts:
        """What a text holds."""
        lowered = plain(text)
        words: dict[str, float] = {}
        grams: dict[str, float] = {}
        surfaces: dict[str, str] = {}
        means: dict[str, set[str]] = {}
        for match in _WORD.finditer(lowered):
            word = self._word(match.group())
            words[word.stem] = word.weight
            if not word.is_plain:
                surfaces.setdefault(word.stem, match.group())
                grams.update(word.grams)
            for name in word.concepts:
                means.setdefault(name, set()).add(word.stem)
            for phrase, names in self._phrases.get(match.group(), ()):
                if phrase.match(lowered, match.start()):
                    for name in names:
                        means.setdefault(name, set())
        return TextParts(
            words,
            grams,
            self._by_family(means),
            surfaces,
            {name: frozenset(stems) for name, stems in means.items()},
        )

    def _by_family(self, names: Iterable[str]) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {key: {} for key in self._family.values()}
        for name in names:
            found[self._family[name]][name] = self._concept_weights.get(name, UNKNOWN_WORD)
        return found

    def shared(self, ours: TextParts, theirs: TextParts) -> list[str]:
        """What two texts both name, the most telling first: words, and concepts named otherwise."""
        stems = ours.surfaces.keys() & theirs.surfaces.keys()
        found = [(ours.words[one], theirs.surfaces[one]) for one in stems]
        for family, names in ours.concepts.items():
            for name in names.keys() & theirs.concepts[family].keys():
                if not (ours.means[name] | theirs.means[name]) & stems:
                    found.append((names[name], name.replace("-", " ")))
        return [word for _, word in sorted(found, key=lambda pair: (-pair[0], pair[1]))]

    def searches(self, parts: TextParts, number: int) -> list[tuple[float, Sequence[str]]]:
        """See `Likeness.searches`."""
        found: list[tuple[float, Sequence[str]]] = [
            (parts.words[one], (re.split(r"\W", one)[0],)) for one in parts.surfaces if len(one) > 1
        ]
        found += [
            (weight, self._beginnings[name])
            for names in parts.concepts.values()
            for name, weight in names.items()
            if self._beginnings[name]
        ]
        return sorted(found, key=lambda pair: (-pair[0], pair[1]))[:number]

    def _look_up(self, word: str) -> _Word:
        core = stem(word)
        is_plain = core in self._plain or len(word) < 2 or word[0].isdigit()
        weight = PLAIN_WORD if is_plain else self._word_weights.get(core, UNKNOWN_WORD)
        names = tuple(name for pattern, name in self._of_word if pattern.fullmatch(word))
        if any(self._family[name] == WHO for name in names):
            weight *= WHO_SHARE
        padded = f"<{word}>"
        grams = tuple((padded[i : i + GRAM], weight) for i in range(max(1, len(padded) - GRAM + 1)))
        return _Word(core, weight, grams, names, is_plain)


def _phrases(
    concepts: Mapping[str, Collection[str]],
) -> dict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]]:
    """Phrases by their first word (which has no `*`), with the concepts that they mean."""
    names: dict[str, list[str]] = {}
    for name, said in concepts.items():
        for phrase in said:
            if " " in phrase:
                names.setdefault(phrase.lstrip("'"), []).append(name)
    found: dict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]] = {}
    for phrase, meant in names.items():
        compiled = re.compile(_pattern(phrase))
        found.setdefault(phrase.split()[0], []).append((compiled, tuple(meant)))
    return found


def _beginnings(said: Iterable[str]) -> tuple[str, ...]:
    """The words among them that can be looked up by how they begin."""
    single = (word.rstrip("*") for word in said)
    return tuple(sorted({word for word in single if word.isascii() and word.isalpha()}))


def _pattern(words: str) -> str:
    """The expression of a word or phrase, in which `*` is any letters."""
    body = re.escape(words).replace(r"\*", "[a-z0-9-]*").replace(r"\ ", r"\s+")
    return f"(?<![a-z0-9]){body}(?![a-z0-9])"
