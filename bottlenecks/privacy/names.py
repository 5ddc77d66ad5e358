"""Names of people in a text: where they begin and where they end.

A name on the lists that is no ordinary word is found wherever it stands. An ordinary word, or a
word nobody knows, needs evidence (evidence.py). What rules.yml keeps (organisations, eponyms,
months) stays.
"""

import re

from bottlenecks.privacy.bold import is_probably_a_name
from bottlenecks.privacy.candidate import candidate
from bottlenecks.privacy.evidence import NO_PERSON, is_name
from bottlenecks.privacy.tokens import Tokens

_BESIDE = re.compile(r"\s+| ?- ?| \(?(?:gez|geb|e/v|ev)\.? ")
# an initial without a dot has a date or a number behind it
_AFTER = re.compile(
    r",? ?(?:[A-Z]\.){1,4}(?!\w)"
    r"|[ ;,] ?[A-LN-UW-Z](?=[;,/])|(?i: [a-ln-uw-z](?=,? \(?(?:\d|geb|bsn)))"
)
_OPEN_ENDS = ("-op", "-in", "-de", "-van", "-el", "-der", "-den", "-ter")
_ROW = re.compile(r",? ")
_LONGEST = 7


class _Reader(Tokens):
    """Reads names from the tokens of one text; also probable ones when it is bold."""

    def __init__(self, text: str, bold: bool) -> None:
        super().__init__(text)
        self.bold = bold

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
        return self.surely_goes_on(core, last, follow, title) or (
            self.bold and self.probably_goes_on(core, last, follow)
        )

    def probably_goes_on(self, core: int, last: int, follow: int) -> bool:
        """'Hortense Koolmees', 'Xanthe Valkenburg', 'pieternella oosterwijk'."""
        token, begun = self.tokens[follow], self.tokens[core]
        if self.strictly_kept(follow):
            return self.amid_names(core, follow)
        if token.low in self.words["never"]:
            return False
        if token.low in self.words["titles"] or token.low in self.words["relations"]:
            return False
        # 'mw chen li hua'
        plain_words = ("verbs", "behind_names", "patient_verbs", "plural_verbs")
        both = token.low in self.words.first and token.low in self.words.last
        if both and self.sure(core) and not any(token.low in self.words[n] for n in plain_words):
            if (
                len(token.low) < 4
                and follow == last + 1
                and self.unknown(min(follow + 1, len(self.tokens) - 1))
            ):
                return True
        # 'tjin a ton'
        if follow > last + 1 and self.listed(token) and not self.ordinary(begun):
            return True
        # 'truus van dalen'
        if follow > last + 1 and token.low in self.words.places and core == last:
            return begun.low in self.words.first and not self.ordinary(begun)
        if token.capital and begun.capital:
            return not NO_PERSON.search(token.low) or self.listed(token)
        if token.text[0].isupper() or begun.capital:
            return False
        # 'tsige storm'
        verbs = ("verbs", "patient_verbs", "plural_verbs", "behind_names", "seldom_people")
        plain = any(token.low in self.words[name] for name in verbs)
        known = token.low in self.words.last and len(token.low) > 2 and not plain
        return self.unknown(follow) or known and not self.ordinary(begun)

    def amid_names(self, core: int, follow: int) -> bool:
        """The 'Antonius' of 'Gerardus Antonius Maria Pijnenborg', which is a hospital elsewhere."""
        after = follow + 1
        if after >= len(self.tokens) or self.gap(follow) != " ":
            return False
        row = [self.tokens[i] for i in (core, follow, after)]
        first = all(token.low in self.words.first for token in row[:2])
        return first and all(token.capital for token in row) and self.sure(after)

    def surely_goes_on(self, core: int, last: int, follow: int, title: bool) -> bool:
        """Whether it goes on by the lists, and by what stands between."""
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
        if is_name(one) or self.bold and is_probably_a_name(one):
            return i, self.whole(one.core, one.title)
        return None

    def names(self) -> list[tuple[int, int]]:
        """Where the names begin and end in the text."""
        found: list[tuple[int, int]] = []
        i = 0
        while i < len(self.tokens):
            span = self.read(i)
            if span is None:
                i += 1
                continue
            # 'ik ben Piet Smeets'
            says_so = self.tokens[span[0]].text == "ben" and self.tokens[i - 1].low == "ik"
            first = span[0] + 1 if says_so and i and span[1] > span[0] else span[0]
            start, end = self.tokens[first].start, self.tokens[span[1]].end
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
            while self.bold and (row := self.in_row(i)):
                last = self.whole(row[1], False)
                found.append((self.tokens[row[0]].start, self.tokens[last].end))
                i = last + 1
        return self.again(found)

    def in_row(self, i: int) -> tuple[int, int] | None:
        """Right behind a name: where the next begins ('mw Bos, de zwart en van bruggen')."""
        if not 0 < i < len(self.tokens) - 1 or not _ROW.fullmatch(self.gap(i - 1)):
            return None
        begin = i + 1 if self.tokens[i].low in ("en", "of", "plus") else i
        if begin == i and "," not in self.gap(i - 1):
            return None
        core = self.prefixes(begin)
        if core >= len(self.tokens):
            return None
        low = self.tokens[core].low
        no_name = ("never", "titles", "relations")
        if self.strictly_kept(core) or any(low in self.words[name] for name in no_name):
            return None
        told = self.likely(core) or core == begin and self.sure(core)
        # 'smeets, jo;'
        closes = self.gap(core)[:1] in (";", "/", "(") and low in self.words.first
        told = told or core == begin and (low in self.words["bare_surnames"] or closes)
        return (begin, core) if told or core > begin and low in self.words.last else None

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
    return _Reader(text, bold=False).names()


def probable_names_in(text: str) -> list[tuple[int, int]]:
    """Where the names of people, and what is probably one, begin and end in a text."""
    return _Reader(text, bold=True).names()
