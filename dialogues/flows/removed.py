"""What was taken out of the texts of a report: it can be taken back, until the report is sent.

Where something was taken out, the state of the flow has its marker with a number in it
("[naam verwijderd#2]"), and under that number the piece itself, sealed. People see, and a report
has, the marker alone. A BSN has no number: it is not kept, not even sealed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bottlenecks.privacy import KINDS, Found, marker, screen
from bottlenecks.privacy.pieces import MARKERS, TAKEN_AWAY, places, without
from dialogues.flows import failing
from dialogues.flows.state import Answer, FlowState
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
    """Something that was taken out and can be restored: its number, its kind and its text."""

    number: str
    kind: str
    text: str

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
    turn: Turn, state: FlowState, text: str, kinds: frozenset[str] = frozenset(KINDS)
) -> tuple[FlowState, str]:
    """A typed text without personal data, and the state that keeps what was taken out.

    What was restored before stays; what the reporter had taken away before goes again.
    """
    text = plain(text)
    known = {(one.kind, same(one.text)): one.number for one in _opened(turn, state)}
    restored = {same(one) for one in state.restored}
    parts, position = [], 0
    for found in screen(text, kinds=kinds).found:
        if same(found.text) in restored:
            continue
        state, put = _sealed(turn, state, known, text, found)
        parts += [text[position : found.start], put]
        position = found.end
    written = "".join((*parts, text[position:]))
    for kind, piece in list(known):
        if kind == BY_REPORTER:
            instead = _numbered(TAKEN_AWAY, known[kind, piece])
            written = without(written, piece, instead=instead)
    return state, written


def pruned(state: FlowState) -> FlowState:
    """The state without sealed pieces that no text of it has a place for (any more)."""
    used = {found["number"] for text in _texts(state) for found in _NUMBERED.finditer(text)}
    kept = {number: piece for number, piece in state.sealed.items() if number in used}
    return replace(state, sealed=kept) if len(kept) < len(state.sealed) else state


def restorable(state: FlowState) -> bool:
    """Whether anything that was taken out of the answers can be restored."""
    return any(number in state.sealed for number in _in_answers(state))


def pieces(turn: Turn, state: FlowState) -> list[Piece]:
    """What was taken out of the answers and can be restored, in order."""
    by_number = {piece.number: piece for piece in _opened(turn, state)}
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
    state, before = _away_again(turn, state, piece.kind, before)
    state, after = _away_again(turn, state, piece.kind, after)
    back = before + piece.text[start:end] + after
    return _changed(
        state,
        lambda text: _NUMBERED.sub(
            lambda found: back if found["number"] == piece.number else found[0], text
        ),
    )


def _away_again(turn: Turn, state: FlowState, kind: str, rest: str) -> tuple[FlowState, str]:
    """The rest of a piece, of which a part came back: sealed, with the signs around it."""
    words = _FROM_FIRST_TO_LAST.search(rest)
    if words is None:
        return state, rest
    known = {(one.kind, same(one.text)): one.number for one in _opened(turn, state)}
    found = Found(kind, words[0], 0, len(words[0]))
    state, put = _sealed(turn, state, known, words[0], found)
    return state, rest[: words.start()] + put + rest[words.end() :]


def taken(turn: Turn, state: FlowState, piece: str, *, part_of_word: bool = False) -> FlowState:
    """The state without a piece, wherever it stands in the answers; the same when it does not."""
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
    known = {(one.kind, same(one.text)): one.number for one in _opened(turn, state)}
    state, put = _sealed(turn, state, known, found, Found(BY_REPORTER, found, 0, len(found)))
    return _changed(
        state, lambda text: without(text, piece, part_of_word=part_of_word, instead=put)
    )


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
    turn: Turn, state: FlowState, known: dict[tuple[str, str], str], text: str, found: Found
) -> tuple[FlowState, str]:
    """What to put in the place of a piece; and the state, which keeps it, except for a BSN."""
    shown = marker(found.kind) if found.kind in KINDS else TAKEN_AWAY
    if _is_bsn(text, found):
        return state, shown
    number = known.get((found.kind, same(found.text)))
    if number is None:
        number = str(max((int(one) for one in state.sealed), default=0) + 1)
        if int(number) > _MAX_NUMBER:
            return state, shown
        known[found.kind, same(found.text)] = number
        sealed = (found.kind, turn.desk.seal(found.text))
        state = replace(state, sealed={**state.sealed, number: sealed})
    return state, _numbered(shown, number)


def _is_bsn(text: str, found: Found) -> bool:
    """Whether a piece is, or holds, a BSN; also one that was typed wrong."""
    called_so = found.kind == "nummer" and _BSN_BEFORE.search(text[: found.start])
    return found.kind == "bsn" or bool(called_so) or bool(screen(found.text, kinds=_BSN).found)


_BSN = frozenset({"bsn"})


def _numbered(shown: str, number: str) -> str:
    return f"{shown[:-1]}#{number}]"


def _opened(turn: Turn, state: FlowState) -> list[Piece]:
    return [
        Piece(number, kind, turn.desk.unseal(sealed))
        for number, (kind, sealed) in state.sealed.items()
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
