"""At the summary of a report: taking more out of its texts, and putting back what need not go."""

import re
from dataclasses import replace

from bottlenecks.privacy import screen
from bottlenecks.privacy.pieces import places
from dialogues.flows import engine, inputs, piece_words, removed, showing
from dialogues.flows.piece_words import (
    RESTORE,
    TAKE_OUT,
    bare,
    is_everywhere,
    unquoted,
    wish,
)
from dialogues.flows.piece_words import commanded as commanded_piece
from dialogues.flows.removed import Piece
from dialogues.flows.showing import Running
from dialogues.flows.words import asks as is_question
from dialogues.flows.words import command, folded, match, says_no, says_yes
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge.flow_model import FlowChoice, Step

# so many pieces are offered to be restored; others can be typed
MAX_PIECES = 12
_MAX_LABEL = 60
NEVER_BSN = "Een BSN zet ik niet terug: dat hoort niet in een melding."
OF_OTHERS = "Iets wat een ander typte, kan alleen die ander terugzetten."
AT_THE_END = "Iets weghalen of terugzetten kan bij de samenvatting, aan het eind."
_ASK_PIECE = "Welk woord of welk stuk moet weg? Typ het precies zo."
_MORE = re.compile(r"(?:(?:ik wil )?(?:nog )?(?:meer|iets|wat|een naam) )(?:weghalen|verwijderen)")
_SOMETHING = re.compile(r"(?:(?:ik wil )?(?:nog )?(?:iets|wat) )?terug ?zetten")
# closes the question, and not the report
_NEVER_MIND = re.compile(
    r"(?:(?:nee|ok|oke|oké) )?(?:laat (?:dat )?(?:maar zitten|maar|zitten)|niks|niets|geen)"
    r"(?: hoor)?"
)
_ALL = re.compile(
    r"(?:(?:ze|dat|het|dit) )?(?:alles|allemaal|allebei|beide|alle (?:twee|drie|vier|stukken))"
    r"(?: wat (?:er )?(?:is )?weg(?:gehaald)?(?: is)?)?"
)
_BSN_NAMES = frozenset({"bsn", "burgerservicenummer", "bsn's", "bsns", "burgerservicenummers"})
_DIGITS = re.compile(r"\d(?:[ .-]?\d){6,9}")


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
        found = [
            piece
            for piece in removed.pieces(turn, run.state, run.stamp.by)
            if piece.number == number
        ]
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
    closes = command(text) == inputs.BACK or _NEVER_MIND.fullmatch(folded(text))
    if closes or says_yes(text) or says_no(text):
        showing.show(turn, run)
        return True
    if typed(turn, run):
        return True
    if command(text) is not None or is_question(text) or match(text, run.step.choices):
        return False
    if asking == TAKE_OUT:
        _take_out(turn, run, text)
        return True
    pieces = removed.pieces(turn, run.state, run.stamp.by)
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
    if not removed.can_restore(run.flow):
        return False
    if run.step.kind != "bevestigen":
        piece = commanded_piece(text)
        if piece:
            turn.unkept.append(piece)
            showing.show(turn, run, lead=AT_THE_END)
        return bool(piece)
    if _MORE.fullmatch(folded(text)):
        return commanded(turn, run, inputs.TAKE_OUT)
    if _SOMETHING.fullmatch(folded(text)):
        return commanded(turn, run, inputs.RESTORE)
    wanted, piece = wish(text)
    match wanted:
        case "":
            return False
        case piece_words.RESTORE:
            return _restore_named(turn, run, piece)
        case piece_words.SAYS_WHAT:
            return _is_known(turn, run, piece) and _restore_named(turn, run, piece)
    if (step := _named_answer(run, piece)) is None:
        return _take_out(turn, run, piece)
    if step.kind != "tekst":
        return False  # which answer it is to be instead, is asked as always
    turn.desk.take_out(removed.plain(run.state.text(step.id) or ""))
    after = replace(run, state=engine.emptied(run.flow, run.state, step.id))
    showing.show(turn, after, lead=f"Weggehaald: {step.summary_label}.")
    return True


def is_sure(turn: Turn, run: Running) -> bool:
    """Whether a message is about a piece, beyond doubt: it names one that is there."""
    if run.step.kind != "bevestigen" or not removed.can_restore(run.flow):
        return False
    wanted, piece = wish(turn.incoming.text)
    if wanted in (piece_words.RESTORE, piece_words.SAYS_WHAT):
        found = removed.pieces(turn, run.state, run.stamp.by)
        return any(_is_meant(one, piece) for one in found)
    if wanted != TAKE_OUT or _named_answer(run, piece):
        return False
    return removed.taken(turn, run.state, piece, run.stamp.by) is not run.state


def _named_answer(run: Running, piece: str) -> Step | None:
    """The step of which it is the name: "verwijder de omschrijving" is about all of that answer."""
    said = bare(folded(piece))
    return next(
        (step for step in run.flow.steps if said == folded(step.summary_label or " ")), None
    )


