"""Names of people in a text: where they begin and where they end.

A name on the lists that is no ordinary word is found wherever it stands. An ordinary word, or a
word nobody knows, needs evidence (evidence.py). What rules.yml keeps (organisations, eponyms,
months) stays.
"""

import re

from bottlenecks.privacy.candidate import candidate
from bottlenecks.privacy.evidence import is_name
from bottlenecks.privacy.tokens import Tokens

_BESIDE = re.compile(r"\s+| ?- ?| \(?(?:gez|geb|e/v|ev)\.? ")
_AFTER = re.compile(r",? ?(?:[A-Z]\.){1,4}(?!\w)")
_OPEN_ENDS = ("-de", "-van", "-el", "-der", "-den", "-ter")
_LONGEST = 7


class _Reader(Tokens):
    """Reads names from the tokens of one text."""

    def whole(self, core: int, title: bool) -> int:
        """The last token of the name of which `core` is the first real word."""
        last, limit = core, min(len(self.tokens), core + _LONGEST)
        while last + 1 < limit and _BESIDE.fullmatch(self.gap(last)):
            follow = self.prefixes(last + 1)
            if follow >= len(self.tokens) or not self.goes_on(core, last, follow, title):
                break
            last = follow
        return last

    def goes_on(self, core: int, last: int, follow: int, title: bool) -> bool:
        """Whether the name that begins at `core` and runs to `last` goes on with `follow`."""
        token, begun, after = self.tokens[follow], self.tokens[core], last + 1
        open_end = self.tokens[last].low.endswith(_OPEN_ENDS)
        if self.sure(follow) or (open_end and (token.capital or self.listed(token))):
            return True
        if token.low in self.words["never"] and not token.capital:
            return False
        prefixed = follow > after
        firm = prefixed and self.firm(after, follow)
        if token.capital:
            # 'Noor van Leeuwarden'; a hospital's name is no last name
            first = begun.capital and begun.low in self.words.first
            if prefixed and first and not self.strictly_kept(follow):
                return True
            upper = prefixed and self.tokens[after].text[0].isupper()
            if not self.kept(follow) and (self.likely(follow) or upper or firm):
                return True
        elif self.unknown(follow) and not begun.capital and (firm or title or self.listed(begun)):
            return True
        if self.strictly_kept(follow):
            return False
        if prefixed and self.listed(token) and (firm or title):
            return True
        return (
            token.low in self.words.last
            and begun.low in self.words.first
            and (prefixed or title or self.sure(core))
        )

    def read(self, i: int) -> tuple[int, int] | None:
        """The first and last token of a name that begins at `i`."""
        one = candidate(self, i)
        if one is None:
            return None
        token = self.tokens[i]
        # 'mevrouw B. belt'
        if one.title and len(token.text) == 1 and token.text.isupper():
            if one.core == i or not one.token.text[0].isupper():
                return i, max(i, one.after_initials - 1)
        return (i, self.whole(one.core, one.title)) if is_name(one) else None

    def names(self) -> list[tuple[int, int]]:
        """Where the names begin and end in the text."""
        found: list[tuple[int, int]] = []
        i = 0
        while i < len(self.tokens):
            span = self.read(i)
            if span is None:
                i += 1
                continue
            start, end = self.tokens[span[0]].start, self.tokens[span[1]].end
            # 'Jansen P.J.', 'Jansen, P.'
            after = _AFTER.match(self.text, end)
            end = after.end() if after else end
            found.append((start, end))
            i = span[1] + 1
            while i < len(self.tokens) and self.tokens[i].start < end:
                i += 1
            # 'Finn en Jara'
            if (
                i + 1 < len(self.tokens)
                and self.tokens[i].low in ("en", "of")
                and self.likely(i + 1)
                and not self.organisation_before(i + 1)
            ):
                last = self.whole(i + 1, False)
                found.append((self.tokens[i + 1].start, self.tokens[last].end))
                i = last + 1
        return self.again(found)

    def again(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """With the other places where a word of a found name stands, written the same."""
        inside = {
            i
            for i, token in enumerate(self.tokens)
            if any(start <= token.start < end for start, end in found)
        }
        said = {
            self.tokens[i].text
            for i in inside
            if len(self.tokens[i].text) > 2 and not self.is_prefix(self.tokens[i])
        }
        for i, token in enumerate(self.tokens):
            if i in inside or token.text not in said or self.organisation_before(i):
                continue
            if not self.ordinary(token) or (token.capital and not token.begins):
                found.append((token.start, token.end))
        return sorted(found)


def names_in(text: str) -> list[tuple[int, int]]:
    """Where the names of people begin and end in a text."""
    return _Reader(text).names()
