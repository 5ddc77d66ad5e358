"""A place in a text where a name may begin, and what stands around it."""

import re
from dataclasses import dataclass
from functools import cached_property

from bottlenecks.privacy.tokens import Token, Tokens

_SPACE = re.compile(r"\s+")
_BEFORE = re.compile(r"[.:,=]?\s*[‘'\"(]?")


@dataclass(frozen=True)
class Candidate:
    """A place where a name may begin: initials, prefixes ('van den') and its first real word."""

    text: Tokens
    begin: int
    after_initials: int
    core: int
    title: bool
    relation: str

    @property
    def token(self) -> Token:
        """Its first real word."""
        return self.text.tokens[self.core]

    @property
    def prefixed(self) -> bool:
        """Whether prefixes stand before that word."""
        return self.core > self.after_initials

    @property
    def initials(self) -> bool:
        """Whether it begins with initials."""
        return self.after_initials > self.begin

    def has(self, *lists: str) -> bool:
        """Whether the word is on one of the lists of rules.yml."""
        return any(self.token.low in self.text.words[name] for name in lists)

    @cached_property
    def first(self) -> bool:
        """Whether the word can be a first name."""
        return self.token.low in self.text.words.first and not self.has("never")

    @cached_property
    def last(self) -> bool:
        """Whether the word can be a last name."""
        return self.token.low in self.text.words.last and not self.has("never")

    @cached_property
    def listed(self) -> bool:
        """Whether a part of the word is on the lists of names, and the word can be one."""
        return self.text.listed(self.token) and not self.has("never")

    @property
    def of_someone(self) -> bool:
        """Whether it begins with the 'van' of 'de dochter van fatima'."""
        return (
            self.core == self.begin + 1
            and self.text.tokens[self.begin].text == "van"
            and self.token.low in self.text.words.first
            and self.token.low not in self.text.words.last
        )

    @cached_property
    def strange(self) -> bool:
        """In lower case, and no word we know."""
        return self.text.unknown(self.core) and not self.token.capital

    @cached_property
    def following(self) -> Token | None:
        """The word right behind it."""
        if self.core + 1 < len(self.text.tokens) and _SPACE.fullmatch(self.text.gap(self.core)):
            return self.text.tokens[self.core + 1]
        return None

    @cached_property
    def preceding(self) -> Token | None:
        """The word right before it."""
        if self.core and _SPACE.fullmatch(self.text.gap(self.core - 1)):
            return self.text.tokens[self.core - 1]
        return None

    @cached_property
    def beside(self) -> int | None:
        """The next word that is no prefix, when it can be the last name to this first name."""
        if self.following is None:
            return None
        after = self.text.prefixes(self.core + 1)
        return after if after < len(self.text.tokens) else None


def candidate(text: Tokens, i: int) -> Candidate | None:
    """The candidate that begins at token `i`, if a word is left after initials and prefixes."""
    words, gap = text.words, text.gap(i - 1)
    before = re.sub("['’]s$", "", text.tokens[i - 1].low) if i and _BEFORE.fullmatch(gap) else ""
    ended = "." in gap and before not in words["abbreviated"]
    title = before in words["titles"] and not set(',:"') & set(gap) and not ended
    relation = before if before in words["relations"] and not ended else ""
    after_initials = text.initials(i)
    core = text.prefixes(after_initials)
    if core >= len(text.tokens):
        return None
    return Candidate(text, i, after_initials, core, title, relation)
