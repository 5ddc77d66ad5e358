"""What people, and people who mean harm, may type or send: strategies for hypothesis."""

from functools import cache

from hypothesis import strategies as st
from stdnum.nl import bsn

from nlu.data import training_sentences
from nlu.report_model import report_texts

# answers, commands and ways out of the flows, and what only looks like one of them
WORDS = (
    "ja nee terug stop verder overzicht overslaan klaar versturen wijzigen annuleren help hoi meer "
    "status 1 2 3 12 hoog midden laag utrecht geleen anoniem gisteren vandaag weet ik niet "
    "doorgeven bewaren opnieuw niets koppel privacy fout u1 fase 3a cz 112 0 -1 ja,nee 99999999"
).split()
SAYINGS = (
    "stap voor stap",
    "doorgeven aan collega",
    "ik wil een knelpunt melden",
    "wat is de status van mijn melding?",
    "trek mijn melding in",
    "wat weet je van mij",
    "wat bewaar je van mij",
    "verwijder mijn gegevens",
    "vergeet mijn regio",
    "ik werk in Geleen",
    "ik ben huisarts in Utrecht",
    "buurpraktijk is ineens dicht, wat nu?",
    "geen plek in het elv in heel Utrecht, al vier keer gebeld, wil dit melden",
    "wie coördineert het noodplan? en wie belt de ggd?",
    "dat klopt niet",
    "verder met melding",
    "terug naar stap 2",
    "ik heb een code gekregen",
    "A2B3-C4D5",
    "KP-2026-0001",
    "heropen KP-2026-0001",
    "/start",
    "/melden nu",
    "//stop",
    "/start@regiowijzer_bot",
)
# direction marks, joiners, control characters, signs of two units, combining marks, other digits
ODD = (
    "\x00\x01\x07\x1b\x7f\x85\u200b\u200d\u200e\u202e\u2066\ufeff\ufffd\U0001f9d1\u0301\u0660\u0663"
    "\u00b2\u2468\u06f5\n\r\t\v\u2028\u00a0İıßﬀŉ\U00010400"
)
VALID_BSN = tuple(
    f"{base}{check}"
    for base in ("12345678", "11122233", "99999999", "10000000", "48215736", "00012345")
    for check in range(10)
    if bsn.is_valid(f"{base}{check}")
)
EMAIL = ("j.devries@example.nl", "a@b.nl", "info+x@voorbeeld.example.com")

anything = st.text(max_size=60)
odd = st.text(ODD, min_size=1, max_size=12)
words = st.sampled_from(WORDS)
bsns = st.builds(
    lambda number, sign: sign.join((number[:4], number[4:6], number[6:])),
    st.sampled_from(VALID_BSN),
    st.sampled_from(("", " ", ".", "-")),
)
emails = st.sampled_from(EMAIL)


def broken(pieces: st.SearchStrategy[str], signs: str) -> st.SearchStrategy[str]:
    """What looks like `pieces`: with something before and after it, or cut, or made of `signs`."""
    near = st.text(signs, max_size=24)
    around = st.builds(lambda a, b, c: a + b + c, near, pieces, near)
    cut = st.builds(lambda text, at: text[at:] + text[:at], pieces, st.integers(-30, 30))
    return st.one_of(near, around, cut, anything)


@cache
def sentences() -> st.SearchStrategy[str]:
    """Whole messages: what people ask and report, as it is or damaged, and what nobody types."""
    asked = [sentence.text for sentence in training_sentences()]
    reported = [report.text for report in report_texts()]
    # by their number: hypothesis would write the whole list into the name of the strategy
    plain = st.one_of(
        st.integers(0, len(asked) - 1).map(lambda number: asked[number]),
        st.sampled_from(SAYINGS),
        words,
        st.integers(0, len(reported) - 1).map(lambda number: reported[number]),
    )
    return st.one_of(
        plain,
        plain,
        st.builds(lambda text, at: text[:at], plain, st.integers(1, 40)),
        st.builds(lambda one, other: f"{one} {other}", plain, plain),
        st.builds(lambda one, sign, other: one + sign + other, plain, odd, words),
        st.builds(lambda text, found: f"{text} bsn {found}", plain, bsns),
        st.builds(lambda text, found: f"{text} mail {found}", plain, emails),
        st.builds(str.upper, plain),
        anything,
        odd,
        st.builds(lambda text, often: text * often, plain, st.integers(2, 30)),
        st.builds(lambda text, often: (text or "x") * often, anything, st.integers(100, 500)),
    )
