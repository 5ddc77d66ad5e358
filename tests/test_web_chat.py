"""The chat in the browser, without a browser: what visitors send, and what they then see."""

import io
import time

import pytest
from docx import Document

from bot.menu import COMMANDS
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.reply import Choice, Reply
from tests.web_visitors import JSON, Site, Visitor, code_in, put, read_page

QUESTION = "wie coördineert het noodplan?"


@pytest.fixture
def site(database: Database, assistant: Assistant) -> Site:
    return Site(database, assistant)


@pytest.fixture
def anna(site: Site) -> Visitor:
    return Visitor(site)


def test_first_visit(anna: Visitor) -> None:
    page = anna.opens()
    assert "Waarmee kan ik je helpen?" in page
    assert "Typ geen patiëntgegevens" in page
    assert "Meld een knelpunt" in page
    assert anna.messages == []
    [cookie] = anna.http.cookies.jar
    assert cookie.path == "/chat" and cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.expires and cookie.expires > time.time() + 360 * 24 * 3600


def test_question_is_answered_with_its_source(anna: Visitor) -> None:
    answer = anna.says(QUESTION)
    assert "geen enkele partij is standaard eindverantwoordelijk" in answer
    assert "Bron: Noodplan bij acuut tekort aan huisartsenzorg" in answer
    question = anna.messages[0]
    assert question.is_said and question.text == QUESTION


def test_without_scripts_the_answer_is_on_the_next_page(anna: Visitor) -> None:
    anna.opens()
    response = anna.http.post("/chat/bericht", data={"id": "1", "tekst": QUESTION})
    assert response.status_code == 303
    assert response.headers["location"] == "/chat#laatste"
    assert 'id="laatste"' in anna.opens()
    assert "eindverantwoordelijk" in anna.last


def test_an_example_and_the_menu_work_from_the_first_page(site: Site) -> None:
    assert "thuiszorg" in Visitor(site).says("Hoe vind ik thuiszorg?").lower()
    bert = Visitor(site)
    bert.sends(keuze="t:knelpunt/status")
    said, reply = bert.messages
    assert said.text == "Mijn meldingen"
    assert "melding" in reply.text


def test_the_menu_stops_and_starts_as_telegram_does(anna: Visitor) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    anna.taps("Stap voor stap")
    page = anna.opens()
    assert all(f'value="{value}"' in page for value, _ in COMMANDS.values())
    assert "Gestopt" in anna.sends(keuze="t:gesprek/stop")
    assert anna.said[-1] == "Stop"
    anna.sends(keuze="t:gesprek/groet")
    assert anna.said[-1] == "Opnieuw beginnen"


def test_a_text_to_copy_has_its_name(anna: Visitor) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    anna.taps("Stap voor stap")
    text = anna.taps("Bandje: praktijk gesloten")
    assert text.startswith("Bandje: praktijk gesloten\nU belt met")
    assert 'aria-label="Kopieer: Bandje: praktijk gesloten"' in anna.opens()


def test_taps_walk_through_a_procedure(anna: Visitor) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    assert "Stap 1 van 8" in anna.taps("Stap voor stap")
    assert "1 van 7 gedaan" in anna.taps("Gedaan")
    assert anna.said[-2:] == ["Stap voor stap", "Gedaan"]
    live = [message for message in anna.messages if message.is_live]
    assert len(live) == 1 and "Later" in live[0].buttons


def test_ticks_are_shown_in_their_list(anna: Visitor) -> None:
    anna.says("welke maatregelen kunnen er in het noodplan?")
    anna.taps("Stap voor stap")
    anna.taps("Groot tekort")
    explained = anna.last
    anna.taps("Praktijken in de buurt hebben ruimte")
    anna.taps("De spoedpost kan misschien overdag open")
    *_, size, first, latest = anna.messages
    assert size.text == "Groot tekort"
    assert first.text == explained and not first.is_live
    assert "Gekozen: Praktijken in de buurt hebben ruimte; De spoedpost" in latest.text
    assert "Klaar (2 gekozen)" in latest.buttons


@pytest.mark.parametrize(
    ("value", "under"),
    [("f:aaaaaa:ernst:hoog", None), ("t:gesprek/privacy ", None), ("verzonnen", "1"), ("x", "99")],
)
def test_a_button_that_is_not_there(anna: Visitor, value: str, under: str | None) -> None:
    anna.says("hallo")
    answer = anna.sends(keuze=value, **({"van": under} if under else {}))
    assert "Die knop werkt niet meer" in answer


def test_someone_elses_button_does_nothing(site: Site, anna: Visitor) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    anna.taps("Stap voor stap")
    step = anna.messages[-1]
    bert = Visitor(site)
    bert.says("hallo")
    answer = bert.sends(keuze=step.buttons["Gedaan"], van=str(step.id))
    assert "Die knop werkt niet meer" in answer
    assert anna.last == step.text


def test_an_old_step_is_not_taken_again(anna: Visitor) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    anna.taps("Stap voor stap")
    first = anna.messages[-1]
    anna.taps("Gedaan")
    anna.sends(keuze=first.buttons["Gedaan"], van=str(first.id))
    assert "1 van 7 gedaan" in anna.last


def test_sent_again_with_the_same_id_it_is_handled_once(anna: Visitor) -> None:
    anna.opens()
    sent = {"id": "abc", "tekst": QUESTION}
    first = anna.http.post("/chat/bericht", data=sent, headers=JSON).json()
    again = anna.http.post("/chat/bericht", data=sent, headers=JSON).json()
    assert read_page(first["html"])[0].id == first["id"]
    assert again == {"id": None, "html": ""}
    assert len(anna.messages) == 2
    # another text is another message, also from a page that did not make a new id
    anna.http.post("/chat/bericht", data={"id": "abc", "tekst": "dank je"}, headers=JSON)
    assert len(anna.messages) == 4


