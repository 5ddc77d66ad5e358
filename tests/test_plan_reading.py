"""A plan is read the same from Word, pdf and text: sections, lists, tables; or is refused."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from knowledge.plan import Kind, Plan, PlanError, read_plan
from knowledge.plan.reading import MAX_BYTES
from tools.example_plan import example_parts, example_pieces, long_parts
from tools.plan_documents import Part, as_docx, as_pdf

SENTENCE = "De coördinator belt binnen een dag met de hagro en met de grootste zorgverzekeraar. "
TABLE = (
    ("Fase", "In de praktijk", "Op de post"),
    ("1", "De eigen praktijk levert alle zorg. " * 3, "Zoals altijd"),
    ("3a", "De overloop van de telefoon gaat naar een callcenter. " * 4, "Overdag een callcenter"),
)
PARTS = (
    Part("Noodplan Voorbeeldregio", level=1),
    Part("1 Inleiding", level=1),
    Part(SENTENCE * 4),
    Part("2 Als een praktijk sluit", level=1),
    Part("2.1 Wie heeft de leiding", level=2),
    Part(SENTENCE * 3),
    Part(f"Maak een lijst met alle nummers. {SENTENCE}", is_item=True),
    Part("De zorgverzekeraar", level=3),
    Part(SENTENCE * 2),
    Part("2.2 De fasen", level=2),
    Part(rows=TABLE),
    Part(SENTENCE),
)


def as_markdown() -> bytes:
    lines = []
    for part in PARTS:
        if part.rows:
            rows = [" | ".join(row) for row in part.rows]
            lines += [f"| {rows[0]} |", "|---|---|---|", *(f"| {row} |" for row in rows[1:]), ""]
        elif part.level:
            lines += [f"{'#' * part.level} {part.text}", ""]
        else:
            lines += [f"- {part.text}" if part.is_item else part.text, ""]
    return "\n".join(lines).encode()


FILES = {
    "docx": as_docx(PARTS),
    "docx without styles": as_docx(PARTS, styles=False),
    "pdf": as_pdf(PARTS, margins=False),
    "markdown": as_markdown(),
}


def read(content: bytes, name: str = "plan") -> Plan:
    return read_plan(name, content)


def why_not(content: bytes, name: str = "plan") -> str:
    with pytest.raises(PlanError) as refused:
        read_plan(name, content)
    return str(refused.value)


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_sections_and_what_stands_in_them(content: bytes) -> None:
    plan = read(content)
    assert [(passage.section, passage.kind) for passage in plan.passages] == [
        ("1 Inleiding", Kind.TEXT),
        ("2.1 Wie heeft de leiding", Kind.TEXT),
        ("2.1 Wie heeft de leiding", Kind.ITEM),
        ("2.1, De zorgverzekeraar", Kind.TEXT),
        ("2.2 De fasen", Kind.ROW),
        ("2.2 De fasen", Kind.ROW),
        ("2.2 De fasen", Kind.TEXT),
    ]
    assert plan.passages[0].text == (SENTENCE * 4).strip()


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_row_of_a_table_knows_its_columns(content: bytes) -> None:
    row = read(content).passages[5]
    assert row.text.startswith("Fase: 3a | In de praktijk: De overloop van de telefoon")
    assert row.text.endswith("| Op de post: Overdag een callcenter")
    assert row.place == "2.2 De fasen, 3a"


def test_pages_of_a_pdf_are_known() -> None:
    plan = read(as_pdf([*PARTS, *[Part(SENTENCE * 12)] * 12]))
    assert plan.pages is not None and plan.pages >= 2
    assert [plan.passages[0].page, plan.passages[-1].page] == [1, plan.pages]


def test_what_stands_on_every_page_is_no_text() -> None:
    text = read(as_pdf([*PARTS, *[Part(SENTENCE * 12)] * 30])).text
    assert "Voorbeeldplan huisartsenzorg" not in text and "Pagina" not in text


def test_a_table_of_contents_is_left_out() -> None:
    contents = "Inhoudsopgave\n\n1 Inleiding 3\n2 Als een praktijk sluit 4\n- 2.1 De leiding 4\n\n"
    text = contents + "1 Inleiding\n\n" + SENTENCE * 3 + "\n"
    plan = read(text.encode())
    assert [passage.section for passage in plan.passages] == ["1 Inleiding"]


def test_headings_that_count_anew_stand_in_their_chapter() -> None:
    text = "3 Bouwstenen\n\nTekst.\n\n4 Aandachtspunten\n\nTekst.\n\n1. Informeer patiënten\n\n"
    text += f"{SENTENCE * 3}\n\n2. Denk aan het personeel\n\n{SENTENCE}\n"
    sections = [passage.section for passage in read(text.encode()).passages]
    assert sections[2:] == ["4, 1. Informeer patiënten", "4, 2. Denk aan het personeel"]


def test_lines_that_were_broken_off_are_one_text() -> None:
    lines = "\n".join(["De huisarts belt eerst zelf", "met de thuiszorg in de wijk,"] * 6)
    assert len(read(f"Werkwijze\n\n{lines}\n".encode()).passages) == 1


def test_points_belong_to_the_sentence_that_announces_them() -> None:
    text = f"{SENTENCE * 3}\n\nWe schalen op bij:\n- meer verzuim\n- te weinig PBM\n"
    assert read(text.encode()).passages[-1].text == "We schalen op bij: meer verzuim; te weinig PBM"


def test_a_table_that_was_written_cell_below_cell() -> None:
    text = f"{SENTENCE * 3}\n\n\tStap\n\tPraktijk\n\tPost\n\n\t1.\n\tEigen zorg\n\tZoals altijd\n"
    row = read(text.encode()).passages[-1]
    assert row.text == "Stap: 1. | Praktijk: Eigen zorg | Post: Zoals altijd"


def test_a_file_of_windows_with_accents() -> None:
    assert "coördinator" in read((SENTENCE * 3).encode("cp1252")).text


def test_word_knows_what_was_deleted_and_inserted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph(SENTENCE * 2)
    for tag, kind, word in (("w:ins", "w:t", "ERBIJ"), ("w:del", "w:delText", "WEG")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(kind)
        text.text = word
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    text = read(_saved(document)).text
    assert "ERBIJ" in text and "WEG" not in text


def test_word_frames_and_fields_are_read_and_its_contents_not() -> None:
    document = docx.Document()
    document.add_paragraph(SENTENCE * 2)
    document.add_table(1, 1).cell(0, 0).text = "In een kader."
    for gallery, words in (("Table of Contents", "Inhoud 3"), ("Cover Pages", "In een veld.")):
        document.element.body.append(_control(gallery, words))
    text = read(_saved(document)).text
    assert "In een kader." in text and "In een veld." in text and "Inhoud 3" not in text


def test_a_merged_cell_counts_once() -> None:
    document = docx.Document()
    document.add_paragraph(SENTENCE * 2)
    table = document.add_table(2, 3)
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Samen"
    table.cell(1, 2).text = "Apart"
    assert read(_saved(document)).passages[-1].text == "Samen | Apart"


def test_an_outline_tells_the_headings_of_a_pdf() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    pdf.add_page()
    for title in ("Doel van dit stuk", "Bereikbaarheid"):
        pdf.start_section(title)
        pdf.multi_cell(0, 6, title, new_x="LMARGIN", new_y="NEXT")
        pdf.multi_cell(0, 6, "Een zin over de zorg. " * 12, new_x="LMARGIN", new_y="NEXT")
    plan = read(bytes(pdf.output()))
    assert [passage.section for passage in plan.passages] == ["Doel van dit stuk", "Bereikbaarheid"]


def test_a_long_plan_with_tables_is_read_to_the_end() -> None:
    parts = long_parts(15)
    plan = read(as_pdf(parts))
    assert plan.pages is not None and plan.pages > 15
    bare = _bare(plan.text)
    cells = [cell for part in parts for row in part.rows for cell in row]
    assert len(cells) > 1500
    assert [cell for cell in cells if _bare(cell) not in bare] == []
    assert sum(passage.kind is Kind.ROW for passage in plan.passages) >= 375


def test_no_text_of_the_example_is_lost() -> None:
    for content in (as_docx(example_parts()), as_pdf(example_parts())):
        bare = _bare(read(content).text)
        assert [piece.text for piece in example_pieces() if _bare(piece.text) not in bare] == []


def test_a_pdf_with_a_password_is_refused() -> None:
    assert "met een wachtwoord beveiligd" in why_not(_locked("geheim"))


def test_a_pdf_that_only_may_not_be_changed_is_read() -> None:
    assert len(read(_locked("")).passages) == 7


def test_a_scan_is_refused_and_said_to_be_one() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.image(_picture(), w=100)
    assert "alleen afbeeldingen" in why_not(bytes(pdf.output()))


def test_a_page_that_is_a_picture_is_told() -> None:
    writer = PdfWriter()
    pdf = FPDF()
    pdf.add_page()
    pdf.image(_picture(), w=100)
    for content in (FILES["pdf"], bytes(pdf.output())):
        writer.append(io.BytesIO(content))
    plan = read(_written(writer))
    assert plan.notes == (
        f"Bladzijde {plan.pages} is een afbeelding: wat daarop staat, is niet gelezen.",
    )


REFUSED = {
    "empty": (b"", "Dit bestand is leeg"),
    "only white space": (b" \n\t ", "Dit bestand is leeg"),
    "too large": (b"a" * (MAX_BYTES + 1), "groter dan 10 MB"),
    "few words": (b"Een plan.", "bijna geen tekst"),
    "old word": (b"\xd0\xcf\x11\xe0" + bytes(400), "oud soort Word-bestand"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(400), "Dit soort bestand"),
    "web page": (b"<!DOCTYPE html><p>Plan</p>", "Dit soort bestand"),
    "program": (bytes(range(256)) * 20, "geen gewone tekst"),
    "broken pdf": (FILES["pdf"][:300], "beschadigd"),
    "broken word": (FILES["docx"][:2000], "beschadigd"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes, why: str) -> None:
    assert why in why_not(content, "plan.docx")


def test_another_zip_is_no_word_file() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert "geen Word-bestand" in why_not(file.getvalue())


def test_a_word_file_that_unpacks_to_too_much_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * (31 * 1024 * 1024))
    assert "uitgepakt te groot" in why_not(file.getvalue())


def test_the_kind_is_seen_from_the_content_not_from_the_name() -> None:
    assert len(read(FILES["pdf"], "plan.docx").passages) == 7


def _saved(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _control(gallery: str, words: str) -> object:
    control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
    part, kind = OxmlElement("w:docPartObj"), OxmlElement("w:docPartGallery")
    kind.set(qn("w:val"), gallery)
    part.append(kind)
    properties.append(part)
    content, paragraph = OxmlElement("w:sdtContent"), OxmlElement("w:p")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = words
    run.append(text)
    paragraph.append(run)
    content.append(paragraph)
    control.append(properties)
    control.append(content)
    return control


def _locked(password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(FILES["pdf"])))
    writer.encrypt(password, "van de eigenaar", algorithm="AES-256")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _picture() -> io.BytesIO:
    # the smallest picture there is: one grey dot
    head = b"P5 1 1 255\n"
    return io.BytesIO(head + b"\x80")


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
