"""At the summary of a report: taking more out of its texts, and putting back what need not go."""

import re
from dataclasses import replace

from bottlenecks.privacy import screen
from bottlenecks.privacy.pieces import places
from dialogues.flows import engine, inputs, removed, showing
from dialogues.flows.removed import Piece
from dialogues.flows.showing import Running
from dialogues.flows.words import asks as is_question
from dialogues.flows.words import command, folded, match, says_no, says_yes
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge.flow_model import FlowChoice

# what is asked beside the step
TAKE_OUT, RESTORE = "take out", "restore"
# so many pieces are offered to be restored; others can be typed
MAX_PIECES = 12
_MAX_LABEL = 60
# longer messages tell something else
_MAX_WORDS = 16
NEVER_BSN = "Een BSN zet ik niet terug: dat hoort niet in een melding."
_ASK_PIECE = "Welk woord of welk stuk moet weg? Typ het precies zo."
_LEAD = r"^(?:(?:nee|ja|ok|oke|oké|oeps|sorry|wacht|maar|en|kun je|kan je|wil je|graag)[ ,]+)*"
_SOFT = r"(?:ook|nog|er|even|maar|wel|graag|toch|weer|gewoon|overal|aub|alsjeblieft)"
_END = rf"(?:[ ,]+{_SOFT})*[ .!]*$"
_AWAY = r"(?:weg|eruit|er ?uit|uit(?: (?:de|mijn) tekst)?|eraf|weglaten|weghalen|verwijderen)"


def _compiled(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in patterns]


_TAKES_OUT = _compiled(
    rf"{_LEAD}(?:haal|laat|doe)[ ](?:{_SOFT}[ ])*(?P<piece>.+?)(?:[ ]{_SOFT})*[ ]{_AWAY}{_END}",
    rf"{_LEAD}(?:verwijder|wis|schrap)[ ](?:{_SOFT}[ ])*(?P<piece>.+?){_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:moet|moeten|mag|mogen|kan|kunnen)(?:[ ]{_SOFT})*"
    rf"[ ]{_AWAY}{_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:weghalen|verwijderen|weglaten){_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ]is(?:[ ]{_SOFT})*[ ](?:een naam|(?:een|de) patiënte?){_END}",
)
_NO_DATA = (
    r"geen (?:eigen)?(?:naam|achternaam|voornaam|adres|straat|telefoonnummer|nummer|persoon|mens"
    r"|patiënte?|geboortedatum|datum|e-?mail(?:adres)?|bsn)\b.*"
)
_BACK = r"(?:terug|terugzetten|erin|er ?in|in|blijven(?: staan)?|blijft)"
_RESTORES = _compiled(
    rf"{_LEAD}(?P<piece>.+?)[ ](?:is|zijn)(?:[ ]{_SOFT})*[ ]{_NO_DATA}$",
    rf"{_LEAD}(?:zet|doe|laat)[ ](?:{_SOFT}[ ])*(?P<piece>.+?)(?:[ ]{_SOFT})*[ ]{_BACK}{_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:moet|moeten|mag|mogen|kan|kunnen)(?:[ ]{_SOFT})*"
    rf"[ ]{_BACK}{_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:terugzetten){_END}",
)
_MORE = re.compile(r"(?:(?:ik wil )?(?:nog )?(?:meer|iets|wat|een naam) )(?:weghalen|verwijderen)")
_SOMETHING = re.compile(r"(?:(?:ik wil )?(?:nog )?(?:iets|wat) )?terug ?zetten")
_ARTICLE = re.compile(r"^(?:de|het|die|dat|mijn)\s+", re.IGNORECASE)
_QUOTES = " \t\n\"'“”‘’«».,!"


