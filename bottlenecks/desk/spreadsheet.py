"""Writes tables as CSV and Excel files in which nothing can be taken for a formula.

Rows are written one at a time, so that a table does not have to fit in memory.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from tempfile import TemporaryDirectory
from typing import IO, Any

Cell = str | int | float | datetime | None

FORMULA_SIGNS = frozenset("=+-@")
FORMULA_STARTS = frozenset("\t\r\n")
# categories of Unicode that a program may skip before it looks whether a cell is a formula
SKIPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

TOP = {"valign": "top"}
DATE_FORMAT = "dd-mm-yyyy hh:mm"
A4 = 9


@dataclass(frozen=True)
class Column:
    """A column; `width` is in characters, `wraps` breaks long texts into lines."""

    title: str
    width: int
    wraps: bool = False


def write_csv(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]], zone: tzinfo
) -> None:
    """Write CSV that Excel opens with a double click where the comma is the decimal sign.

    That is UTF-8 with a byte order mark, semicolons, and all cells quoted; moments are in `zone`,
    as 2026-11-28 14:05, which every Excel takes for a date.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow([column.title for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(cell, zone) for cell in row])
    # the file stays open for whoever made it
    text.detach()


def write_xlsx(
    file: IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    zone: tzinfo,
    *,
    title: str,
    made_at: datetime,
) -> None:
    """Write an Excel workbook with one sheet, `title`; moments are dates in `zone`."""
    import xlsxwriter  # here, because few processes ever write one

    with TemporaryDirectory(prefix="regiowijzer-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"title": title, "created": made_at})
            sheet = book.add_worksheet(title)
            _lay_out(sheet, columns, book.add_format({**TOP, "bold": True, "bottom": 1}))
            plain = book.add_format(TOP)
            wrapped = book.add_format({**TOP, "text_wrap": True})
            moment = book.add_format({**TOP, "align": "left", "num_format": DATE_FORMAT})
            last = 0
            for last, row in enumerate(rows, start=1):
                for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
                    if isinstance(cell, datetime):
                        # Excel knows no zones
                        local = cell.astimezone(zone).replace(tzinfo=None)
                        sheet.write_datetime(last, place, local, moment)
                    elif isinstance(cell, int | float):
                        sheet.write_number(last, place, cell, plain)
                    elif cell:
                        style = wrapped if column.wraps else plain
                        sheet.write_string(last, place, _as_text(cell), style)
            sheet.autofilter(0, 0, last, len(columns) - 1)


def _lay_out(sheet: Any, columns: Sequence[Column], heading: Any) -> None:
    """The heading, which stays in sight, and a printed page of A4 on its side."""
    sheet.freeze_panes(1, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, heading)


def _csv_cell(cell: Cell, zone: tzinfo) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(cell, int | float):
        return str(cell).replace(".", ",")
    return _harmless(cell or "")


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what could be one."""
    if text[:1].isalnum():
        return text
    start = next((char for char in text if unicodedata.category(char) not in SKIPPED), "")
    # NFKC makes the wide and small forms of a sign the sign itself
    is_formula = unicodedata.normalize("NFKC", start) in FORMULA_SIGNS
    return f"'{text}" if is_formula or text[:1] in FORMULA_STARTS else text


def _as_text(text: str) -> str:
    """A text with Excel's own line ends, that the library does not take for its own markup."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # markup would go into the file unescaped, and could break it
    return f"{lines} " if lines.startswith("<r>") and lines.endswith("</r>") else lines
