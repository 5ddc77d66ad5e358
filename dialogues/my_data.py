"""What is kept about the person in the conversation: shown, and erased when they confirm that."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bottlenecks.dates import day_of, written
from bottlenecks.retention import Period
from bottlenecks.store.my_data import OwnData
from dialogues import privacy_statement, profile
from dialogues.flows.words import folded, says_no, says_yes
from dialogues.reply import Choice, Incoming, Reply
from dialogues.turn import Turn
from dialogues.understanding import Understood
from nlu.danger import POSSIBLE
from nlu.topics import CLARIFY_INTENT, OUT_OF_SCOPE

TOPIC = privacy_statement.TOPIC
PREFIX = "gegevens:"
SHOW, ERASE, KEEP = PREFIX + "toon", PREFIX + "wis", PREFIX + "nee"
# what was typed was neither yes nor no
AGAIN = PREFIX + "nogmaals"
# behind it: when it was asked, so that a button of long ago erases nothing
CONFIRM = PREFIX + "ja:"
CONFIRM_VALID = timedelta(hours=1)
STATEMENT = "t:" + TOPIC
QUESTION = "Wil je alles laten verwijderen wat ik van je bewaar?"
YES, NO = "Ja, verwijder alles", "Nee, laat staan"
MAX_REFERENCES = 5
CHANNELS = {"web": "browser", "telegram": "Telegram", "terminal": "terminal"}
_WITHDRAW = Choice(label="Melding intrekken", value="t:knelpunt/intrekken")
_NOTHING = "Bij een losse vraag bewaar ik niets. Vraag het in een gesprek met mij."

_ABOUT_ME = r"(?: (?:van|over) (?:mij|me|mezelf))"
_MY_DATA = r"(?:al )?(?:mijn|m'n|mn) (?:eigen )?(?:persoons)?gegevens"
_SHOWS = re.compile(
    r"(?:(?:laat|toon|geef|bekijk|ik wil|mag ik|kan ik|graag)(?: (?:me|mij|eens|even))* )?"
    rf"{_MY_DATA}(?: (?:zien|inzien|bekijken|opvragen|laten zien|tonen))?"
    r"|wat (?:bewaar|weet|heb|onthoud|bewaren|weten|hebben|onthouden|bewaart) (?:je|jullie|u)"
    rf"(?: (?:nu|nog|eigenlijk|precies|allemaal|al))*{_ABOUT_ME}"
    r"(?: (?:allemaal|bewaard|opgeslagen))*"
    rf"|wat staat er(?: allemaal)?{_ABOUT_ME}(?: (?:bewaard|opgeslagen))?"
    r"|welke (?:persoons)?gegevens (?:heb|bewaar|weet|ken|hebben|bewaren|weten) (?:je|jullie|u)"
    rf"(?: (?:nu|nog|eigenlijk|precies|allemaal))*{_ABOUT_ME}(?: (?:bewaard|opgeslagen))?"
    r"|(?:ik wil |ik vraag |verzoek (?:om|tot) |recht op )?inzage(?:verzoek|recht)?"
    rf"(?: in {_MY_DATA})?"
)
_PLEASE = r"(?:(?:ik wil|wil je|kun je|kan je|graag|alsjeblieft|aub) )*"
_ERASES = re.compile(
    rf"{_PLEASE}(?:verwijder|wis|vergeet|delete)(?: (?:nu|alsjeblieft|aub))*"
    rf" (?:{_MY_DATA}|alles{_ABOUT_ME}|(?:alles )?wat je{_ABOUT_ME} (?:weet|hebt|bewaart)"
    r"|mij|me|mijn account)(?: (?:helemaal|nu|graag|aub|alsjeblieft))*"
    rf"|{_PLEASE}{_MY_DATA} (?:laten )?(?:verwijderen|wissen|weghalen|weg)"
    rf"|(?:{_PLEASE}alles{_ABOUT_ME} (?:laten )?(?:verwijderen|wissen))"
    r"|ik wil vergeten worden|recht op vergetelheid"
    # what a button of ours says, typed long after it was on the screen
    r"|ja verwijder alles"
)
_AGREES = re.compile(
    r"(?:ja )?(?:verwijder|wis)(?: (?:het|alles|maar|nu))*|(?:ja )?(?:dat wil ik|doe dat)(?: maar)?"
)
_REFUSES = re.compile(r"(?:nee )?(?:toch )?(?:laat|niet)(?: (?:alles|maar|doen|staan))*")
_STATEMENT = re.compile(
    r"/?(?:(?:de|je|jullie|lees de|toon de) )?privacy(?:verklaring|statement|beleid)?"
    r"|(?:lees )?meer over privacy"
)


def typed(text: str) -> str | None:
    """The input for a message that asks for one's own data, or for the statement; else None."""
    said = folded(text)
    if _STATEMENT.fullmatch(said):
        return STATEMENT
    if _SHOWS.fullmatch(said):
        return SHOW
    return ERASE if _ERASES.fullmatch(said) else None


