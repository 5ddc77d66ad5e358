"""More than one question in a message, or one in a long story: what a user typed, then saw."""

import pytest

from bottlenecks.store import Database
from nlu.segments import closing, is_long, questions
from tests.conftest import Talk

PLAN, HAROP = "wie coördineert het noodplan?", "wat is een harop?"
LATER = "Je vroeg nog meer"
UNKNOWN = "Daar weet ik niets over"
FILLER = (
    "Dank voor de prettige vergadering van vorige week.",
    "Het parkeren bij het zalencentrum blijft lastig, kom dus op tijd of met de fiets.",
    "De notulen zijn goedgekeurd, met een kleine wijziging op bladzijde twee.",
    "De koffie staat klaar vanaf half negen en de lunch wordt verzorgd.",
    "De parkeerkaarten liggen bij de receptie, de notulist stuurt de stukken rond.",
)


def mail(length: int = 3_000) -> str:
    """A copied e-mail of about so many characters that asks nothing."""
    lines = ["Beste collega's,"]
    while sum(map(len, lines)) < length:
        lines.append(FILLER[len(lines) % len(FILLER)])
    return "\n".join(lines)


def topics(talk: Talk) -> list[str | None]:
    return [reply.topic for reply in talk.replies]


def offered(talk: Talk) -> list[str]:
    """The buttons of the last reply."""
    return [choice.label for choice in talk.replies[-1].choices]


# two questions


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        (f"{PLAN} {HAROP}", ["noodplan/coordinatie", "harop/wat-is"]),
        (f"{HAROP} {PLAN}", ["harop/wat-is", "noodplan/coordinatie"]),
        (f"{PLAN} en {HAROP}", ["noodplan/coordinatie", "harop/wat-is"]),
        (
            "wie coördineert het noodplan en wat is een harop?",
            ["noodplan/coordinatie", "harop/wat-is"],
        ),
        ("wat is fase 3a, en wat is fase 3b?", ["opschaling/fase-3a", "opschaling/fase-3b"]),
        (f"1. {PLAN}\n2. {HAROP}", ["noodplan/coordinatie", "harop/wat-is"]),
    ],
)
def test_both_are_answered_in_the_order_asked(talk: Talk, typed: str, answered: list[str]) -> None:
    talk.says(typed)
    assert topics(talk) == answered
    assert all(reply.sources for reply in talk.replies)


def test_each_answer_is_headed_by_its_title(talk: Talk) -> None:
    talk.says(f"{PLAN} {HAROP}")
    first, second = (reply.text for reply in talk.replies)
    assert first.startswith("Wie coördineert het noodplan?\n\nDat staat vooraf niet vast")
    assert second.startswith("Wat is een harop?\n\nEen harop is")


