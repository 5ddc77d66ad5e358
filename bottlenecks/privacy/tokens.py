"""The words of a text, and what each can be by the lists: a name, a Dutch word, or neither."""

import re
from dataclasses import dataclass
from functools import cached_property

from bottlenecks.privacy.words import LONGEST, Words, folded, word_lists

# bounded, so that a long row of letters costs no more than a text
_MARKER = re.compile(r"\[[^\[\]]{1,40} verwijderd\]|(?<![\w.+-])[\w.+-]{1,80}@[\w.-]+")
_TOKEN = re.compile(r"['’][st](?=\s)|v/d|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SURNAME = re.compile(
    r"(?:stra|sma|inga|enga|ema|oglu|wicz|ski|ska|cki|cka|enko|chuk|czyk|singh|mans|ssen|veld|"
    r"huizen|hoven|dijk|berg|kamp|meijer|meyer|maker)$"
)
_FOREIGN = re.compile(
    r"...(?:stra|sma|inga|oglu|wicz|enko|czyk|singh|ewski|owski|ewska|owska|"
    r"huizen|hoven|meijer|meijers|kuijpers?|aerts?|inck|ssen|dsen|rsen|lsen|zema|oglou)$"
)
# what an unknown word in lower case looks like when it is no name
_NO_NAME = re.compile(
    r"(?:isch|ische|ig|lijk|loos|tie|ties|eerd|eert|heid|ing|end|ende|en|[^hi]t|je)$"
)
# longer words in lower case that end as surnames do are compounds: 'triageklassen'
_LONGEST_LOWER = 12
_MOST_PREFIXES, _MOST_INITIALS = 5, 6
_INITIAL_GAP = re.compile(r"\.?\s*")


