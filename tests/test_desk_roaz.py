"""The report for a meeting at the desk: begun, written, looked at, and taken as a Word document."""

import io
import re
from collections.abc import Mapping

import pytest
from docx import Document

from bottlenecks.roles import Role, Scope
from bottlenecks.small_counts import SIGN
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.a_month_of_reports import EVENING, MINES, PHONE, SINCE, UNTIL, WAITING, fill
from tests.desk import Browser, add_officer, forms, make_desk
from tests.reports_to_count import move_after, noon
from tests.whole_site import sign_in

PATH = "/beheer/verslag"
UTRECHT = Scope(regions=frozenset({"utrecht"}))
ASKED = "Een avondroute voor heel Utrecht."


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


@pytest.fixture
def desk(database: Database, ada: str) -> Browser:
    return sign_in(Browser(make_desk(database)), database, ada)


@pytest.fixture
def filed(database: Database, ada: str) -> dict[str, list[str]]:
    return fill(database, ada)


def colleague(
    desk: Browser, database: Database, role: Role = Role.HANDLER, scope: Scope = UTRECHT
) -> Browser:
    officer = add_officer(database, "bo@rho.example", role, scope, "Bo Peters", password=None)
    return sign_in(desk.another(), database, officer)


def begin(desk: Browser, **fields: str | list[str]) -> str:
    """Begin a report; gives its address."""
    desk.opens(PATH)
    desk.sends(PATH, fields)
    assert desk.sees("Je verslag is begonnen.")
    return desk.path


def save(desk: Browser, address: str, **fields: str | list[str] | None) -> None:
    desk.opens(address)
    desk.sends(address, fields)


def quote(desk: Browser, address: str, reference: str) -> None:
    """Take a quote over, on the page where they are picked."""
    desk.opens(f"{address}/citaten")
    desk.sends(f"{address}/citaten", {"melding": reference})


def field(desk: Browser, address: str, name: str) -> str | list[str]:
    return forms(desk.page)[address][name]


def word(desk: Browser, address: str) -> str:
    """The text of the Word document."""
    answer = desk.client.get(f"{address}/verslag.docx")
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_new_report_is_of_the_last_four_whole_weeks(
    desk: Browser, filed: dict[str, list[str]]
) -> None:
    address = begin(desk)
    assert (field(desk, address, "vanaf"), field(desk, address, "tot")) == (SINCE, UNTIL)
    assert field(desk, address, "voor") == "ROAZ-overleg"
    assert field(desk, address, "afzender") == "Ada Jansen"
    # the largest groups are ticked
    assert field(desk, address, "groep") == ["2", "1", "3"]
    assert desk.sees(f"2. {PHONE} (meldingen: 7, praktijken: 7)")


def test_own_days_and_regions(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk, vanaf="2026-02-23", tot="2026-02-27", regio=[MINES])
    assert (field(desk, address, "vanaf"), field(desk, address, "regio")) == ("2026-02-23", [MINES])
    assert "groep" not in forms(desk.page)[address]


