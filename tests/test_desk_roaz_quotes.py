"""Quotes in the report for a meeting: looked for, picked, cleaned and shortened."""

import pytest

from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.a_month_of_reports import fill
from tests.desk import Browser, add_officer, forms, make_desk
from tests.desk_roaz import ASKED, begin, field, quote, save, word
from tests.reports_to_count import move_after, noon
from tests.whole_site import sign_in


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


@pytest.fixture
def desk(database: Database, ada: str) -> Browser:
    return sign_in(Browser(make_desk(database)), database, ada)


@pytest.fixture
def filed(database: Database, ada: str) -> dict[str, list[str]]:
    return fill(database, ada)


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