def answered(turn: Turn, text: str) -> Incoming | None:
    """What a typed message answers to the question whether to erase; None: it was not just asked.

    A flow that runs asks nothing then: its step is shown again only after the answer.
    """
    if turn.incoming.choice is not None or not was_just_asked(turn):
        return None
    said = folded(text)
    if says_yes(text) or _AGREES.fullmatch(said):
        return Incoming(text=text, choice=_confirmation(turn))
    if says_no(text) or _REFUSES.fullmatch(said):
        return Incoming(text=text, choice=KEEP)
    return None


def unclear(text: str, understand: Callable[[str], Understood]) -> Incoming | None:
    """To ask once more whether to erase, after words that are no answer and ask nothing else."""
    said = understand(text)
    if said.danger >= POSSIBLE or said.topic not in (OUT_OF_SCOPE, CLARIFY_INTENT):
        return None
    return Incoming(text=text, choice=AGAIN)


def statement(turn: Turn) -> Reply:
    """The whole privacy statement."""
    regions, own = turn.knowledge.regions, turn.region
    reached = privacy_statement.responsible(regions, own) if own in regions else ()
    sections = privacy_statement.statement(
        turn.desk.periods(), reached or (privacy_statement.UNKNOWN_REGION,)
    )
    return Reply(
        text=f"{privacy_statement.TITLE}\n\n{privacy_statement.as_text(sections)}",
        choices=(
            Choice(label="Mijn gegevens", value=SHOW),
            Choice(label="Verwijder mijn gegevens", value=ERASE),
        ),
        topic=TOPIC,
    )


def show(turn: Turn) -> Reply:
    """What is kept about the person, in short, and for how long."""
    data = turn.desk.own_data()
    if data is None:
        return statement(turn)
    lines = _lines(turn, data, {one.kind: one for one in turn.desk.periods()})
    return Reply(
        text="Dit bewaar ik van jou:\n"
        + "\n".join(f"- {line}" for line in lines)
        + '\n\nTyp "privacy" voor de hele privacyverklaring.',
        choices=(
            Choice(label="Verwijder mijn gegevens", value=ERASE),
            Choice(label="Regio en functie", value=profile.SET_UP),
        ),
        topic=TOPIC,
    )


def ask_again(turn: Turn) -> Reply:
    """The question alone, after words that were no answer to it."""
    if turn.desk.own_data() is None:
        return Reply(text=_NOTHING, topic=TOPIC)
    text = f'{QUESTION} Typ "ja" of "nee". Ik heb nog niets verwijderd.'
    return Reply(text=text, choices=_answers(turn), topic=TOPIC)


def ask(turn: Turn) -> Reply:
    """What would go and what would stay, with the question whether to do it."""
    data = turn.desk.own_data()
    if data is None:
        return Reply(text=_NOTHING, topic=TOPIC)
    told = (
        ("regio", data.profile.region),
        ("functie", data.profile.role),
        ("praktijk", data.practice),
    )
    about = [name for name, known in told if known]
    goes = [f"wat ik over jou weet: {' en '.join(about)}"] if about else []
    goes.append("dit gesprek en alles wat je eerder zei")
    if data.flows:
        shared = "; wat je deelt met een collega, houdt die zonder jou" if data.shared_flows else ""
        goes.append(f"open stappen en lijsten{shared}")
    if data.is_officer:
        goes.append("je koppeling met het beheer: signalen komen hier dan niet meer binnen")
    stays = ["wat je zei over een fout antwoord"] if data.feedback else []
    stays.append("hoe vaak een onderwerp is gevraagd")
    is_open = any(report.is_open for report in turn.desk.own())
    if data.references:
        one = len(data.references) == 1
        withdraw = (
            f" Trek {'hem' if one else 'ze'} eerst in als je dat wilt: daarna kan het niet meer."
        )
        stays.insert(
            0,
            f"{'je melding' if one else f'je {len(data.references)} meldingen'} "
            f"({_references(data.references)}). Je krijgt daar dan geen antwoord meer op, en je "
            f"kunt er niets meer van zien of aan veranderen.{withdraw if is_open else ''}",
        )
    where = ", op al je gekoppelde kanalen" if len(data.channels) > 1 else ""
    parts = [
        QUESTION,
        f"Dit gaat meteen weg{where}:\n" + "\n".join(f"- {line}" for line in goes),
        "Dit blijft, zonder link naar jou of je praktijk:\n"
        + "\n".join(f"- {line}" for line in stays),
        "Dit kan ik niet terugdraaien.",
    ]
    if data.is_invited:
        parts.append(
            f"Je uitnodiging blijft nog {_unused_days(turn)} dagen werken. Kom je daarna terug, "
            "open dan je link opnieuw."
        )
    return Reply(
        text="\n\n".join(parts),
        choices=_answers(turn) + ((_WITHDRAW,) if is_open else ()),
        topic=TOPIC,
    )