@dataclass(frozen=True)
class Token:
    """A word of the text, with what the lists say of it."""

    text: str
    start: int
    end: int
    begins: bool

    @cached_property
    def low(self) -> str:
        """In lower case without accents."""
        return folded(self.text)

    @cached_property
    def parts(self) -> list[str]:
        """The halves of a double name."""
        low = re.sub(r"['’]s$", "", self.low)
        return [part for part in low.split("-") if part] or [low]

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital and is no abbreviation."""
        return self.text[0].isupper() and not (len(self.text) > 1 and self.text.isupper())


class Tokens:
    """The words of one text, and what each of them can be."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: Words = word_lists()
        masked = _MARKER.sub(lambda match: "\x00" * len(match.group()), text)
        self.tokens = [
            Token(match.group(), *match.span(), self._begins(masked, match.start()))
            for match in _TOKEN.finditer(masked)
        ]

        self.phrases = {
            place
            for i in range(len(self.tokens))
            for long in (2, 3, 4)
            if " ".join(token.low for token in self.tokens[i : i + long]) in self.words.places
            for place in range(i, min(i + long, len(self.tokens)))
        }

    @staticmethod
    def _begins(text: str, start: int) -> bool:
        # a long text is not copied for each of its words
        before = text[max(0, start - 40) : start].rstrip(" \t\"'(‘“-*")
        return not before or before[-1] in ".!?:;\n" and not re.search(r"\b\w{1,4}\.$", before)

    def gap(self, i: int) -> str:
        """What stands between token `i` and the next."""
        if i < 0 or i + 1 >= len(self.tokens):
            return "|"
        return self.text[self.tokens[i].end : self.tokens[i + 1].start]

    # what one word can be

    def ordinary(self, token: Token) -> bool:
        """Whether all its parts are Dutch words, or longer than a name."""
        return all(len(part) > LONGEST or self.is_word(part) for part in token.parts)

    def is_word(self, part: str) -> bool:
        """Whether it is a Dutch word."""
        words = self.words
        return part in words.ordinary or part in words["never"] or part in words["also_ordinary"]

    def listed(self, token: Token) -> bool:
        """Whether a part of it is on the lists of names."""
        return any(self.words.is_name(part) for part in token.parts)

    def kept(self, i: int) -> bool:
        """An organisation, disease, place or month."""
        return self.tokens[i].low in self.words.places or self.strictly_kept(i)

    def strictly_kept(self, i: int) -> bool:
        """An organisation, disease or month: no town that is also a surname."""
        token = self.tokens[i]
        keep = self.words["keep"]
        return (
            i in self.phrases
            or token.low in keep
            or token.low in self.words["jargon"]
            or ("-" in token.low and any(part in keep or len(part) == 1 for part in token.parts))
            # 'Utrecht-stad'
            or (
                len(token.parts) == 2
                and token.parts[0] in self.words.places
                and self.is_word(token.parts[1])
            )
        )

    def sure(self, i: int) -> bool:
        """On the lists, and nothing else."""
        token = self.tokens[i]
        # 'AZC-blok'
        abbreviation = "-" in token.text and token.text.split("-")[0].isupper()
        if self.kept(i) or len(token.low) < 3 or abbreviation:
            return False
        if any(self.words.is_name(part) and not self.is_word(part) for part in token.parts):
            return len(token.low) > 3 or not token.text.isupper()
        if self.ordinary(token):
            return False
        if token.capital:
            return bool(_SURNAME.search(token.low))
        return len(token.low) <= _LONGEST_LOWER and bool(_FOREIGN.search(token.low))

    def likely(self, i: int) -> bool:
        """With a capital: on the lists, or known as nothing else."""
        token = self.tokens[i]
        if "-" in token.text and token.text.split("-")[0].isupper():
            return False
        return (
            token.capital
            and len(token.text) > 1
            and not self.kept(i)
            and (self.listed(token) or not self.ordinary(token))
        )

    def unknown(self, i: int) -> bool:
        """In lower case, and no word we know."""
        token = self.tokens[i]
        return (
            len(token.low) > 2
            and not self.kept(i)
            and not self.ordinary(token)
            and not _NO_NAME.search(token.low)
            and token.low not in self.words["titles"]
        )

    def organisation_before(self, i: int) -> bool:
        """Whether this begins what an organisation or disease is named after."""
        for back in range(1, 5):
            if i - back < 0 or self.gap(i - back).strip(" .'’\"‘“"):
                return False
            if self.tokens[i - back].low in self.words["organisation_before"]:
                return True
            if self.tokens[i - back].low not in self.words["prefixes"]:
                return False
        return False

    # where a name begins and ends

    def initials(self, i: int) -> int:
        """The token after the initials that begin at `i`."""
        begin = i
        if i and self.gap(i - 1) == "." and len(self.tokens[i - 1].text) == 1:
            return i
        while i + 1 < len(self.tokens) and i < begin + _MOST_INITIALS:
            token = self.tokens[i]
            short = len(token.text) == 1 or token.text in ("Th", "Ch", "Chr", "Ph", "IJ")
            # 'AJ de Vries'
            if (
                1 < len(token.text) < 4
                and token.text.isupper()
                and self.gap(i) == " "
                and self.tokens[i + 1].text[0].isupper()
                and self.sure(i + 1)
                and i == begin
            ):
                return i + 1
            if self.text[token.start - 1 : token.start].isdigit():
                break
            upper = token.text[0].isupper() or self.gap(i)[:1] == "."
            if token.low == "v" and self.tokens[i + 1].low == "d":
                break
            if not (short and upper and _INITIAL_GAP.fullmatch(self.gap(i)) and self.gap(i)):
                break
            i += 1
        # 'o.a.'
        joined = "".join(token.text for token in self.tokens[begin:i])
        return begin if joined in self.words["also_ordinary"] else i

    def prefixes(self, i: int) -> int:
        """The token after the prefixes that begin at `i`."""
        last = i + _MOST_PREFIXES
        while (
            i + 1 < len(self.tokens)
            and i < last
            and (
                self.is_prefix(self.tokens[i])
                or (self.tokens[i].low in ("v", "d") and self.gap(i)[:1] == ".")
                # 'v d heuvel'
                or (self.tokens[i].low == "v" and self.tokens[i + 1].low in ("d", "de", "den"))
                or (self.tokens[i].low == "d" and i > 0 and self.tokens[i - 1].low == "v")
                # 'uit den boogaard'
                or (
                    self.tokens[i].low in self.words["capital_prefixes"]
                    and self.tokens[i + 1].low in ("'t", "den", "der")
                )
            )
            and re.fullmatch(r"\.?\s*", self.gap(i))
        ):
            i += 1
        return i

    def is_prefix(self, token: Token) -> bool:
        """Whether it stands before surnames: 'van', 'el'."""
        return token.low in self.words["prefixes"] or (
            token.text[0].isupper() and token.low in self.words["capital_prefixes"]
        )

    def firm(self, i: int, core: int) -> bool:
        """Whether the prefixes from `i` to `core` stand before names only."""
        joined = "_".join(token.low for token in self.tokens[i:core])
        joined = joined.replace("v_d", "van_der").replace("v/d", "van_der")
        return joined in self.words["firm_prefixes"] or joined.endswith(("van_der", "van_den"))