def test_the_region_counts_for_both(talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg? mag ik zelf rondbellen? ik zit in Geleen")
    assert topics(talk) == ["thuiszorg/vinden", "thuiszorg/zelf-bellen"]
    assert all("andere regio (Utrecht)" in reply.text for reply in talk.replies)


def test_a_follow_up_goes_on_about_the_last(talk: Talk) -> None:
    talk.says(f"{HAROP} {PLAN}")
    assert '"Wie coördineert het noodplan?"' in talk.says("en voor de apotheek?")


def test_a_question_of_ours_beside_one_that_is_not(talk: Talk) -> None:
    talk.says(f"wat eten we vanavond? {HAROP}")
    assert topics(talk) == ["harop/wat-is"]


@pytest.mark.parametrize("typed", [f"{HAROP} {HAROP}", f"{HAROP} wat houdt een harop in?"])
def test_the_same_topic_twice_is_answered_once(talk: Talk, typed: str) -> None:
    talk.says(typed)
    assert topics(talk) == ["harop/wat-is"]


def test_the_same_topic_twice_and_another(talk: Talk) -> None:
    talk.says(f"{HAROP} {HAROP} {PLAN}")
    assert topics(talk) == ["harop/wat-is", "noodplan/coordinatie"]


def test_thanks_before_two_questions(talk: Talk) -> None:
    talk.says(f"bedankt! en {HAROP} en {PLAN}")
    assert topics(talk)[-2:] == ["harop/wat-is", "noodplan/coordinatie"]


def test_no_space_after_the_question_mark(talk: Talk) -> None:
    talk.says(f"{HAROP}{PLAN}")
    assert topics(talk) == ["harop/wat-is", "noodplan/coordinatie"]


# a question and a report


@pytest.mark.parametrize(
    "typed",
    [
        f"{HAROP} kan ik hier een knelpunt melden?",
        f"kan ik hier een knelpunt melden? {HAROP}",
        f"{HAROP} en ik wil ook een knelpunt melden",
    ],
)
def test_a_report_is_offered_not_started(talk: Talk, typed: str) -> None:
    assert LATER in talk.says(typed)
    assert topics(talk)[0] == "harop/wat-is"
    assert talk.replies[-1].step is None
    assert offered(talk) == ["Een knelpunt melden"]
    talk.taps("Een knelpunt melden")
    assert talk.replies[-1].step == "soort"


# many questions

TEN = (
    f"{PLAN} {HAROP} hoe vind ik thuiszorg? wat is fase 3a? wat is fase 3b? wat is fase 3c? "
    "welke urgenties schalen we af? wat is code zwart? wat is een nulpraktijk? "
    "mag ik zelf thuiszorg rondbellen?"
)


def test_of_ten_questions_two_are_answered_and_the_rest_is_offered(talk: Talk) -> None:
    assert LATER in talk.says(TEN)
    assert topics(talk) == ["noodplan/coordinatie", "harop/wat-is", None]
    assert len(offered(talk)) == 8
    assert offered(talk)[0] == "Hoe vind ik thuiszorg?"
    assert offered(talk)[-1] == "Mag ik zelf thuiszorg rondbellen?"
    talk.taps("Wat verandert er bij code zwart?")
    assert topics(talk) == ["opschaling/code-zwart"]


# a long message


@pytest.mark.parametrize(
    ("end", "answered"),
    [
        (f"Nog een vraag: {PLAN}", ["noodplan/coordinatie"]),
        ("Weten jullie of ik zelf thuiszorg mag rondbellen?", ["thuiszorg/zelf-bellen"]),
        (f"{HAROP}\n\nMet vriendelijke groet,\nMientje", ["harop/wat-is"]),
        (f"{PLAN} En {HAROP}", ["noodplan/coordinatie", "harop/wat-is"]),
    ],
)
def test_a_question_at_the_end_of_a_long_mail(talk: Talk, end: str, answered: list[str]) -> None:
    talk.says(f"{mail()}\n{end}")
    assert topics(talk) == answered


@pytest.mark.parametrize("asked", ["", "Kunnen we die dag weer bij de kantine parkeren?"])
def test_a_mail_that_asks_nothing_of_ours(talk: Talk, asked: str) -> None:
    seen = talk.says(f"{mail(1_000)}\n{asked}")
    assert UNKNOWN in seen or "niet zeker wat je bedoelt" in seen
    assert not any(reply.sources for reply in talk.replies)


def test_what_a_mail_asks_is_answered_so_nothing_of_it_is_kept(
    talk: Talk, database: Database
) -> None:
    talk.says(f"{mail()}\n{PLAN}")
    with database.work() as work:
        assert work.questions.export() == []


# danger in a message with questions


def test_danger_now_comes_before_questions(talk: Talk) -> None:
    seen = talk.says("een patiënt is bewusteloos! mag ik zelf rondbellen? wat is fase 3a?")
    assert "Bel direct 112" in seen
    assert topics(talk) == ["gesprek/spoed"]


# the line about 112 is put above a single answer only, not above several or above choices
@pytest.mark.parametrize(
    "typed",
    [
        f"een patiënt is bewusteloos! {PLAN} en hoe vind ik thuiszorg?",
        f"patiënt bewusteloos! {PLAN}",
        f"een patiënt is bewusteloos, {PLAN}",
        "een patiënt is bewusteloos en we hebben geen noodplan",
    ],
)
def test_112_is_named_whenever_danger_is(talk: Talk, typed: str) -> None:
    assert "112" in talk.says(typed)


# how a message is split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"{PLAN} {HAROP}", [PLAN, HAROP]),
        (
            "wie betaalt dat plan en wie voert het uit?",
            ["wie betaalt dat plan", "wie voert het uit?"],
        ),
        ("Wie belt en wie rijdt er?", ["Wie belt en wie rijdt er?"]),  # too short to stand alone
        ("wat is fase 3a en 3b?", ["wat is fase 3a en 3b?"]),
        ("Wat is een harop. Dank alvast.", ["Wat is een harop."]),
        ("- wie belt er dan\n- wat kost het plan", ["- wie belt er dan", "- wat kost het plan"]),
        ("hoi, het is druk. wie doet dit?", ["wie doet dit?"]),
        ("brood en kaas", ["brood en kaas"]),
        ("  hoe?  ", ["hoe?"]),
        ("", [""]),
    ],
)
def test_questions_of_a_text(text: str, parts: list[str]) -> None:
    assert questions(text) == parts


def test_what_is_long_and_how_it_ends() -> None:
    assert is_long(mail()) and not is_long(PLAN)
    assert closing("Veel tekst hier. En dan nu de vraag die ik eigenlijk had.").startswith("En dan")
    assert closing("Ik zoek thuiszorg in Geleen. Alvast dank.") == (
        "Ik zoek thuiszorg in Geleen. Alvast dank."
    )
