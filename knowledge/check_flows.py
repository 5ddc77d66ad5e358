"""Finds faults in step-by-step flows: steps, what they depend on, and their sources."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge import check_text
from knowledge.check_base import (
    broken_files,
    child_lines,
    contact_problems,
    subject_file,
    unknown_documents,
)
from knowledge.flow_model import Flow, Step
from knowledge.loader import TEXTS_FILE, Fault, Located, Parsed
from knowledge.model import TopicKind


def flow_problems(flow: Flow, parsed: Parsed) -> Iterator[str]:
    """Problems of a flow as a whole and of its texts."""
    kinds = {topic.value.id: topic.value.kind for topic in parsed.topics}
    if flow.command:
        pass  # no topic starts it
    elif flow.id not in kinds:
        if subject_file(flow.id) not in broken_files(parsed):
            yield "er is geen onderwerp met dit id"
    elif kinds[flow.id] is not TopicKind.FLOW:
        yield f"het onderwerp is van soort {kinds[flow.id].value}, niet flow"
    texts = check_text.flow_texts(flow)
    yield from check_text.placeholder_problems(texts)
    documents = [ref.document for step in flow.steps for ref in step.sources]
    for topic in parsed.topics:
        if topic.value.id == flow.id:
            documents += [ref.document for ref in topic.value.sources]
    yield from contact_problems(texts, documents, parsed)


def step_faults(flow: Located[Flow], parsed: Parsed, folder: Path) -> Iterator[Fault]:
    """Steps with an id used before, without choices, or with an unknown source."""
    lines = child_lines(folder / flow.file, "stappen")
    counts: Counter[str] = Counter()
    for index, step in enumerate(flow.value.steps):
        problems: list[str] = []
        counts[step.id] += 1
        if counts[step.id] > 1:
            problems.append("dit id is al gebruikt")
        if step.kind in ("keuze", "meerkeuze") and not step.choices and step.list_name is None:
            problems.append(f"een {step.kind} heeft keuzes of een lijst nodig")
        problems += _tie_problems(step, flow.value.steps[:index])
        problems += [
            f"tekst '{text_id}' staat niet in {TEXTS_FILE}"
            for text_id in step.texts
            if text_id not in {text.value.id for text in parsed.texts}
            and TEXTS_FILE not in broken_files(parsed)
        ]
        problems += unknown_documents((ref.document for ref in step.sources), parsed)
        for problem in problems:
            line = lines.get(str(index), flow.line)
            yield Fault(flow.file, line, flow.value.id, f"stap {step.id}: {problem}")


def _tie_problems(step: Step, before: Sequence[Step]) -> Iterator[str]:
    """Conditions on, and returns to, a step that is not an earlier one or has no such answer."""
    earlier = {other.id: other for other in before}
    for condition in (step.only_if, step.unless):
        for other_id, values in condition.items():
            other = earlier.get(other_id)
            if other is None:
                yield f"hangt af van '{other_id}', en dat is geen eerdere stap"
            elif other.choices and set(values) - {choice.value for choice in other.choices}:
                yield f"hangt af van een antwoord dat '{other_id}' niet heeft"
    if step.back_to is not None and step.back_to not in earlier:
        yield f"gaat terug naar '{step.back_to}', en dat is geen eerdere stap"
