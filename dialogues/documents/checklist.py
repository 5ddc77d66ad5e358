"""The checklist when a practice has dropped out, as a Word document to print."""

from dialogues.documents import word
from dialogues.flows.state import FlowState, shown
from dialogues.flows.view import BOXES, OPEN, STATES, Setting, tasks_text, when_text
from dialogues.reply import File
from knowledge import Knowledge
from knowledge.flow_model import Flow, Step


def document(knowledge: Knowledge, flow: Flow, state: FlowState, setting: Setting) -> File:
    """The tasks with who, when and their state."""
    made = word.new_document(flow.title, f"Stand op {word.day_text(setting.now)}")
    tasks = [step for step in shown(flow, state.answers) if step.kind == "taak"]
    made.add_paragraph(f"{tasks_text(flow, state)}.".capitalize())
    word.add_table(
        made,
        ("", "Taak", "Wie en wanneer", "Stand"),
        [_row(step, state, setting) for step in tasks],
        (0.9, 8.8, 4.2, 2.7),
    )
    documents = {ref.document for step in tasks for ref in step.sources}
    for key in sorted(documents):
        source = knowledge.sources[key]
        made.add_paragraph(f"Bron: {source.title} ({source.publisher}), {source.date_text}")
    return word.as_file(made, "checklist-praktijk-valt-weg", setting.now)


def _row(step: Step, state: FlowState, setting: Setting) -> tuple[str, str, str, str]:
    value = str(state.answers.get(step.id) or "")
    mark = state.marks.get(step.id)
    standing = STATES.get(value, word.OPEN.lower())
    if value and mark is not None and mark.at:
        standing += f", {when_text(mark.at, setting.now)}"
    duty = "; ".join(part for part in (step.who, step.when) if part)
    return (
        BOXES.get(value, OPEN),
        f"{step.summary_label}\n{step.text.strip()}",
        duty,
        standing,
    )
