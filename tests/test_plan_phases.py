"""What a plan says of one phase never becomes a text about another; front matter becomes none."""

import pytest

from dialogues.assistant import Assistant
from knowledge.plan import match, read_plan, unmatched
from knowledge.plan.phases import is_front_matter, phases_in
from tools.plan_documents import Part, as_docx, as_pdf

FRONT = "Versie 2.1, vastgesteld door het bestuur van de Voorbeeldregio in maart 2026."
PHASES = ("1", "2", "3", "3a", "3b", "4", "B")


def heading(phase: str) -> str:
    return "Fase 2" if phase == "2" else f"Fase {phase}: opschalen"


def bold_docx(found: tuple[Part, ...]) -> bytes:
    """A Word document in which headings are only bold."""
    return as_docx(found, styles=False)


def parts(text: str, *, deeper: bool) -> tuple[Part, ...]:
    """A plan in which every phase says the same, under its own heading."""
    found = [Part("Opschaalplan Voorbeeldregio", level=1), Part(FRONT)]
    for phase in PHASES:
        found.append(Part(heading(phase), level=2))
        if deeper:
            found.append(Part("Wat de praktijk doet", level=3))
        found.append(Part(text))
    return tuple(found)


@pytest.mark.parametrize("make", [as_docx, bold_docx, as_pdf], ids=["docx", "bold", "pdf"])
@pytest.mark.parametrize("deeper", [False, True])
@pytest.mark.parametrize(
    ("topic", "phase"),
    [("opschaling/fase-1", "1"), ("opschaling/fase-2", "2"), ("opschaling/fase-3a", "3a")],
)
def test_a_phase_goes_to_no_other_phase(
    assistant: Assistant, make: object, deeper: bool, topic: str, phase: str
) -> None:
    assert callable(make)
    # as like as can be: our own words about one phase, under the heading of each
    text = " ".join(assistant.knowledge.topic(topic).answer.split()).replace(f"fase {phase}", "dan")
    plan = read_plan("plan", make(parts(text, deeper=deeper)))
    found = {one.topic: one.passages for one in match(plan, assistant.knowledge)}
    assert topic in found
    for one in found[topic]:
        assert heading(phase) in one.above


def test_front_matter_goes_to_no_topic(assistant: Assistant) -> None:
    answer = " ".join(assistant.knowledge.topic("opschaling/fase-1").answer.split())
    short = f"Versie 2.1, vastgesteld in maart 2026. {answer[:150]}"
    plan = read_plan("plan.docx", as_docx((Part("Plan", level=1), Part(short), Part(answer))))
    left = [one.text for one in unmatched(plan, match(plan, assistant.knowledge))]
    assert left == [short]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Fase 2: regionaal", {"2"}),
        ("fasen 1 t/m 3", {"1", "2", "3"}),
        ("fase 3a, 3b en 3C", {"3a", "3b", "3c"}),
        ("van fase 1 naar fase 2", {"1", "2"}),
        ("Opschalingsfase II", {"2"}),
        ("in fase twee", {"2"}),
        ("Fase B", {"b"}),
        ("in fase 2 bellen we", {"2"}),
        ("in deze fase is er hulp", set()),
        ("een volgende fase komt", set()),
    ],
)
def test_the_phases_that_a_text_names(text: str, named: set[str]) -> None:
    assert phases_in(text) == named


@pytest.mark.parametrize(
    ("text", "is_front"),
    [
        (FRONT, True),
        ("Auteur: Voorbeeldpersoon", True),
        ("Datum: 3 maart 2026", True),
        ("Opgesteld door de RHO", True),
        ("Versie 1.0 concept", True),
        ("Deze versie is voor huisartsen die opschalen.", False),
        ("Vastgesteld wordt hoeveel praktijken dicht zijn.", False),
        (f"{FRONT} {'De praktijk belt de RHO. ' * 12}", False),
    ],
)
def test_what_is_only_about_the_document(text: str, is_front: bool) -> None:
    assert is_front_matter(text) is is_front