def test_it_begins_with_what_was_looked_at(desk: Browser, filed: dict[str, list[str]]) -> None:
    desk.opens("/beheer/cijfers?van=2026-02-09&tot=2026-02-15&regio=utrecht")
    link = re.search(r'href="(/beheer/verslag\?[^"]+)"', desk.page.text)
    assert link is not None
    desk.opens(link[1].replace("&amp;", "&"))
    form = forms(desk.page)[PATH]
    assert (form["vanaf"], form["tot"]) == ("2026-02-09", "2026-02-15")
    assert form["regio"] == ["utrecht"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"vanaf": "", "tot": ""}, "Vul een dag in"),
        ({"vanaf": "gisteren", "tot": "2026-02-15"}, "Vul een dag in"),
        ({"vanaf": "0001-01-01", "tot": "0001-01-02"}, "Vul een dag in"),
        ({"vanaf": "2026-02-15", "tot": "2026-02-09"}, "ligt na de laatste"),
        ({"vanaf": "2026-02-15", "tot": "2026-03-09"}, "nog niet geweest"),
        ({"vanaf": "2024-02-15", "tot": "2026-02-15"}, "hoogstens een jaar"),
        ({"vanaf": "2026-02-09", "tot": "2026-02-15", "voor": " "}, "Vul dit in."),
        ({"vanaf": "2026-02-09", "tot": "2026-02-15", "voor": "x" * 121}, "hoogstens 120 tekens"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    desk: Browser, fields: Mapping[str, str], said: str
) -> None:
    desk.opens(PATH)
    sent = {"regio": [MINES], "voor": "Weekoverleg", **fields}
    desk.sends(PATH, sent)
    assert desk.page.status_code == 422 and desk.sees(said)
    form = forms(desk.page)[PATH]
    assert form["voor"] == sent["voor"] or not str(sent["voor"]).strip()
    assert form["regio"] == [MINES] and form["tot"] == fields["tot"]
    address = begin(desk)
    save(desk, address, **{**fields, "voor": sent["voor"], "vraag": ASKED})
    assert desk.page.status_code == 422 and desk.sees(said)
    assert field(desk, address, "vraag") == ASKED


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("weken=1", "2026-02-23", UNTIL),
        ("weken=12", "2025-12-08", UNTIL),
        ("weken=veel", SINCE, UNTIL),
        ("van=2026-02-30&tot=x", SINCE, UNTIL),
    ],
)
def test_whole_weeks_are_filled_in(desk: Browser, query: str, since: str, until: str) -> None:
    desk.opens(f"{PATH}?{query}")
    form = forms(desk.page)[PATH]
    assert (form["vanaf"], form["tot"]) == (since, until)


def test_what_is_saved_is_found_again(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk)
    save(desk, address, titel="Avondzorg", voor="Weekoverleg", vraag=ASKED, groep=["1"])
    assert desk.sees("Opgeslagen.")
    desk.opens(PATH)
    assert desk.sees("Avondzorg Voor Weekoverleg.")
    assert desk.sees("2 februari 2026 t/m 1 maart 2026, alle regio's")
    desk.opens(address)
    assert field(desk, address, "vraag") == ASKED and field(desk, address, "groep") == ["1"]


def test_it_is_looked_at_and_taken_away(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk)
    save(desk, address, vraag=ASKED, verder="bekijken")
    assert desk.path == f"{address}/bekijken"
    assert desk.sees("27 meldingen van 20 praktijken.") and desk.sees(ASKED)
    assert desk.sees("Je koos nog geen citaten.") and not desk.sees("Je vulde nog niet in")
    found = word(desk, address)
    for text in ("27 meldingen van 20 praktijken.", ASKED, EVENING, WAITING, SIGN):
        assert text in found and desk.sees(text)


def test_what_word_is_called(desk: Browser, filed: dict[str, list[str]]) -> None:
    answer = desk.client.get(f"{begin(desk)}/verslag.docx")
    name = f"verslag-{SINCE}-tot-en-met-{UNTIL}.docx"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "no-store"


def test_a_quote_is_picked_cleaned_and_shortened(
    desk: Browser, filed: dict[str, list[str]]
) -> None:
    address, reference = begin(desk), filed["thuiszorg"][0]
    save(desk, address, vraag=ASKED, verder="citaten")
    assert desk.path == f"{address}/citaten"
    # the gravest first
    assert desk.sees(reference) and not desk.sees(filed["telefonie"][0])
    quote(desk, address, reference)
    assert desk.sees("Eruit gehaald: telefoonnummer en naam van een praktijk.")
    assert desk.sees("Staat in je verslag")
    desk.opens(address)
    name = f"citaat-{reference}"
    text = "Bij [praktijk] wacht mevrouw al drie dagen. Bel me op [telefoonnummer verwijderd], "
    assert field(desk, address, name) == text + "[praktijk] is tot zes uur open."
    desk.sends(address, {name: "De Graanhof wacht al drie dagen, bel 06 12 34 56 78"})
    assert desk.sees("Eruit gehaald: telefoonnummer en naam van een praktijk.")
    found = word(desk, address)
    assert "“[praktijk] wacht al drie dagen, bel [telefoonnummer verwijderd]”" in found
    assert "Graanhof" not in found and reference not in found