def commanded(turn: Turn, run: Running, given: str) -> bool:
    """Carry out one of the buttons; False when it is none of them, or not for this step."""
    if run.step.kind != "bevestigen" or not removed.can_restore(run.flow):
        return False
    if given == inputs.TAKE_OUT:
        _ask_piece(turn, run)
    elif given == inputs.RESTORE:
        _ask_which(turn, run)
    elif given.startswith(inputs.RESTORE_ONE):
        number = given.removeprefix(inputs.RESTORE_ONE)
        found = [piece for piece in removed.pieces(turn, run.state) if piece.number == number]
        if found:
            _restore(turn, run, found[0])
        else:
            showing.show(
                turn, run, lead="Dat staat er al weer, of het staat niet meer in je tekst."
            )
    else:
        return False
    return True


def asked(turn: Turn, run: Running) -> tuple[Running, str]:
    """What was asked beside the step, for this one message; empty when nothing was."""
    asking = run.state.asking
    if not asking or turn.flow is None:
        return run, asking
    run = replace(run, state=replace(run.state, asking=""))
    turn.take_up(replace(turn.flow, state=run.state.as_data()))
    return run, asking


def answered(turn: Turn, run: Running, asking: str) -> bool:
    """Take the message as the piece that was asked for; False when it is something else."""
    text, choice = turn.incoming.text, turn.incoming.choice
    if choice is not None:
        if engine.given_by(run.state, choice) != inputs.BACK:
            return False
        showing.show(turn, run)
        return True
    if command(text) == inputs.BACK or says_yes(text) or says_no(text):
        showing.show(turn, run)
        return True
    if typed(turn, run):
        return True
    if command(text) is not None or is_question(text) or match(text, run.step.choices):
        return False
    if asking == TAKE_OUT:
        _take_out(turn, run, text)
        return True
    pieces = removed.pieces(turn, run.state)
    options = [FlowChoice(value=one.number, label=_label(one)) for one in pieces[:MAX_PIECES]]
    number = match(text, options)
    chosen = next((one for one in pieces if one.number == number), None)
    if chosen is not None:
        _restore(turn, run, chosen)
    else:
        _restore_named(turn, run, text)
    return True


def typed(turn: Turn, run: Running) -> bool:
    """Do what a message at the summary says of a piece: "haal Jansen weg", "Linde is geen naam"."""
    text = turn.incoming.text
    if run.step.kind != "bevestigen" or not removed.can_restore(run.flow):
        return False
    if _MORE.fullmatch(folded(text)):
        return commanded(turn, run, inputs.TAKE_OUT)
    if _SOMETHING.fullmatch(folded(text)):
        return commanded(turn, run, inputs.RESTORE)
    wish, piece = _wish(run, text)
    if wish == RESTORE:
        return _restore_named(turn, run, piece)
    return wish == TAKE_OUT and _take_out(turn, run, piece)


def is_sure(turn: Turn, run: Running) -> bool:
    """Whether a message is about a piece, beyond doubt: it names one that is there."""
    if run.step.kind != "bevestigen" or not removed.can_restore(run.flow):
        return False
    wish, piece = _wish(run, turn.incoming.text)
    if wish == RESTORE:
        return any(_is_meant(one, piece) for one in removed.pieces(turn, run.state))
    return wish == TAKE_OUT and removed.taken(turn, run.state, piece) is not run.state


def _wish(run: Running, written: str) -> tuple[str, str]:
    """What a message wants of a piece, and of which; empty when it says no such thing."""
    text = written.strip()
    if command(text) is not None or len(text.split()) > _MAX_WORDS or text.endswith("?"):
        return "", ""
    for wish, patterns in ((RESTORE, _RESTORES), (TAKE_OUT, _TAKES_OUT)):
        for pattern in patterns:
            found = pattern.search(text)
            piece = found["piece"].strip(_QUOTES) if found else ""
            if piece and not (wish == TAKE_OUT and _names_an_answer(run, piece)):
                return wish, piece
    return "", ""


def _names_an_answer(run: Running, piece: str) -> bool:
    """Whether it is the name of an answer: "verwijder de omschrijving" is about all of it."""
    said = _ARTICLE.sub("", folded(piece))
    return said in {folded(step.summary_label or "") for step in run.flow.steps}


