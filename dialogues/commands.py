"""What can be asked for at any moment, in a flow or not: codes, going on, region and role."""

import re

from dialogues import from_answer, my_data, profile, unclear
from dialogues.flows import failing, parking, piece_words, runner, sharing, showing
from dialogues.flows.handlers import joining, just_sent, leaving
from dialogues.flows.handlers.own_reports import (
    OFFER,
    REACT,
    REOPEN,
    REOPENING,
    TO_REPORT,
    TYPED,
)
from dialogues.flows.words import folded, says_no, says_yes
from dialogues.rendering import TOPIC
from dialogues.reply import Choice, Incoming, Reply
from dialogues.turn import Turn
from knowledge import Knowledge
from nlu.topics import OUT_OF_SCOPE

_REPORTS_QUESTION = re.compile(
    r"(?:ik wil )?(?:deze|die|mijn) vraag melden|meld (?:deze|die|mijn) vraag"
)
_LINKS = re.compile(
    r"/?(?:koppel(?:en)?|koppelcode|ander (?:apparaat|kanaal)|(?:verder )?op (?:een |mijn )?"
    r"(?:ander apparaat|telefoon|computer|telegram)(?: verder)?"
    r"|(?:geef |ik wil )?(?:een |mijn )?koppelcode)"
)
_REOPENS = re.compile(
    r"^(?:ik wil )?(?:mijn |de |een )?(?:melding )?(?:kp[- ]?\d{4}[- ]?\d+ )?heropen(?:en)?\b"
)
# the inputs for "nee" to an offer to report, and for "haal Envida weg" where there is no report
NO_REPORT, NO_PIECE = "melden:nee", "weghalen:nee"
ADDING, WITHDRAWING = "knelpunt/aanvullen", "knelpunt/intrekken"
MAX_WORDS = 9
_HAS_CODE = re.compile(r"\b(?:heb|kreeg|gekregen|gaf)\b.*\bcode\b|\bcode\b.*\bgekregen\b")
_NO_PIECE = (
    "Woorden weghalen of terugzetten kan alleen bij de samenvatting van een melding, voor je die "
    "verstuurt. Er loopt nu geen melding. Staat het in een melding die al verstuurd is? Vraag je "
    "regio-organisatie (RHO) om het weg te halen, of trek je melding in."
)
_WISHES = re.compile(
    r"^(?:nee )?(?:ik wil|ik wou|ik zou|wij willen|we willen|kan ik|kunnen we|graag|begin|start"
    r"|maak|meld|ga naar|doe|laten we|laat me|help me|ik moet|ik ga|trek|voeg)\b"
    r"|\b(?:melden|beginnen|starten|maken)$"
)


def offered(turn: Turn, text: str) -> Incoming | None:
    """The button that "ja" stands for after an offer to report; "nee" turns it down."""
    last = "" if turn.incoming.choice is not None else unclear.last_said(turn)
    if turn.flow is not None or not last.endswith(OFFER):
        return None
    if says_yes(text):
        return Incoming(text=text, choice=TO_REPORT)
    return Incoming(text=text, choice=NO_REPORT) if says_no(text) else None


def typed(text: str, knowledge: Knowledge, *, in_flow: bool, missed: bool = False) -> str | None:
    """The input that a typed message stands for; None when it is none of these.

    `missed` is whether the message before it was not understood.
    """
    if (code := sharing.as_code(text)) is not None:
        return code
    if (own := my_data.typed(text)) is not None:
        return own
    if _LINKS.fullmatch(folded(text)):
        return sharing.LINK
    if _HAS_CODE.search(folded(text)) and len(text.split()) <= MAX_WORDS:
        return sharing.CODE
    if _REOPENS.search(folded(text)):
        return REOPEN
    if not in_flow and piece_words.commanded(text):
        return NO_PIECE
    if _REPORTS_QUESTION.fullmatch(folded(text)):
        return from_answer.REPORT_QUESTION
    if missed and not in_flow:
        if failing.asks_to_report(text):
            return from_answer.REPORT_QUESTION
        if unclear.means_none(text):
            return TOPIC + OUT_OF_SCOPE
    said = profile.as_statement(text, knowledge)
    # in a flow "regio" or "ik werk in Geleen" may be an answer
    if said is not None and (
        not in_flow or said == profile.SHOW or re.search(r"\bmijn\b", text.lower())
    ):
        return said
    return parking.as_go_on(text) if not in_flow else None


def wishes(text: str) -> bool:
    """Whether a message asks to do something, rather than to know it."""
    return _WISHES.search(folded(text)) is not None