def test_an_emptied_quote_goes(desk: Browser, filed: dict[str, list[str]]) -> None:
    address, reference = begin(desk), filed["telefonie"][0]
    quote(desk, address, reference)
    save(desk, address, **{f"citaat-{reference}": " "})
    assert f"citaat-{reference}" not in forms(desk.page)[address]
    assert "Wat praktijken schrijven" not in word(desk, address)


def test_quotes_are_searched(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk)
    evening, phone = filed["thuiszorg"][6], filed["telefonie"][0]
    for query in ("zoek=avondzorg", "groep=1", "soort=thuiszorg", "groep=1&zoek=avondzorg"):
        desk.opens(f"{address}/citaten?{query}")
        assert desk.sees(evening) and not desk.sees(phone), query
    desk.opens(f"{address}/citaten?groep=1&soort=ggz")
    assert desk.sees("Geen meldingen gevonden")
    desk.opens(f"{address}/citaten?pagina=2")
    assert desk.sees("27 meldingen, pagina 2 van 2")


def test_picking_keeps_the_list(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk)
    desk.opens(f"{address}/citaten?groep=1")
    desk.sends(f"{address}/citaten?groep=1", {"melding": filed["thuiszorg"][6]})
    assert desk.page.url.query == b"groep=1"
    assert desk.sees("Staat in je verslag") and not desk.sees(filed["telefonie"][0])


def test_only_reports_of_its_days_that_were_not_withdrawn(
    desk: Browser, database: Database, filed: dict[str, list[str]]
) -> None:
    address, withdrawn = begin(desk), filed["telefonie"][0]
    move_after(database, withdrawn, noon(9, 2), 9, Status.WITHDRAWN)
    quote(desk, address, withdrawn)
    assert desk.page.status_code == 404
    desk.opens(f"{address}/citaten?soort=telefonie")
    assert not desk.sees(withdrawn) and desk.sees(filed["telefonie"][1])
    quote(desk, address, filed["telefonie"][1])
    save(desk, address, vanaf="2026-02-23")
    # it is kept, in case the days change back
    assert desk.sees("Dit citaat komt niet in het verslag")
    assert field(desk, address, f"citaat-{filed['telefonie'][1]}") == "De lijn is vol"
    desk.opens(f"{address}/bekijken")
    assert desk.sees(f"Niet opgenomen is het citaat uit {filed['telefonie'][1]}")
    assert "De lijn is vol" not in word(desk, address)


def test_a_quote_that_is_too_long_is_told(desk: Browser, filed: dict[str, list[str]]) -> None:
    address, reference = begin(desk), filed["telefonie"][0]
    quote(desk, address, reference)
    long = "lang " * 1000
    save(desk, address, **{f"citaat-{reference}": long, "vraag": ASKED})
    assert desk.page.status_code == 422 and desk.sees(f"Kort het citaat uit {reference} in")
    assert str(field(desk, address, f"citaat-{reference}")).strip() == long.strip()
    assert field(desk, address, "vraag") == ASKED


