"""What was taken out of the texts of a report: it can be taken back, until the report is sent.

Where something was taken out, the state of the flow has its marker with a number in it
("[naam verwijderd#2]"), and under that number the piece itself, sealed. People see, and a report
has, the marker alone. A BSN has no number: it is not kept, not even sealed.

With a piece goes who typed it, as their number in the flow (`by`): a colleague who joined never
saw it, so they cannot see or restore it either.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bottlenecks.privacy import KINDS, Found, marker, screen
from bottlenecks.privacy.pieces import MARKERS, TAKEN_AWAY, places, without
from dialogues.flows import failing
from dialogues.flows.state import NOBODY, Answer, FlowState
from dialogues.turn import Turn
from knowledge.flow_model import Flow

# the kind of what the reporter had taken away
BY_REPORTER = "weggehaald"
_NUMBERED = re.compile(
    "(" + MARKERS.pattern.replace(r"\]", "") + r")\#(?P<number>\d{1,3})\]",
)
_MAX_NUMBER = 999
_FROM_FIRST_TO_LAST = re.compile(r"\w(?:.*\w)?\.?", re.DOTALL)
_BSN_BEFORE = re.compile(r"\b(?:bsn|burgerservicenummer)\W*(?:\w+\W+){0,2}$", re.IGNORECASE)
_KIND_OF = {marker(kind): kind for kind in KINDS} | {TAKEN_AWAY: BY_REPORTER}
# one, and several
_COUNTED = {
    "naam": ("een naam", "namen"),
    "bsn": ("een BSN", "BSN's"),
    "telefoon": ("een telefoonnummer", "telefoonnummers"),
    "e-mail": ("een e-mailadres", "e-mailadressen"),
    "geboortedatum": ("een geboortedatum", "geboortedatums"),
    "adres": ("een adres", "adressen"),
    "nummer": ("een patiënt- of polisnummer", "patiënt- of polisnummers"),
    BY_REPORTER: ("een stuk dat jij aanwees", "stukken die jij aanwees"),
}


@dataclass(frozen=True)
class Piece:
    """Something that was taken out and can be restored: its number, kind and text, who typed it."""

    number: str
    kind: str
    text: str
    by: int

    @property
    def kind_in_words(self) -> str:
        """The kind, as a button says it."""
        return KINDS.get(self.kind, "door jou weggehaald")


def can_restore(flow: Flow) -> bool:
    """Whether pieces that are taken out in this flow are kept, sealed: in the flows of reports."""
    return flow.id.startswith(failing.OF_REPORTS)


def same(text: str) -> str:
    """A piece in the form in which two are compared."""
    return " ".join(text.lower().split())


def plain(text: str) -> str:
    """A text of the state as people see it, and as it is filed."""
    return _NUMBERED.sub(r"\1]", text)


def plain_state(state: FlowState) -> FlowState:
    """The state with its texts as people see them."""
    return replace(
        state,
        answers=_mapped(state.answers, plain),
        picked=tuple(plain(one) for one in state.picked),
        rounds=tuple(_mapped(answers, plain) for answers in state.rounds),
        trouble=plain(state.trouble),
    )


def read(
    turn: Turn, state: FlowState, text: str, by: int, kinds: frozenset[str] = frozenset(KINDS)
) -> tuple[FlowState, str]:
    """A text that `by` typed, without personal data, and the state that keeps what was taken out.

    What was restored before stays; what a reporter had taken away before goes again.
    """
    text = plain(text)
    known = _known(turn, state, by)
    restored = {same(one) for one in state.restored}
    parts, position = [], 0
    for found in screen(text, kinds=kinds).found:
        if same(found.text) in restored:
            continue
        state, put = _sealed(turn, state, known, text, found, by)
        parts += [text[position : found.start], put]
        position = found.end
    written = "".join((*parts, text[position:]))
    for one in _opened(turn, state):
        if one.kind == BY_REPORTER:
            written = without(written, one.text, instead=_numbered(TAKEN_AWAY, one.number))
    return state, written


def pruned(state: FlowState) -> FlowState:
    """The state without sealed pieces that no text of it has a place for (any more)."""
    used = {found["number"] for text in _texts(state) for found in _NUMBERED.finditer(text)}
    kept = {number: piece for number, piece in state.sealed.items() if number in used}
    return replace(state, sealed=kept) if len(kept) < len(state.sealed) else state


def restorable(state: FlowState, by: int) -> bool:
    """Whether anything that was taken out of the answers can be restored by this participant."""
    return any(state.sealed[one][2] == by for one in _in_answers(state) if one in state.sealed)


def of_others(state: FlowState, by: int) -> bool:
    """Whether anything was taken out that only someone else can restore."""
    return any(state.sealed[one][2] != by for one in _in_answers(state) if one in state.sealed)


def handed_on(state: FlowState, by: int) -> FlowState:
    """The state for a flow of `by` alone, where they are the first: the pieces of others stay out.

    Their own pieces they can still restore there.
    """
    sealed = {
        number: (kind, piece, 1 if owner == by else NOBODY)
        for number, (kind, piece, owner) in state.sealed.items()
    }
    return replace(state, sealed=sealed)


def pieces(turn: Turn, state: FlowState, by: int) -> list[Piece]:
    """What was taken out of the answers and can be restored by this participant, in order."""
    by_number = {piece.number: piece for piece in _opened(turn, state) if piece.by == by}
    return [by_number[one] for one in dict.fromkeys(_in_answers(state)) if one in by_number]


def restored(turn: Turn, state: FlowState, piece: Piece, only: str = "") -> FlowState:
    """The state with a piece back in every place it was taken from.

    Args:
        turn: seals what does not come back.
        state: holds the piece.
        piece: what comes back.
        only: words of the piece; then the others stay away ("Linde" of "Linde Yilmaz").
    """
    start, end = next(iter(places(piece.text, only)), (0, len(piece.text)))
    state = replace(
        state,
        sealed={number: one for number, one in state.sealed.items() if number != piece.number},
        restored=(*state.restored, piece.text[start:end]),
    )
    before, after = piece.text[:start], piece.text[end:]
    state, before = _away_again(turn, state, piece, before)
    state, after = _away_again(turn, state, piece, after)
    back = before + piece.text[start:end] + after
    return _changed(
        state,
        lambda text: _NUMBERED.sub(
            lambda found: back if found["number"] == piece.number else found[0], text
        ),
    )


def _away_again(turn: Turn, state: FlowState, piece: Piece, rest: str) -> tuple[FlowState, str]:
    """The rest of a piece, of which a part came back: sealed, with the signs around it."""
    words = _FROM_FIRST_TO_LAST.search(rest)
    if words is None:
        return state, rest
    found = Found(piece.kind, words[0], 0, len(words[0]))
    known = _known(turn, state, piece.by)
    state, put = _sealed(turn, state, known, words[0], found, piece.by)
    return state, rest[: words.start()] + put + rest[words.end() :]


def taken(
    turn: Turn, state: FlowState, piece: str, by: int, *, part_of_word: bool = False
) -> FlowState:
    """The state without a piece that `by` typed to have it away, wherever it stands in the answers.

    The same state when it stands nowhere.
    """
    found = next(
        (
            text[start:end]
            for text in _answers(state)
            for start, end in places(text, piece, part_of_word=part_of_word)
        ),
        None,
    )
    if found is None:
        return state
    state = replace(
        state, restored=tuple(one for one in state.restored if same(one) != same(found))
    )
    known = _known(turn, state, by)
    state, put = _sealed(turn, state, known, found, Found(BY_REPORTER, found, 0, len(found)), by)
    return _changed(
        state, lambda text: without(text, piece, part_of_word=part_of_word, instead=put)
    )


def several(said: str) -> str:
    """The kind of which a (folded) text names all: "alle namen"; empty when it names none so."""
    named = said.removeprefix("alle ").removeprefix("de ")
    if named == said:
        return ""
    kinds = {one.lower(): kind for kind, (_, one) in _COUNTED.items() if kind != BY_REPORTER}
    return {**kinds, "nummers": "nummer"}.get(named, "")


def stands(state: FlowState, piece: str) -> bool:
    """Whether a piece stands in the answers as it is."""
    return any(places(text, piece) for text in _answers(state))


def counted(state: FlowState) -> str:
    """How many pieces of which kind were taken out of the answers, in Dutch; empty for none."""
    kinds = [
        _KIND_OF[found[0]] for text in _answers(state) for found in MARKERS.finditer(plain(text))
    ]
    parts = [
        one if kinds.count(kind) == 1 else f"{kinds.count(kind)} {several}"
        for kind, (one, several) in _COUNTED.items()
        if kind in kinds
    ]
    return " en ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def has_bsn(state: FlowState) -> bool:
    """Whether a BSN was taken out of the answers."""
    return any(marker("bsn") in text for text in _answers(state))


def _sealed(
    turn: Turn,
    state: FlowState,
    known: dict[tuple[str, str], str],
    text: str,
    found: Found,
    by: int,
) -> tuple[FlowState, str]:
    """What to put in the place of a piece; and the state, which keeps it, except for a BSN."""
    shown = marker(found.kind) if found.kind in KINDS else TAKEN_AWAY
    if _is_bsn(text, found):
        # a number that was called a BSN is spoken of as one
        return state, marker("bsn") if found.kind == "nummer" else shown
    number = known.get((found.kind, same(found.text)))
    if number is None:
        number = str(max((int(one) for one in state.sealed), default=0) + 1)
        if int(number) > _MAX_NUMBER:
            return state, shown
        known[found.kind, same(found.text)] = number
        sealed = (found.kind, turn.desk.seal(found.text), by)
        state = replace(state, sealed={**state.sealed, number: sealed})
    return state, _numbered(shown, number)


def _is_bsn(text: str, found: Found) -> bool:
    """Whether a piece is, or holds, a BSN; also one that was typed wrong."""
    called_so = found.kind == "nummer" and _BSN_BEFORE.search(text[: found.start])
    return found.kind == "bsn" or bool(called_so) or bool(screen(found.text, kinds=_BSN).found)


_BSN = frozenset({"bsn"})


def _numbered(shown: str, number: str) -> str:
    return f"{shown[:-1]}#{number}]"


def _known(turn: Turn, state: FlowState, by: int) -> dict[tuple[str, str], str]:
    """The numbers of this participant's pieces, so that the same piece twice has one number."""
    return {(one.kind, same(one.text)): one.number for one in _opened(turn, state) if one.by == by}


def _opened(turn: Turn, state: FlowState) -> list[Piece]:
    return [
        Piece(number, kind, turn.desk.unseal(sealed), by)
        for number, (kind, sealed, by) in state.sealed.items()
    ]


def _in_answers(state: FlowState) -> list[str]:
    return [found["number"] for text in _answers(state) for found in _NUMBERED.finditer(text)]


def _answers(state: FlowState) -> Iterator[str]:
    for answer in state.answers.values():
        yield from answer if isinstance(answer, tuple) else (answer or "",)


def _texts(state: FlowState) -> Iterator[str]:
    """All texts of the state in which a piece may have its place."""
    yield from _answers(state)
    yield from state.picked
    for draft in state.drafts.values():
        yield from draft
    for answers in state.rounds:
        yield from _answers(replace(state, answers=answers))
    yield state.trouble


def _changed(state: FlowState, change: Callable[[str], str]) -> FlowState:
    return replace(state, answers=_mapped(state.answers, change))


def _mapped(answers: Mapping[str, Answer], change: Callable[[str], str]) -> dict[str, Answer]:
    return {
        step: tuple(change(one) for one in answer)
        if isinstance(answer, tuple)
        else answer and change(answer)
        for step, answer in answers.items()
    }
