"""The draft emergency plan, as a Word document and as plain text."""

from dialogues.documents import word
from dialogues.flows.state import FlowState, label_of, shown
from dialogues.flows.view import Setting
from dialogues.reply import File
from knowledge import Knowledge
from knowledge.flow_model import Flow, Step

TITLE = "Noodplan huisartsenzorg (concept)"
POINT = "p-"
SOURCE = "noodplan"
# who takes part in any case (noodplan, section 2.2)
ALWAYS = ("huisartsen", "regionale huisartsenorganisatie (RHO)", "preferente zorgverzekeraar(s)")


def document(knowledge: Knowledge, flow: Flow, state: FlowState, setting: Setting) -> File:
    """The plan as a Word document: what was answered, with sources, and what is still open."""
    made = word.new_document(TITLE, f"Opgesteld op {word.day_text(setting.now)}")
    word.add_table(
        made,
        ("Onderdeel", "Inhoud"),
        [
            ("Praktijk", state.text("praktijk") or word.OPEN),
            ("Gebied", _area(flow, state, setting)),
            ("Coördinator", state.text("coordinator") or word.OPEN),
            ("Plan opnieuw bekijken", state.text("herziening") or word.OPEN),
        ],
        (4.5, 12),
    )
    made.add_heading("Situatie", 1)
    word.add_text(made, state.text("situatie"))
    made.add_heading("Wie doen er mee", 1)
    word.add_text(made, f"In elk geval: {', '.join(ALWAYS)}.")
    parties = [_party_row(item) for item in state.several("partijen")]
    word.add_table(
        made,
        ("Wie", "Rol", "Bereikbaar via"),
        parties or [(word.OPEN, "", "")],
        (5.5, 5, 6),
    )
    made.add_heading("Maatregelen", 1)
    measures = [
        measure
        for id_ in state.several("activiteiten")
        if (measure := knowledge.measures.get(id_)) is not None
    ]
    if not measures:
        word.add_text(made, None)
    for measure in measures:
        made.add_heading(measure.name, 2)
        word.add_text(made, " ".join(measure.what.split()))
        word.add_text(made, "Regel of spreek af:")
        word.add_bullets(made, (f"☐ {condition}" for condition in measure.conditions), "List")
    made.add_heading("Aandachtspunten", 1)
    word.add_table(
        made,
        ("Punt", "Besluit of actie", "Bron"),
        [
            (
                f"{number}. {step.summary_label}",
                state.text(step.id) or word.OPEN,
                _sections(step),
            )
            for number, step in enumerate(_points(flow), 1)
        ],
        (4.2, 9.5, 2.8),
    )
    made.add_heading("Contact", 1)
    word.add_text(made, state.text("contact"))
    made.add_heading("Nog open", 1)
    still_open = open_points(flow, state)
    if still_open:
        word.add_bullets(made, still_open)
    else:
        made.add_paragraph("Alle onderdelen zijn ingevuld.")
    made.add_heading("Bron", 1)
    made.add_paragraph(_source(knowledge))
    return word.as_file(made, "noodplan-concept", setting.now)


def as_text(knowledge: Knowledge, flow: Flow, state: FlowState, setting: Setting) -> str:
    """The plan as plain text, to read or copy in the chat."""
    lines = [TITLE, f"Opgesteld op {word.day_text(setting.now)}", ""]
    for step in shown(flow, state.answers):
        if not step.summary_label:
            continue
        answer = state.answers.get(step.id)
        if isinstance(answer, tuple) and answer:
            lines.append(f"{step.summary_label}:")
            for value in answer:
                lines.append(f"- {label_of(step, value, setting.lists)}")
                measure = knowledge.measures.get(value)
                lines += [f"  ☐ {part}" for part in measure.conditions] if measure else []
        else:
            said = label_of(step, answer, setting.lists) if isinstance(answer, str) else word.OPEN
            lines.append(f"{step.summary_label}: {said}")
    lines += ["", f"Bron: {_source(knowledge)}"]
    return "\n".join(lines)


def open_points(flow: Flow, state: FlowState) -> list[str]:
    """The names of what is not filled in."""
    return [
        step.summary_label
        for step in shown(flow, state.answers)
        if step.summary_label and not state.answers.get(step.id)
    ]


def _points(flow: Flow) -> list[Step]:
    """The nine points of attention of chapter 4."""
    return [step for step in flow.steps if step.id.startswith(POINT)]


def _area(flow: Flow, state: FlowState, setting: Setting) -> str:
    area = state.text("gebied")
    if not area:
        return word.OPEN
    kind = label_of(flow.step("gebied"), area, setting.lists)
    name = state.text("gebiedsnaam") or ""
    if name.lower().startswith(kind.lower()):
        return name  # "Wijk Oost" says it already
    return ": ".join(part for part in (kind, name) if part)


def _party_row(item: str) -> tuple[str, str, str]:
    """Name, role and contact, typed with commas, as cells; what is missing is marked as open."""
    name, _, rest = (part.strip() for part in item.partition(","))
    role, _, contact = (part.strip() for part in rest.partition(","))
    return name, role or word.OPEN, contact or word.OPEN


def _sections(step: Step) -> str:
    return ", ".join(ref.section for ref in step.sources)


def _source(knowledge: Knowledge) -> str:
    source = knowledge.sources[SOURCE]
    return (
        f"{source.title} ({source.publisher}), {source.date_text}. De nummers in de kolom Bron "
        "zijn onderdelen van die handreiking. De teksten zijn samengevat in eigen woorden."
    )
