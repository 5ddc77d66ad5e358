"""Names of people in a text: by lists of names, and by what stands around them.

A name on the lists that is no ordinary word is found wherever it stands. An ordinary word, or a
word nobody knows, is a name after a title ('mw.'), a relation ('dochter'), initials or a prefix
('van den'), or beside another name. What rules.yml keeps (organisations, eponyms, months) stays.
"""

import re

from bottlenecks.privacy.tokens import Tokens

_FOREIGN_LOOK = re.compile(
    r"[aiouy]$|sz|kh|dj|bd|ou[aei]|[aeiou]h|yn|ek$|ar$|an$|ir$|id$|az$|ez$|ov$|oz"
)
# how words with a capital end that are no names: streets, organisations, medicines
_NO_PERSON = re.compile(
    r"(?:straat|laan|weg|plein|kade|dreef|gracht|singel|zorg|huis|huizen|groep|centrum|praktijk|"
    r"apotheek|dienst|kliniek|thuis|post|net|lijn|portaal|app|wijk|dorp|stad|talig|mis|tie|isch|"
    r"middel|ine|pam|zol|pril|lol|icum|mab|statine|online|box|team|bus|vervoer|urgentie|"
    r"bloeding|formulier|rooster|systeem|register|score|test)$"
)
_GAP = re.compile(r"\s+")
_BESIDE = re.compile(r"\s+| ?- ?| \(?(?:gez|geb|e/v|ev)\.? ")
_AFTER = re.compile(r",? ?(?:[A-Z]\.){1,4}(?!\w)")
# an age or a date of birth
_AGE = re.compile(
    r",? \(?(?:[mvMV],? |man,? |vrouw,? )?\d{1,2}(?:,? ?[mv])?(?:\)| ?(?:jr|jaar|jarig)\b)"
    r"|,? \(?(?:geb\b|geboren|bsn\b|BSN\b|\* ?\d|\d{1,2}[-./]\d{1,2}[-./]'?\d{2,4})"
)
_LONGEST = 7


