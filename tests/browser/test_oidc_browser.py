"""An officer comes in at their own organisation: settings, provider and desk as in production."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from bot.settings import Settings
from tests.browser.conftest import Site
from tests.conftest import Clock
from tests.desk import ADMIN, add_officer
from tests.oidc_provider import OidcProvider
from tests.serving import settings_for
from tests.telegram_api import FakeBotApi


@pytest.fixture
def provider(clock: Clock) -> Iterator[OidcProvider]:
    """A provider at which Ada is signed in."""
    with OidcProvider(clock) as started:
        started.person = {"sub": "id-van-ada", "email": ADMIN, "email_verified": True}
        yield started


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi, provider: OidcProvider) -> Settings:
    return settings_for(tmp_path, api, web=True).model_copy(
        update={
            "oidc_issuer": provider.issuer,
            "oidc_client_id": provider.client_id,
            "oidc_client_secret": SecretStr(provider.client_secret),
            "oidc_name": "Meditta",
        }
    )


def test_who_has_an_account_comes_in_and_who_has_none_is_told(
    site: Site, page: Page, provider: OidcProvider
) -> None:
    page.goto("/beheer/fase")
    page.get_by_role("link", name="Inloggen met Meditta").click()
    expect(page.get_by_text("Je hebt nog geen toegang")).to_be_visible()
    add_officer(site.database, password=None)
    page.goto("/beheer/fase")
    page.get_by_role("link", name="Inloggen met Meditta").click()
    expect(page.get_by_role("heading", name="Fase van opschaling")).to_be_visible()
    assert page.url == f"{site.url}/beheer/fase"