def confirm(turn: Turn, value: str) -> Reply:
    """Erase, when it was asked not long ago; else ask again."""
    asked_at = value.removeprefix(CONFIRM)
    seconds = turn.desk.now().timestamp() - int(asked_at) if asked_at.isdecimal() else -1.0
    if not 0 <= seconds <= CONFIRM_VALID.total_seconds():
        return ask(turn)
    data = turn.desk.own_data()
    if data is None:
        return Reply(text=_NOTHING, topic=TOPIC)
    turn.desk.erase_all()
    turn.take_up(None)
    said = ["Je gegevens zijn verwijderd."]
    if data.references:
        said.append("Je meldingen blijven staan, zonder link naar jou.")
    if "telegram" in data.channels:
        said.append("Wat in Telegram zelf staat, wis je in Telegram.")
    if "web" in data.channels:
        said.append("Ververs in de browser de pagina: dan is ook je scherm leeg.")
    days = _unused_days(turn)
    said.append(
        f"Je account bestaat nog even, leeg, om dit te kunnen bezorgen: na {days} dagen wis ik ook "
        "dat. Stuur je weer een bericht, dan begin je opnieuw."
    )
    return Reply(text=" ".join(said), topic=TOPIC)


def _lines(turn: Turn, data: OwnData, kept: Mapping[str, Period]) -> Sequence[str]:
    about = []
    if data.profile.region or data.profile.role:
        about.append(profile.in_words(data.profile, turn.knowledge))
    if data.practice:
        named_so = "praktijk" in data.practice.lower()
        about.append(data.practice if named_so else f"praktijk {data.practice}")
    told = f"{', '.join(about)}; tot je het verwijdert" if about else "niets"
    lines = [f"Over jezelf: {told}"]
    if data.references:
        closed = kept["closed reports"]
        lines.append(
            f"Meldingen: {len(data.references)} ({_references(data.references)}); een afgesloten "
            f"melding tot {closed.kept_in_words} {closed.since_what}"
        )
    else:
        lines.append("Meldingen: geen")
    if data.flows:
        shared = f", waarvan {data.shared_flows} gedeeld" if data.shared_flows else ""
        flows = kept["unfinished flows"]
        lines.append(
            f"Open stappen en lijsten: {data.flows}{shared}; tot {flows.kept.days} dagen "
            f"{flows.since_what}"
        )
    else:
        lines.append("Open stappen en lijsten: geen")
    talks = kept["conversations"]
    since = written(day_of(data.since or turn.desk.now()))
    lines.append(
        # the message at hand is kept when the turn is over
        f"Berichten van jou: {data.messages + 1}, sinds {since}; tot {talks.kept.days} dagen "
        f"{talks.since_what}"
    )
    if data.feedback:
        remarks = kept["remarks on answers"]
        lines.append(
            f"Wat je zei over een fout antwoord: {data.feedback}; tot {remarks.kept.days} dagen "
            f"{remarks.since_what}"
        )
    questions = kept["unanswered questions"]
    lines.append(
        "Vragen die ik niet goed begreep: welke van jou zijn, kan ik niet zien; tot "
        f"{questions.kept.days} dagen {questions.since_what}"
    )
    channels = dict.fromkeys(CHANNELS.get(name, name) for name in data.channels)
    account = "een code en een versleuteld adres"
    invited = ", met een uitnodiging" if data.is_invited else ""
    lines.append(f"Account: {account} ({' en '.join(channels)}{invited}); tot je het verwijdert")
    if data.is_officer:
        lines.append("Koppeling met het beheer: signalen komen hier binnen; tot je die ontkoppelt")
    return lines


def _references(references: Sequence[str]) -> str:
    shown = ", ".join(references[-MAX_REFERENCES:])
    more = len(references) - MAX_REFERENCES
    return f"{shown} en {more} eerdere" if more > 0 else shown


def _answers(turn: Turn) -> tuple[Choice, ...]:
    return Choice(label=YES, value=_confirmation(turn)), Choice(label=NO, value=KEEP)


def _confirmation(turn: Turn) -> str:
    return f"{CONFIRM}{int(turn.desk.now().timestamp())}"


def _unused_days(turn: Turn) -> int:
    return next(one.kept.days for one in turn.desk.periods() if one.kind == "unused accounts")


def was_just_asked(turn: Turn) -> bool:
    """Whether the last thing that was said in this conversation is the question."""
    said = [event for event in turn.memory.events if event.get("event") in ("bot", "user")]
    return bool(said) and str(said[-1].get("text") or "").startswith(QUESTION)
