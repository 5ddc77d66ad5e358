"""Corrections in plain words, at any moment: "nee, het was Westelijke Mijnstreek"."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from dialogues.entities import normalised_reference
from dialogues.flows import inputs
from dialogues.flows.state import FlowState, Lists, choices_of, shown
from dialogues.flows.words import folded, match, match_exactly, says_no, says_yes
from dialogues.flows.words import words as words_of
from knowledge.flow_model import Flow, Step

# a correction says little beside the new answer; a longer message is a story
_MAX_WORDS = 12
_START = r"(?:nee+|oeps|oei|sorry|wacht|foutje|ho|pardon|correctie)"
_IS = r"(?:was|is|heet|moet|moest|wordt|werd|wordt het)"
_WRONG = r"(?:klopt niet|klopte niet|is fout|is verkeerd|verkeerd|is niet goed|niet goed)"
_ARTICLE = r"(?:de |het |mijn |onze |die |dat )?"
_CUE = re.compile(rf"^{_START}\b|\bik bedoel(?:de)?\b|\bniet .+ maar\b|^toch\b")
_AROUND = re.compile(
    rf"^(?:(?:{_START}|ik bedoel(?:de)?|het|dat|dit|die|wij|we|{_IS}|toch|wel|de|een|in|bij|voor"
    rf"|hier|regio|naar|dus|eigenlijk|gewoon)\s+)+"
    rf"|\s+(?:zijn|worden|toch|hoor|dus|bedoel ik|bedoelde ik)$"
)
_ADDS = re.compile(
    r"^(?:en )?(?:(?:voeg|zet) (?:er )?(?:nog |ook )?(?:aan )?(?:toe|bij)|toevoegen|aanvulling)"
    r"(?: dat)?\s*:?\s+(?P<text>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_STEP = re.compile(
    rf"(?:{_START} )?(?:(?P<go>terug naar|ga naar|naar) )?stap (?P<number>\d{{1,2}})\b(?P<rest>.*)"
)
_STEP_WRONG = re.compile(r"\b(?:nog niet|niet gedaan|klopt niet|aanpassen|opnieuw|toch niet)\b")


@dataclass(frozen=True)
class Correction:
    """An earlier answer that someone changes; `answer` None: they only say which."""

    step: str
    answer: str | None


def find(flow: Flow, state: FlowState, lists: Lists, text: str) -> Correction | None:
    """The correction that a message makes to an earlier answer; None when it makes none."""
    if len(text.split()) > _MAX_WORDS and not _ADDS.match(text.strip()):
        return None
    given = [step for step in shown(flow, state.answers) if step.id in state.answers]
    for found in (
        _other_report(given, lists, text),
        _other_step(flow, state, text),
        _addition(flow, state, given, text),
        _word_for_word(given, state, text),
        _named(flow, state, given, lists, text),
        _by_value(state, given, lists, text),
    ):
        if found is not None:
            return found
    return None


def _other_report(given: list[Step], lists: Lists, text: str) -> Correction | None:
    """Another of one's own reports, named by its number."""
    reference = (normalised_reference(text) or "").lower()
    for step in given:
        if step.list_name and reference in {choice.value for choice in choices_of(step, lists)}:
            return Correction(step.id, reference)
    return None


def _other_step(flow: Flow, state: FlowState, text: str) -> Correction | None:
    """A step by its number: "stap 2 was nog niet gedaan", "terug naar stap 3"."""
    found = _STEP.fullmatch(folded(text))
    if found is None or not (found["go"] or _STEP_WRONG.search(found["rest"])):
        return None
    way = list(shown(flow, state.answers))
    number = int(found["number"])
    if not 0 < number <= len(way) or not way[number - 1].summary_label:
        return None
    return Correction(way[number - 1].id, None)


def _addition(flow: Flow, state: FlowState, given: list[Step], text: str) -> Correction | None:
    """What "voeg toe: X" adds to the description, or to the text that is being changed."""
    found = _ADDS.match(text.strip())
    current = flow.step(state.step)
    if found is None or (current.kind == "tekst" and current.id not in state.answers):
        return None
    texts = [step for step in given if step.kind == "tekst" and not step.skippable]
    target = current if current.kind == "tekst" else next(iter(texts), None)
    if target is None:
        return None
    before = state.text(target.id) or ""
    return Correction(
        target.id, inputs.TYPED + f"{before.rstrip()} {found['text'].strip()}".strip()
    )


