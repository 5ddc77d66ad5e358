"""The report for a meeting at the desk: begun, written, looked at, and taken as a Word document."""

import re
from collections.abc import Mapping

import pytest

from bottlenecks.roles import Role
from bottlenecks.small_counts import SIGN
from bottlenecks.store import Database
from tests.a_month_of_reports import EVENING, MINES, PHONE, SINCE, UNTIL, WAITING, fill
from tests.desk import Browser, add_officer, forms, make_desk
from tests.desk_roaz import ASKED, PATH, begin, colleague, field, quote, save, word
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