def _take_out(turn: Turn, run: Running, written: str) -> bool:
    whole = unquoted(written)
    if is_everywhere(whole):
        lead = f'"{whole}" staat overal in je tekst, en zegt niets over iemand. '
        _ask_piece(turn, run, lead=lead)
        return True
    # whether it is found or not: who types it here says that it is not to be kept
    turn.unkept.append(whole)
    for part_of_word in (False, True):
        for piece in dict.fromkeys((whole, bare(whole))):
            state = removed.taken(turn, run.state, piece, run.stamp.by, part_of_word=part_of_word)
            if state is run.state:
                continue
            turn.unkept.append(piece)
            turn.desk.take_out(piece, part_of_word=part_of_word)
            showing.show(turn, replace(run, state=state), lead="Weggehaald. Lees het nog eens na.")
            return True
    if any(_is_meant(one, whole) for one in removed.pieces(turn, run.state, run.stamp.by)):
        showing.show(turn, run, lead="Dat is al weggehaald.")
        return True
    _ask_piece(turn, run, lead="Dat vind ik niet in je tekst. ")
    return True


def _restore_named(turn: Turn, run: Running, written: str) -> bool:
    """Put back what is named by its words, or by its kind when there is one of that kind."""
    name = unquoted(written)
    pieces = removed.pieces(turn, run.state, run.stamp.by)
    said = bare(folded(name))
    if screen(name, kinds=frozenset({"bsn"})).found or said in _BSN_NAMES:
        showing.show(turn, run, lead=NEVER_BSN)
        return True
    of_kind = removed.several(folded(name))
    if of_kind or _ALL.fullmatch(folded(name)):
        _restore_all(turn, run, [one for one in pieces if of_kind in ("", one.kind)])
        return True
    named = [one for one in pieces if removed.same(one.text) == removed.same(name)]
    named = named or [one for one in pieces if _is_meant(one, name)]
    named = named or [one for one in pieces if said == folded(one.kind_in_words)]
    if len(named) == 1:
        _restore(turn, run, named[0], only=bare(name))
        return True
    if named:
        _ask_which(turn, run)
        return True
    turn.unkept.append(name)
    if removed.stands(run.state, name) or removed.stands(run.state, bare(name)):
        showing.show(turn, run, lead="Dat staat er al.")
    elif removed.has_bsn(run.state) and _DIGITS.fullmatch(name):
        # a BSN is not kept, so that it cannot be told whether it is this one
        showing.show(turn, run, lead=NEVER_BSN)
    elif removed.of_others(run.state, run.stamp.by):
        # who did not type it, is not told whether it is there
        _ask_which(turn, run)
    else:
        _ask_which(turn, run, lead="Dat heb ik niet weggehaald. ")
    return True


def _restore_all(turn: Turn, run: Running, pieces: list[Piece]) -> None:
    """Put these back; a BSN is never among them."""
    if not pieces:
        _ask_which(turn, run)
        return
    state = run.state
    for piece in pieces:
        state = removed.restored(turn, state, piece)
    never = f" {NEVER_BSN}" if removed.has_bsn(state) else ""
    others = f" {OF_OTHERS}" if removed.of_others(state, run.stamp.by) else ""
    lead = f"Teruggezet. Lees het nog eens na.{never}{others}"
    showing.show(turn, replace(run, state=state), lead=lead)


def _is_known(turn: Turn, run: Running, name: str) -> bool:
    """Whether it names something that was taken out, or put back, of what this person typed."""
    pieces = removed.pieces(turn, run.state, run.stamp.by)
    back = {removed.same(one) for one in run.state.restored}
    return any(_is_meant(one, name) for one in pieces) or removed.same(name) in back


def _is_meant(piece: Piece, name: str) -> bool:
    """Whether a name is a part of the piece, in whole words, or the other way round."""
    name = bare(name)
    return bool(places(piece.text, name) or places(name, piece.text))


def _restore(turn: Turn, run: Running, piece: Piece, only: str = "") -> None:
    after = replace(run, state=removed.restored(turn, run.state, piece, only))
    showing.show(turn, after, lead="Teruggezet. Lees het nog eens na.")


def _ask_piece(turn: Turn, run: Running, lead: str = "") -> None:
    _ask(turn, run, TAKE_OUT, lead + _ASK_PIECE, [])


def _ask_which(turn: Turn, run: Running, lead: str = "") -> None:
    pieces = removed.pieces(turn, run.state, run.stamp.by)
    never = f" {NEVER_BSN}" if removed.has_bsn(run.state) else ""
    never += f" {OF_OTHERS}" if removed.of_others(run.state, run.stamp.by) else ""
    if not pieces:
        showing.show(turn, run, lead=f"{lead}Voor jou is er niets om terug te zetten.{never}")
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
