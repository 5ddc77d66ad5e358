"""What is said at the desk when something breaks: who only looked lost nothing."""

import pytest
from fastapi.testclient import TestClient

from bottlenecks.store import Database
from tests.desk import make_app

LOST = "Wat je invulde is niet bewaard."


@pytest.fixture
def client(database: Database) -> TestClient:
    """The desk with a page that breaks."""
    app = make_app(database)

    @app.api_route("/beheer/stuk", methods=["GET", "POST"])
    def broken() -> None:
        raise RuntimeError("broken")

    return TestClient(app, raise_server_exceptions=False)


def test_a_page_that_breaks_speaks_of_no_form(client: TestClient) -> None:
    page = client.get("/beheer/stuk")
    assert page.status_code == 500
    assert "Er ging hier iets mis. Probeer het zo opnieuw." in page.text and LOST not in page.text


def test_a_form_that_breaks_says_that_nothing_was_kept(client: TestClient) -> None:
    page = client.post("/beheer/stuk")
    assert page.status_code == 500 and LOST in page.text


def test_an_address_that_takes_no_page_speaks_of_no_form(client: TestClient) -> None:
    page = client.get("/beheer/signalen/gezien")
    assert page.status_code == 405 and LOST not in page.text