def _take_out(turn: Turn, run: Running, written: str) -> bool:
    whole = written.strip(_QUOTES)
    # whether it is found or not: who types it here says that it is not to be kept
    turn.unkept.append(whole)
    for part_of_word in (False, True):
        for piece in dict.fromkeys((whole, _ARTICLE.sub("", whole))):
            state = removed.taken(turn, run.state, piece, part_of_word=part_of_word)
            if state is run.state:
                continue
            turn.unkept.append(piece)
            turn.desk.take_out(piece, part_of_word=part_of_word)
            showing.show(turn, replace(run, state=state), lead="Weggehaald. Lees het nog eens na.")
            return True
    if any(_is_meant(one, whole) for one in removed.pieces(turn, run.state)):
        showing.show(turn, run, lead="Dat is al weggehaald.")
        return True
    _ask_piece(turn, run, lead="Dat vind ik niet in je tekst. ")
    return True


def _restore_named(turn: Turn, run: Running, written: str) -> bool:
    """Put back what is named by its words, or by its kind when there is one of that kind."""
    name = written.strip(_QUOTES)
    pieces = removed.pieces(turn, run.state)
    said = _ARTICLE.sub("", folded(name))
    if screen(name, kinds=frozenset({"bsn"})).found or said in ("bsn", "burgerservicenummer"):
        showing.show(turn, run, lead=NEVER_BSN)
        return True
    named = [one for one in pieces if removed.same(one.text) == removed.same(name)]
    named = named or [one for one in pieces if _is_meant(one, name)]
    named = named or [one for one in pieces if said == folded(one.kind_in_words)]
    if len(named) == 1:
        _restore(turn, run, named[0], only=_ARTICLE.sub("", name))
        return True
    if not named:
        turn.unkept.append(name)
    _ask_which(turn, run, lead="" if named else "Dat heb ik niet weggehaald. ")
    return True


def _is_meant(piece: Piece, name: str) -> bool:
    """Whether a name is a part of the piece, in whole words, or the other way round."""
    name = _ARTICLE.sub("", name)
    return bool(places(piece.text, name) or places(name, piece.text))


def _restore(turn: Turn, run: Running, piece: Piece, only: str = "") -> None:
    after = replace(run, state=removed.restored(turn, run.state, piece, only))
    showing.show(turn, after, lead="Teruggezet. Lees het nog eens na.")


def _ask_piece(turn: Turn, run: Running, lead: str = "") -> None:
    _ask(turn, run, TAKE_OUT, lead + _ASK_PIECE, [])


def _ask_which(turn: Turn, run: Running, lead: str = "") -> None:
    pieces = removed.pieces(turn, run.state)
    never = f" {NEVER_BSN}" if removed.has_bsn(run.state) else ""
    if not pieces:
        showing.show(turn, run, lead=f"{lead}Er is niets om terug te zetten.{never}")
        return
    choices = [
        Choice(label=_label(one), value=engine.value(run.state, inputs.RESTORE_ONE + one.number))
        for one in pieces[:MAX_PIECES]
    ]
    _ask(turn, run, RESTORE, f"{lead}Wat moet terug? Kies het, of typ het.{never}", choices)


def _ask(turn: Turn, run: Running, asking: str, text: str, choices: list[Choice]) -> None:
    back = Choice(label="Terug", value=engine.value(run.state, inputs.BACK))
    turn.say(
        Reply(
            text=text,
            choices=(*choices, back),
            topic=run.flow.id,
            flow=run.flow.id,
            step=run.step.id,
        )
    )
    showing.keep(turn, replace(run, state=replace(run.state, asking=asking)))


def _label(piece: Piece) -> str:
    """The words themselves, so that one knows what comes back; the kind beside them."""
    kind = f" ({piece.kind_in_words})"
    room = _MAX_LABEL - len(kind)
    text = piece.text if len(piece.text) <= room else piece.text[: room - 1].rstrip() + "…"
    return text + kind