def _word_for_word(given: list[Step], state: FlowState, text: str) -> Correction | None:
    """What "niet Anneke maar Piet" changes in the one text that has the first word."""
    found = re.search(r"\bniet (?P<old>.{2,40}?),? maar (?P<new>.{2,60})$", text.strip(" .!"))
    if found is None:
        return None
    old = re.compile(rf"(?<!\w){re.escape(found['old'])}(?!\w)", re.IGNORECASE)
    texts = {
        step.id: "\n".join(state.several(step.id)) or (state.text(step.id) or "")
        for step in given
        if step.kind in ("tekst", "opsomming")
    }
    hits = [step_id for step_id, written in texts.items() if old.search(written)]
    if len(hits) != 1:
        return None
    changed = old.sub(lambda _: found["new"], texts[hits[0]])
    return Correction(hits[0], inputs.TYPED + changed)


def _named(
    flow: Flow, state: FlowState, given: list[Step], lists: Lists, text: str
) -> Correction | None:
    """An answer by its name: "de ernst moet hoog zijn", "regio klopt niet"."""
    writing = flow.step(state.step).kind in ("tekst", "opsomming")
    plain = " ".join(text.replace(",", " ").split()).strip(" .!")
    folded_plain = _without_accents(plain)
    for step in _by_label_length(given):
        label = re.escape(_without_accents(step.summary_label or ""))
        lead = rf"(?P<start>{_START} )?(?:ik bedoel(?:de)? )?{_ARTICLE}{label}"
        asked = rf"{lead} (?:{_WRONG}|aanpassen|wijzigen|veranderen|moet anders|anders)"
        go = rf"(?:terug naar|wijzig|verander|pas) {_ARTICLE}{label}(?: aan)?"
        told = rf"{lead}(?: {_WRONG})?(?P<is>:? (?:(?:het|dat) )?{_IS})? ?:? ?(?P<rest>.+?)"
        told += r"(?: (?:zijn|worden))?"
        found = re.fullmatch(asked, folded_plain, re.IGNORECASE)
        if (found and (found["start"] or not writing)) or re.fullmatch(
            go, folded_plain, re.IGNORECASE
        ):
            return Correction(step.id, None)
        found = re.fullmatch(told, folded_plain, re.IGNORECASE)
        if found is None or (writing and not (found["start"] and found["is"])):
            continue
        rest = plain[found.start("rest") : found.end("rest")]
        colon = plain[: found.start("rest")].rstrip().endswith(":")
        answer = _told(step, lists, rest, said=bool(found["is"]) or colon)
        if answer is not None:
            return Correction(step.id, answer)
    return None


def _told(step: Step, lists: Lists, rest: str, *, said: bool) -> str | None:
    """The new answer to a step; `said` is whether "is" or a colon came before it."""
    if step.kind in ("keuze", "taak"):
        return match(_rest(folded(rest)), choices_of(step, lists))
    if not said or re.match(r"(?:niet|fout|verkeerd|anders)\b", rest):
        return None
    rest = re.sub(r"\s+(?:en )?niet .*$", "", rest)
    if step.kind == "opsomming" and step.at_most:
        return inputs.TYPED + "\n".join(re.split(r"\s*,\s*|\s+en\s+", rest))
    return inputs.TYPED + rest if step.kind == "tekst" else None


def _by_value(state: FlowState, given: list[Step], lists: Lists, text: str) -> Correction | None:
    """The one earlier question that "nee, het was Westelijke Mijnstreek" answers."""
    words = folded(text)
    if not _CUE.search(words):
        return None
    rest = _rest(words)
    # "nee" alone may be an answer to an earlier question as well, but corrects none
    if not rest or rest.isdigit() or says_yes(rest) or says_no(rest):
        return None
    listed = [step for step in given if step.list_name and step.kind == "keuze"]
    if rest in words_of().ordinals and len(listed) == 1:
        value = match(rest, choices_of(listed[0], lists))
        return Correction(listed[0].id, value) if value else None
    found = [
        Correction(step.id, value)
        for step in given
        if step.id != state.step and step.kind in ("keuze", "taak")
        if (value := match_exactly(rest, choices_of(step, lists))) is not None
    ]
    return found[0] if len(found) == 1 else None


def _without_accents(text: str) -> str:
    """The text with "coördinator" as "coordinator"; every character keeps its place."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in text)


def _by_label_length(steps: list[Step]) -> Iterator[Step]:
    """Steps with a name, the longest name first: "Bemiddeling na uitleg" before "Bemiddeling"."""
    named = [step for step in steps if step.summary_label]
    yield from sorted(named, key=lambda step: len(step.summary_label or ""), reverse=True)


def _rest(words: str) -> str:
    """What is left of a correction when its cues are taken away."""
    after = re.search(r"\bniet .+? maar (.+)$", words)
    rest = after[1] if after else words
    previous = None
    while rest != previous:
        previous, rest = rest, _AROUND.sub("", rest).strip()
    return rest
