"""The Word document for a meeting, opened: its headings, its tables, and what is hidden in it."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from bottlenecks.desk.meeting.content import REST, Made, make
from bottlenecks.desk.pages import Pages
from bottlenecks.roaz_document import Line, lines_of
from bottlenecks.roaz_word import write
from bottlenecks.roles import EVERYWHERE, Officer, Role, Scope
from bottlenecks.small_counts import SIGN
from bottlenecks.store import Database
from bottlenecks.store.meeting_reports import MeetingDraft, Quote
from bottlenecks.workflow import Status
from tests.a_month_of_reports import EVENING, MINES, PHONE, WAITING, add_example, fill
from tests.desk import add_officer, make_app
from tests.reports_to_count import move_after, noon, report_at

ASKED = "Drie dingen:\n- een avondroute\n- één nummer\n\nGraag voor de zomer."
DRAFT = MeetingDraft(
    "Knelpunten in de huisartsenzorg",
    "ROAZ-overleg",
    "Ada Jansen, RHO",
    date(2026, 2, 2),
    date(2026, 3, 1),
    groups=(1, 2, 3),
    introduction="Dit speelde er deze maand.",
    request=ASKED,
)


@pytest.fixture
def filed(database: Database) -> dict[str, list[str]]:
    return fill(database, add_officer(database))


def made_of(database: Database, draft: MeetingDraft, scope: Scope = EVERYWHERE) -> Made:
    desk = make_app(database).state.desk
    officer = Officer("o", "ada@rho.example", "Ada", Role.HANDLER, scope)
    with database.reading() as work:
        return make(work, desk, Pages(desk), officer, draft)


def opened(database: Database, draft: MeetingDraft, scope: Scope = EVERYWHERE) -> Any:
    return Document(io.BytesIO(write(made_of(database, draft, scope).document)))


def tables(document: Any) -> dict[str, list[list[str]]]:
    """The rows of each table, by the heading above it."""
    found, heading = {}, ""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found[heading] = [[cell.text for cell in row.cells] for row in block.rows]
        elif block.style.name.startswith("Heading"):
            heading = block.text
    return found


def under(document: Any, heading: str) -> list[tuple[str, str]]:
    """The style and text of the paragraphs under a heading."""
    found, is_inside = [], False
    for paragraph in document.paragraphs:
        if paragraph.style.name.startswith("Heading"):
            is_inside = paragraph.text == heading
        elif is_inside:
            found.append((paragraph.style.name, paragraph.text))
    return found


def texts(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def quoting(*quotes: tuple[str, str]) -> MeetingDraft:
    return replace(DRAFT, quotes=tuple(Quote(*one) for one in quotes))


def test_it_has_real_headings_in_order(database: Database, filed: dict[str, list[str]]) -> None:
    document = opened(database, quoting((filed["telefonie"][0], "De lijn is vol")))
    titled = [one.text for one in document.paragraphs if one.style.name == "Title"]
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert titled == ["Knelpunten in de huisartsenzorg"]
    assert headings == [
        "Inleiding",
        "In het kort",
        "Per week",
        "Per soort",
        "Per regio",
        "Per ernst",
        "Grootste knelpunten",
        "Wat praktijken schrijven",
        "Wat we vragen",
        "Hoe is er geteld",
    ]


def test_it_says_for_whom_and_of_when(database: Database, filed: dict[str, list[str]]) -> None:
    document = opened(database, replace(DRAFT, regions=("utrecht", MINES)))
    assert [one.text for one in document.paragraphs[1:6]] == [
        "Voor: ROAZ-overleg",
        "Van: Ada Jansen, RHO",
        "Periode: 2 februari 2026 t/m 1 maart 2026",
        "Regio: Utrecht, Westelijke Mijnstreek",
        "Opgemaakt op: 2 maart 2026",
    ]


def test_what_it_tells_in_short(database: Database, filed: dict[str, list[str]]) -> None:
    assert [text for _, text in under(opened(database, DRAFT), "In het kort")] == [
        "27 meldingen van 20 praktijken.",
        "In de 28 dagen ervoor: 6 meldingen van 6 praktijken.",
        "Het meest gemeld: Thuiszorg, 17 meldingen van 11 praktijken.",
        "Eerste antwoord: de helft binnen 5 uur, negen van de tien binnen 5 uur.",
    ]


def test_small_numbers_are_hidden(database: Database, filed: dict[str, list[str]]) -> None:
    found = tables(opened(database, DRAFT))
    assert found["Per week"] == [
        ["Week vanaf", "Meldingen", "Praktijken"],
        ["2 feb", "6", "6"],
        ["9 feb", "7", "7"],
        ["16 feb", "6", "6"],
        ["23 feb", "8", "7"],
    ]
    # mental health care is of two practices; telephone is hidden with it, as it could be computed
    assert found["Per soort"][1:] == [
        ["Thuiszorg", "17", "11"],
        ["GGZ", SIGN, SIGN],
        ["Telefonie", SIGN, SIGN],
    ]
    assert found["Per regio"][1:] == [["Utrecht", "22", "15"], ["Westelijke Mijnstreek", "5", "5"]]
    assert found["Per ernst"][1:] == [
        ["Hoog", SIGN, SIGN],
        ["Midden", "16", "11"],
        ["Laag", SIGN, SIGN],
    ]
    assert found["Grootste knelpunten"] == [
        ["Meldingen over hetzelfde", "Status", "Meldingen", "Praktijken"],
        [f"2. {PHONE}", "nieuw", "7", "7"],
        [f"1. {EVENING}", "nieuw", SIGN, SIGN],
        [f"3. {WAITING}", "nieuw", SIGN, SIGN],
        [REST, "", "11", "11"],
    ]


def test_what_is_hidden_is_not_told_in_words_either(
    database: Database, filed: dict[str, list[str]]
) -> None:
    for number in range(20):
        report_at(database, noon(10, 2), f"G{number % 2}", category="ggz")
    short = [text for _, text in under(opened(database, DRAFT), "In het kort")]
    # most is of mental health care now, but of two practices
    assert not any("meest gemeld" in text for text in short)
    early = replace(DRAFT, since=date(2026, 1, 5), until=date(2026, 1, 6))
    short = [text for _, text in under(opened(database, early), "In het kort")]
    assert short == [
        "Meldingen van minder dan vijf praktijken.",
        "In de 2 dagen ervoor: geen meldingen.",
    ]


def test_how_long_it_took_is_hidden_for_few_practices(
    database: Database, filed: dict[str, list[str]]
) -> None:
    for reference in filed["ggz"]:
        move_after(database, reference, noon(23, 2), 30, Status.SOLVED)
    assert "Opgelost" not in texts(opened(database, replace(DRAFT, groups=())))
    for reference in filed["thuiszorg"][:5]:
        move_after(database, reference, noon(7, 2), 30, Status.SOLVED)
    assert "Opgelost: de helft binnen" in texts(opened(database, DRAFT))


def test_headers_are_repeated_and_rows_stay_whole(
    database: Database, filed: dict[str, list[str]]
) -> None:
    document = opened(database, DRAFT)
    for table in document.tables:
        marks = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert marks == [True] + [False] * (len(marks) - 1)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        width = sum(column.width for column in table.columns)
        assert abs(width - Cm(16)) < Cm(0.1)
        assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)


def test_it_is_a_dutch_document_on_a4(database: Database, filed: dict[str, list[str]]) -> None:
    data = write(made_of(database, DRAFT).document)
    document = Document(io.BytesIO(data))
    languages = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"nl-NL"}
    about = document.core_properties
    assert (about.language, about.title, about.author) == ("nl-NL", DRAFT.title, DRAFT.sender)
    assert "python-docx" not in about.comments
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21, 29.7)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        foot = archive.read("word/footer1.xml").decode()
    assert "NUMPAGES" in foot and "Pagina " in foot


def test_quotes_name_nobody(database: Database, filed: dict[str, list[str]]) -> None:
    phone, care = filed["telefonie"][0], filed["thuiszorg"][0]
    draft = quoting((phone, "De lijn is vol.\nElke dag."), (care, "Voorbeeldpraktijk B3 ook"))
    document = opened(database, draft)
    assert under(document, "Wat praktijken schrijven") == [
        ("Quote", "“De lijn is vol."),
        ("Quote", "Elke dag.”"),
        ("Normal", "Uit een melding over: Telefonie"),
        ("Quote", "“[praktijk] ook”"),
        ("Normal", "Uit een melding over: Thuiszorg"),
    ]
    assert "KP-2026" not in texts(document) and "Voorbeeldpraktijk" not in texts(document)


def test_no_practice_is_named_by_the_title_of_a_group(
    database: Database, filed: dict[str, list[str]]
) -> None:
    with database.work() as work:
        view = work.groups.get(2, EVERYWHERE)
        assert view is not None
        title = "Lijn van Voorbeeldpraktijk B2 is vol"
        work.groups.rename(2, EVERYWHERE, title, actor="o", version=view.row.version)
    assert "2. Lijn van [praktijk] is vol" in texts(opened(database, DRAFT))


def test_a_quote_of_a_withdrawn_report_is_left_out(
    database: Database, filed: dict[str, list[str]]
) -> None:
    reference = filed["telefonie"][0]
    draft = quoting((reference, "De lijn is vol"), (filed["telefonie"][1], "Nog een"))
    move_after(database, reference, noon(9, 2), 9, Status.WITHDRAWN)
    made = made_of(database, draft)
    assert [one.text for one in made.document.quotes] == ["Nog een"]
    assert any(reference in warning for warning in made.warnings)


def test_what_is_asked_keeps_its_list(database: Database, filed: dict[str, list[str]]) -> None:
    assert under(opened(database, DRAFT), "Wat we vragen") == [
        ("Normal", "Drie dingen:"),
        ("List Bullet", "een avondroute"),
        ("List Bullet", "één nummer"),
        ("Normal", "Graag voor de zomer."),
    ]
    assert lines_of(" * a\n\n• b\n-c") == [Line("a", True), Line("b", True), Line("-c", False)]


def test_what_is_empty_is_left_out_and_told_to_its_writer(
    database: Database, filed: dict[str, list[str]]
) -> None:
    draft = replace(DRAFT, introduction="", request="", groups=())
    made = made_of(database, draft)
    document = Document(io.BytesIO(write(made.document)))
    headings = {one.text for one in document.paragraphs if one.style.name == "Heading 1"}
    assert not headings & {"Inleiding", "Wat we vragen", "Wat praktijken schrijven"}
    assert "Grootste knelpunten" not in headings
    assert len(made.warnings) == 3


def test_a_group_without_reports_in_the_period_is_told(
    database: Database, filed: dict[str, list[str]]
) -> None:
    made = made_of(database, replace(DRAFT, since=date(2026, 2, 23)))
    assert any("groep 1, 2." in warning for warning in made.warnings)
    assert f"3. {WAITING}" in [row[0] for row in made.document.tables[-1].rows]


def test_only_of_the_chosen_region(database: Database, filed: dict[str, list[str]]) -> None:
    document = opened(database, replace(DRAFT, regions=(MINES,)))
    short = under(document, "In het kort")
    assert short[0][1] == "5 meldingen van 5 praktijken."
    # one region needs no table of regions
    assert "Per regio" not in tables(document)
    assert tables(document)["Per soort"][1:] == [["Thuiszorg", "5", "5"]]


def test_a_period_without_reports(database: Database) -> None:
    document = opened(database, replace(DRAFT, groups=()))
    assert document.tables == []
    assert under(document, "In het kort")[0][1] == "Geen meldingen."


def test_made_up_reports_are_told(database: Database) -> None:
    draft = replace(DRAFT, until=date(2026, 3, 2))
    assert "Let op" not in texts(opened(database, draft))
    add_example(database)
    assert "Let op: hier zijn verzonnen voorbeeldmeldingen meegeteld" in texts(
        opened(database, draft)
    )


def test_characters_that_a_document_cannot_hold(database: Database) -> None:
    draft = replace(DRAFT, title="Knel\x0bpunten\x1f", request="Ik vraag\x00 <b>dit</b> & dat")
    document = opened(database, draft)
    assert document.paragraphs[0].text == "Knelpunten"
    assert under(document, "Wat we vragen") == [("Normal", "Ik vraag <b>dit</b> & dat")]