def test_what_a_colleague_changed_meanwhile(
    desk: Browser, database: Database, filed: dict[str, list[str]]
) -> None:
    address = begin(desk, regio=["utrecht"])
    other = colleague(desk, database)
    desk.opens(address)
    quote(other, address, filed["telefonie"][0])
    desk.sends(address, {"vraag": ASKED})
    assert desk.page.status_code == 422 and desk.sees("Dit verslag is net gewijzigd")
    assert field(desk, address, "vraag") == ASKED
    # nothing of either is lost
    desk.sends(address)
    assert desk.sees("Opgeslagen.") and field(desk, address, "vraag") == ASKED
    assert field(desk, address, f"citaat-{filed['telefonie'][0]}") == "De lijn is vol"


def test_personal_data_are_taken_out(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk)
    save(desk, address, vraag="Mevrouw (geboren 12-03-1941) wacht. Bel ons op 030 123 45 67.")
    assert desk.sees("Eruit gehaald: geboortedatum.")
    asked = "Mevrouw (geboren [geboortedatum verwijderd]) wacht. Bel ons op 030 123 45 67."
    assert asked in word(desk, address)


def test_who_sees_some_regions(
    desk: Browser, database: Database, filed: dict[str, list[str]]
) -> None:
    everywhere, mines = begin(desk), begin(desk, regio=[MINES])
    other = colleague(desk, database)
    for address in (everywhere, mines):
        for page in ("", "/bekijken", "/citaten", "/verslag.docx"):
            assert other.client.get(address + page).status_code == 404
    address = begin(other)
    assert field(other, address, "regio") == ["utrecht"]
    assert MINES not in other.page.text
    assert "22 meldingen van 15 praktijken." in word(other, address)
    quote(other, address, filed["thuiszorg"][-1])
    assert other.page.status_code == 404
    save(other, address, regio=[MINES])
    assert other.page.status_code == 422
    other.opens(PATH)
    assert other.page.text.count("verslag.docx") == 1


def test_a_reader_reads(desk: Browser, database: Database, filed: dict[str, list[str]]) -> None:
    address = begin(desk, regio=["utrecht"])
    reader = colleague(desk, database, Role.READER)
    reader.opens(PATH)
    assert PATH not in forms(reader.page) and reader.sees("Een behandelaar kan")
    reader.opens(address)
    assert reader.path == f"{address}/bekijken" and not reader.sees("Wijzig")
    assert "22 meldingen" in word(reader, address)
    assert reader.client.get(f"{address}/citaten").status_code == 403
    for target in (PATH, address, f"{address}/citaten", f"{address}/weggooien"):
        assert reader.client.post(target, data={}).status_code == 403


def test_it_is_thrown_away(desk: Browser, filed: dict[str, list[str]]) -> None:
    address = begin(desk)
    desk.sends(f"{address}/weggooien")
    assert desk.path == PATH and desk.sees("Weggegooid: Knelpunten in de huisartsenzorg")
    assert desk.client.get(address).status_code == 404


@pytest.mark.parametrize("action", ["", "/citaten", "/weggooien"])
def test_another_site_changes_nothing(
    desk: Browser, filed: dict[str, list[str]], action: str
) -> None:
    address = begin(desk)
    sent = {"csrf_token": "x", "melding": filed["telefonie"][0], "titel": "Weg"}
    assert desk.client.post(address + action, data=sent).status_code == 422
    desk.opens(address)
    assert desk.sees("Nog geen citaten.") and not desk.sees("Weg ")


def test_the_log_tells_what_left_and_holds_no_texts(
    desk: Browser, filed: dict[str, list[str]]
) -> None:
    address, reference = begin(desk), filed["telefonie"][0]
    quote(desk, address, reference)
    save(desk, address, vraag=ASKED)
    word(desk, address)
    desk.opens("/beheer/logboek")
    for text in (
        "Verslag begonnen",
        "Melding geciteerd in een verslag",
        "Verslag gewijzigd",
        "Verslag opgehaald als Word-bestand",
        "periode: 2 februari 2026 t/m 1 maart 2026",
    ):
        assert desk.sees(text), text
    assert desk.sees(reference) and not desk.sees(ASKED) and not desk.sees("De lijn is vol")