def test_the_same_id_of_someone_else_is_another_message(site: Site, anna: Visitor) -> None:
    bert = Visitor(site)
    for visitor in (anna, bert):
        visitor.opens()
        visitor.http.post("/chat/bericht", data={"id": "abc", "tekst": "hallo"})
    assert len(anna.messages) == len(bert.messages) == 2


def test_the_plan_can_be_downloaded_by_who_made_it_only(site: Site, anna: Visitor) -> None:
    anna.says("noodplan maken")
    anna.taps("Stap voor stap")
    for _ in range(30):
        buttons = next(m.buttons for m in reversed(anna.messages) if m.buttons)
        wanted = ("Klaar", "Nog niet bekend", "Later invullen", "Nog afspreken", "Overslaan")
        label = next((b for b in buttons if b.startswith(wanted)), None)
        if label:
            anna.taps(label)
        elif files := [m.files for m in anna.messages if m.files]:
            break
        elif "Hagro" in buttons:
            anna.taps("Hagro")
        elif document := [b for b in buttons if "Word" in b or "concept" in b.lower()]:
            anna.taps(document[0])
        else:
            anna.says("nog niet bekend")
    [[address]] = files
    response = anna.http.get(address)
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "noodplan" in response.headers["content-disposition"]
    assert Document(io.BytesIO(response.content)).paragraphs
    bert = Visitor(site)
    bert.says("hallo")
    assert bert.http.get(address).status_code == 404
    assert Visitor(site).http.get(address).status_code == 404
    for wrong in ("/chat/bestand/1/0", "/chat/bestand/x/y", "/chat/bestand/99999999999999999999/0"):
        assert anna.http.get(wrong).status_code == 404


def test_history_is_there_after_a_restart(
    database: Database, assistant: Assistant, anna: Visitor
) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    anna.taps("Stap voor stap")
    before = anna.messages
    later = Visitor(Site(database, assistant))
    later.http.cookies = anna.http.cookies
    assert later.messages == before
    assert "1 van 7 gedaan" in later.taps("Gedaan")


def test_what_waits_during_a_restart_is_answered_after_it(
    database: Database, assistant: Assistant, site: Site, anna: Visitor
) -> None:
    site.answers_at_once = False
    anna.opens()
    anna.http.post("/chat/bericht", data={"id": "1", "tekst": QUESTION}, headers=JSON)
    assert "Regiowijzer typt" in anna.opens()
    later = Site(database, assistant)
    later.answer()
    assert "eindverantwoordelijk" in anna.last


def test_texts_are_shown_as_typed_and_never_as_markup(site: Site, anna: Visitor) -> None:
    evil = '<script>alert(1)</script> & <b onclick="x">"\'</b> {{ 7*7 }}'
    anna.says(evil)
    put(site, anna, Reply(text=evil, choices=(Choice(label=evil[:60], value='">x'),)))
    put(site, anna, Reply(text=evil, copyable=True, links=("javascript:alert(1)",)))
    page = anna.opens()
    assert "<script>alert" not in page and "<b onclick" not in page
    assert "javascript:" not in page
    texts = [message.text for message in anna.messages if evil in message.text]
    assert len(texts) == 3


def test_numbers_and_addresses_can_be_used_at_once(site: Site, anna: Visitor) -> None:
    anna.says("hallo")
    text = "Bel 030-1234567 of mail info@voorbeeld.nl. Gevaar? Bel 112. Zie https://voorbeeld.nl/a."
    put(site, anna, Reply(text=text))
    assert anna.messages[-1].links == [
        "tel:+31301234567",
        "mailto:info@voorbeeld.nl",
        "tel:112",
        "https://voorbeeld.nl/a",
    ]
    assert text in anna.last


def test_personal_data_and_codes_are_not_shown_back(anna: Visitor) -> None:
    anna.says("mijn patiënt met bsn 999900006 heeft thuiszorg nodig")
    assert "999900006" not in anna.opens()
    assert "[BSN verwijderd]" in anna.messages[0].text
    code = code_in(anna.says("koppel"))
    anna.says(f"mijn code is {code.lower()}")
    assert "[code]" in anna.said[-1]


def test_contact_data_stay_where_they_are_asked_for(anna: Visitor) -> None:
    anna.says("noodplan maken")
    anna.taps("Stap voor stap")
    anna.says("Praktijk Voorbeeldstraat in Zeist")
    anna.says("Sinds maandag is er geen huisarts")
    anna.taps("Hagro")
    anna.taps("Overslaan")
    assert "030-1234567" in anna.says("RHO, coördineert, 030-1234567")
    assert anna.said[-1] == "RHO, coördineert, 030-1234567"
    anna.says("stop")
    anna.says("mijn nummer is 030-1234567")
    assert "[telefoonnummer verwijderd]" in anna.said[-1]


def test_another_device_continues_the_same_work(site: Site, anna: Visitor) -> None:
    anna.says("buurpraktijk is ineens dicht, wat nu?")
    anna.taps("Stap voor stap")
    anna.taps("Gedaan")
    phone = Visitor(site)
    phone.says(code_in(anna.says("koppel")))
    phone.taps("Ja, het is mijn code")
    assert "1 van 7 gedaan" in phone.taps("Verder: Checklist: een praktijk valt weg")
    assert "gekoppeld met jouw code" in anna.opens()
