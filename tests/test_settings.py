"""What a setting may be; how a wrong one is told at the start is in test_cli.py."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https:///",
        "https://x.nl/pad",
        "https://x.nl/?a=b",
        "https://x.nl#hier",
        "https://iemand@x.nl",
        "https://x.nl:poort",
        "https://x.nl:",
        "https://:8000",
        "https://x .nl",
        "https://[1.2.3]",
        "https://[::",
        "https://regio wijzer",
        "https://regiowijzér.nl",
        "https:x.nl",
    ],
)
def test_an_address_that_no_browser_can_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match=r"must be a name|must begin with"):
        Settings(_env_file=None, public_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.nl",
        "https://x.nl/",
        "http://localhost:8000",
        "https://regio-wijzer.example.nl:8443",
        "http://10.0.0.5:8000",
        "http://[::1]:8000",
        "https://xn--regiowijzr-i7a.nl",
    ],
)
def test_an_address_of_a_server_is_taken(url: str) -> None:
    assert Settings(_env_file=None, public_url=url).public_url == url.rstrip("/")