def carry_out(turn: Turn, value: str) -> bool:
    """Do what the input asks; False when it is none of these."""
    if value == sharing.LINK:
        _say(turn, sharing.link(turn))
    elif value == sharing.CODE:
        _say(turn, Reply(text="Typ de code hier. Hij ziet eruit als A2B3-C4D5."))
    elif value == sharing.CONFIRM:
        _say(turn, Reply(text="Goed, ik heb niets gekoppeld."))
    elif value.startswith((sharing.CODE, sharing.CONFIRM)):
        confirmed = value.startswith(sharing.CONFIRM)
        reply = sharing.redeem(turn, value.partition(":")[2], confirmed=confirmed)
        if reply is None:
            runner.resume(turn, turn.flow)
        elif reply.choices:
            turn.say(reply)
        else:
            _say(turn, reply)
    elif value.startswith(parking.GO_ON):
        _go_on(turn, value.removeprefix(parking.GO_ON))
    elif value.startswith(parking.RESUME):
        found = turn.desk.flows.take_up(value.removeprefix(parking.RESUME))
        if not runner.resume(turn, found):
            _say(turn, Reply(text="Dat is al klaar, of het bestaat niet meer."))
    elif value.startswith(parking.DROP):
        _drop(turn, value.removeprefix(parking.DROP))
    elif value == profile.SET_UP:
        runner.start(turn, profile.FLOW)
    elif value == profile.SHOW:
        _say(turn, profile.show(turn))
    elif value == profile.FORGET:
        _say(turn, profile.forget(turn))
    elif value == profile.SAY:
        said = profile.read(turn.incoming.text, turn.knowledge)
        if said is not None:
            _say(turn, profile.keep(turn, said))
    elif value == my_data.SHOW:
        _say(turn, my_data.show(turn))
    elif value == my_data.ERASE:
        turn.say(my_data.ask(turn))
    elif value == my_data.AGAIN:
        turn.say(my_data.ask_again(turn))
    elif value == my_data.KEEP:
        _say(turn, Reply(text="Goed, ik laat alles staan."))
    elif value.startswith(my_data.CONFIRM):
        turn.say(my_data.confirm(turn, value))
    elif value == NO_REPORT:
        _say(turn, Reply(text="Goed, ik meld niets. Typ je vraag als je iets wilt weten."))
    elif value == NO_PIECE:
        _say(
            turn,
            Reply(text=_NO_PIECE, choices=(Choice(label="Mijn gegevens", value=my_data.SHOW),)),
        )
    elif value.startswith(REACT):
        reference = value.removeprefix(REACT)
        typed_text = unclear.last_typed(turn) if reference.endswith(TYPED) else None
        filled = {"tekst": typed_text} if typed_text else {}
        runner.start(turn, ADDING, text=reference.removesuffix(TYPED), filled=filled)
    elif value.startswith(REOPEN):
        runner.start(turn, REOPENING, text=value.removeprefix(REOPEN) or turn.incoming.text)
    elif value.startswith((joining.JOIN, joining.APART)):
        _say(turn, joining.answered(turn, value))
    elif value.startswith(leaving.LEAVE):
        _say(turn, leaving.left(turn, value))
    elif value.startswith(just_sent.ALREADY):
        _say(turn, just_sent.already_sent(value))
    elif value.startswith(just_sent.WITHDRAW):
        runner.start(turn, WITHDRAWING, text=value.removeprefix(just_sent.WITHDRAW))
    elif value == from_answer.REPORT_QUESTION:
        from_answer.report_question(turn)
    elif value.startswith(from_answer.REPORT_ANSWER):
        from_answer.report_answer(turn, value.removeprefix(from_answer.REPORT_ANSWER))
    else:
        return False
    return True


def _say(turn: Turn, reply: Reply) -> None:
    """Say it, and return to the flow that runs."""
    turn.say(reply)
    showing.show_again(turn, "Terug naar waar je was.")


def _go_on(turn: Turn, name: str) -> None:
    if not name and turn.flow is not None:
        showing.show_again(turn, "Je was hier:")
        return
    views = parking.wanted(turn, name)
    if len(views) == 1:
        runner.resume(turn, turn.desk.flows.take_up(views[0].run_id))
    elif views:
        turn.say(parking.which(turn, views))
    elif waiting := turn.desk.flows.unfinished():
        turn.say(parking.which(turn, waiting))
    else:
        turn.say(
            Reply(text="Je bent nu niet met stappen bezig, en er staat niets open. Typ je vraag.")
        )


def _drop(turn: Turn, run_id: str) -> None:
    if turn.flow is not None and turn.flow.run_id == run_id:
        turn.take_up(None)
    if run_id in {view.run_id for view in turn.desk.flows.unfinished()}:
        turn.desk.flows.leave(run_id)
        said = "Weggegooid. Wat je had ingevuld, is gewist. Dit gesprek zelf blijft nog leesbaar."
        _say(turn, Reply(text=said))
    else:
        _say(turn, Reply(text="Dat was al weg."))