class _Reader(Tokens):
    """Reads names from the tokens of one text."""

    def whole(self, core: int, title: bool) -> int:
        """The last token of the name of which `core` is the first real word."""
        last, limit = core, core + _LONGEST
        while last + 1 < min(len(self.tokens), limit) and _BESIDE.fullmatch(self.gap(last)):
            after = last + 1
            follow = self.prefixes(after)
            if follow >= len(self.tokens):
                break
            prefixed = follow > after
            token = self.tokens[follow]
            lower_name = (
                self.unknown(follow)
                and not self.tokens[core].capital
                and (
                    prefixed and self.firm(after, follow) or title or self.listed(self.tokens[core])
                )
            )
            if self.tokens[last].low.endswith(("-de", "-van", "-el", "-der", "-den", "-ter")) and (
                token.capital or self.listed(token)
            ):
                last = follow
                continue
            if (
                self.sure(follow)
                or (
                    token.capital
                    and not self.kept(follow)
                    and (self.likely(follow) or (prefixed and self.tokens[after].text[0].isupper()))
                )
                or lower_name
                or (prefixed and self.firm(after, follow) and self.listed(token))
                or (
                    token.low in self.words.last
                    and token.low not in self.words["never"]
                    and not self.strictly_kept(follow)
                    and self.tokens[core].low in self.words.first
                    and (prefixed or title or self.sure(core))
                )
                or (
                    prefixed
                    and title
                    and self.listed(token)
                    and token.low not in self.words["never"]
                )
            ):
                last = follow
                continue
            break
        return last

    def read(self, i: int) -> tuple[int, int] | None:
        """The first and last token of a name that begins at `i`."""
        before = (
            re.sub("['’]s$", "", self.tokens[i - 1].low)
            if i and re.fullmatch(r"[.:,=]?\s*[‘'\"(]?", self.gap(i - 1))
            else ""
        )
        ended = "." in self.gap(i - 1) and before not in self.words["abbreviated"]
        title = before in self.words["titles"] and "," not in self.gap(i - 1) and not ended
        relation = before in self.words["relations"] and not ended
        after_initials = self.initials(i)
        core = self.prefixes(after_initials)
        if (
            title
            and len(self.tokens[i].text) == 1
            and self.tokens[i].text.isupper()
            and (core == i or not self.tokens[core].text[0].isupper())
        ):
            return i, max(i, after_initials - 1)
        if core >= len(self.tokens):
            return None
        token = self.tokens[core]
        initials, prefixed = after_initials > i, core > after_initials
        if token.low in self.words["titles"] or token.low in self.words["relations"]:
            if not (title and token.capital):
                return None
        good = False
        if title:
            organisation = token.low in self.words["organisation_before"]
            good = not organisation and (
                token.capital
                or self.sure(core)
                or self.unknown(core)
                or (self.listed(token) and token.low not in self.words["never"])
                or (not self.ordinary(token) and token.low not in self.words["keep"])
            )
            if token.text.isupper() and len(token.text) > 2 and not organisation:
                good = self.listed(token) or not self.ordinary(token)
        elif initials:
            good = not self.organisation_before(i) and (
                token.capital
                and token.low not in self.words["organisation_before"]
                or self.listed(token)
                and not self.tokens[i].text[0].isupper()
                and (self.sure(core) or core > after_initials)
            )
        elif self.organisation_before(i):
            good = False
        elif relation:
            good = (
                self.likely(core)
                or self.sure(core)
                or (self.unknown(core) and not token.capital)
                or (
                    before in self.words["family"]
                    and (token.low in self.words.first or token.capital)
                    and token.low not in self.words["never"]
                    and not self.kept(core)
                )
                or (
                    before in self.words["patients"]
                    and token.low in self.words.last
                    and token.low not in self.words["never"]
                    and not self.kept(core)
                )
                or (prefixed and self.listed(token) and not self.strictly_kept(core))
            )
        if not good and not title and not self.organisation_before(i):
            good = self.alone(i, core, prefixed)
        return (i, self.whole(core, title)) if good else None

    def alone(self, i: int, core: int, prefixed: bool) -> bool:
        """Whether this is a name without anything before it that says so."""
        token = self.tokens[core]
        if (
            prefixed
            and self.tokens[i].low in ("van", "de", "den", "v")
            and token.capital
            and (token.low in self.words.last or (core > i + 1 and not self.tokens[i].begins))
            and (self.tokens[i].text[0].isupper() or (core > i + 1 and self.sure(core)))
            and not self.strictly_kept(core)
        ):
            return True
        if prefixed and not self.kept(core):
            if self.tokens[i].low in ("'t", "t") and self.ordinary(token):
                return False
            if self.firm(i, core) and (
                self.unknown(core) or token.capital and not self.kept(core) or self.sure(core)
            ):
                return True
            return (
                self.sure(core)
                and not token.begins
                and self.tokens[i].low in ("van", "de", "den")
                and (token.capital and self.tokens[i].text[0].isupper())
            )
        if prefixed:
            return False
        if self.sure(core):
            return True
        if self.kept(core):
            return False
        if _AGE.match(self.text, token.end) and (
            self.likely(core)
            or (self.unknown(core) and not token.capital)
            or (self.listed(token) and token.low not in self.words["never"])
        ):
            return True
        following = core + 1 < len(self.tokens) and bool(_GAP.fullmatch(self.gap(core)))
        if following:
            after = self.prefixes(core + 1)
            if after < len(self.tokens):
                beside = self.tokens[after]
                if (
                    token.low in self.words.first
                    and (token.capital or token.low not in self.words["also_ordinary"])
                    and token.low not in self.words["never"]
                    and after > core + 1
                    and beside.low in self.words.last
                    and not self.strictly_kept(after)
                ):
                    return True
                if (
                    self.likely(core)
                    and beside.capital
                    and (
                        self.sure(after)
                        or (self.likely(after) and not self.ordinary(token))
                        or (token.low in self.words.first and beside.low in self.words.last)
                    )
                ):
                    return True
                if (
                    self.listed(token)
                    and token.low not in self.words["never"]
                    and after > core + 1
                    and self.firm(core + 1, after)
                ):
                    return True
                if (
                    not token.capital
                    and token.low in self.words.first
                    and token.low not in self.words["never"]
                    and after == core + 1
                    and (
                        self.sure(after)
                        or (
                            token.low not in self.words["also_ordinary"]
                            and beside.low in self.words.last
                            and beside.low not in self.words["never"]
                            and not self.kept(after)
                        )
                    )
                ):
                    return True
        verb = following and self.tokens[core + 1].low in self.words["patient_verbs"]
        if verb and token.low in self.words.first and token.low not in self.words["never"]:
            return True
        if (
            following
            and self.tokens[core + 1].low in self.words["verbs"]
            and token.low in self.words.first
            and token.low not in self.words["never"]
            and (token.capital or token.low not in self.words["also_ordinary"])
        ):
            return True
        if verb and self.unknown(core) and not token.capital and len(token.low) < 8:
            return True
        if verb and self.likely(core) and not self.ordinary(token) and len(token.text) < 10:
            return True
        before = self.tokens[core - 1] if core and _GAP.fullmatch(self.gap(core - 1)) else None
        if (
            before is not None
            and self.likely(core)
            and not self.ordinary(token)
            and not token.begins
            and (self.listed(token) or not _NO_PERSON.search(token.low))
            and not any(letter.isupper() for letter in token.text[1:].replace("-", "")[1:])
        ):
            return True
        if verb and token.capital and self.listed(token) and token.low not in self.words["never"]:
            return True
        if (
            before is not None
            and before.low in self.words["person_words"]
            and token.low in self.words.first
            and token.low not in self.words["also_ordinary"]
            and token.low not in self.words["never"]
        ):
            return True
        if (
            before is not None
            and before.low in self.words["person_words"]
            and self.unknown(core)
            and not token.capital
            and len(token.low) < 11
            and _FOREIGN_LOOK.search(token.low)
        ):
            return True
        return (
            self.likely(core)
            and not token.begins
            and self.listed(token)
            and token.low not in self.words["never"]
        )

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
