"""The command as it runs: where it listens, and that no secret stands in what it writes."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from bot.opening import open_store
from bot.settings import ROOT, Settings
from bottlenecks import passwords
from bottlenecks.roles import EVERYWHERE, Role
from tests.desk import forms
from tests.serving import COMMAND, environment
from tests.telegram_api import FakeBotApi
from tests.test_web_access import invite

LOGIN, PASSWORD, WRONG = "ada@rho.example", "vier paarse olifanten", "zeven-blauwe-muizen"
SECRETS = {
    "SECRET_KEY": "geheim-voor-versleuteling-" + "k" * 32,
    "METRICS_TOKEN": "geheim-voor-cijfers-" + "m" * 32,
    "SMTP_PASSWORD": "geheim-voor-mail-" + "s" * 16,
    "OIDC_CLIENT_SECRET": "geheim-voor-inloggen-" + "o" * 16,
}
LISTENING = "0A"
QUESTION = "wie coördineert het noodplan? (kwikstaartwoord)"


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    with FakeBotApi(token="123456:geheim-van-telegram") as running:
        yield running


class Running:
    """`regiowijzer serve` in a process of its own, with all that it writes."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.log = folder / "log.txt"
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                [COMMAND, "serve"],
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=environment(folder, **settings),
            )
        self.url = self._address()

    def _address(self) -> str:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            found = re.search(r"http://127\.0\.0\.1:\d+", self.written)
            if found:
                return found[0]
            assert self.process.poll() is None, self.written
            time.sleep(0.1)
        raise AssertionError(self.written)

    @property
    def written(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def listens_on(self) -> set[tuple[str, int]]:
        """Every TCP address on which this process takes connections."""
        own = set()
        for name in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                own.add(os.readlink(name).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue  # closed meanwhile
        found = set()
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{self.process.pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and fields[9] in own:
                    place, port = fields[1].split(":")
                    found.add((place, int(port, 16)))
        return found

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0, self.written


@pytest.fixture
def running(tmp_path: Path, api: FakeBotApi) -> Iterator[Running]:
    secrets = SECRETS | {"TELEGRAM_TOKEN": api.token}
    given = Settings(_env_file=None, data_dir=tmp_path, secret_key=SECRETS["SECRET_KEY"])
    with open_store(given) as database:
        hashed = passwords.hash_password(PASSWORD)
        with database.work() as work:
            work.officers.add(LOGIN, "Ada", Role.ADMIN, EVERYWHERE, password_hash=hashed)
        (tmp_path / "invitation.txt").write_text(invite(database))
    service = Running(
        tmp_path,
        **secrets,
        TELEGRAM_API_URL=api.url,
        LOG_LEVEL="DEBUG",
        CHAT_ACCESS="invited",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT="9",
        SMTP_USER="regiowijzer",
        MAIL_FROM="regiowijzer@rho.example",
        OIDC_ISSUER="http://127.0.0.1:9",
        OIDC_CLIENT_ID="regiowijzer",
    )
    yield service
    service.stop()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="not here: no /proc")
def test_nothing_listens_but_the_web_server(running: Running) -> None:
    port = int(running.url.rsplit(":", 1)[1])
    # 127.0.0.1, as the kernel writes it: neither Rasa's server nor one for its actions is there
    assert running.listens_on() == {("0100007F", port)}
    for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/x/tracker", "/webhook"):
        for method in ("GET", "POST"):
            assert httpx2.request(method, running.url + path).status_code == 404


def test_no_secret_stands_in_what_it_writes(
    running: Running, api: FakeBotApi, tmp_path: Path
) -> None:
    code = (tmp_path / "invitation.txt").read_text()
    with httpx2.Client(base_url=running.url, follow_redirects=True) as http:
        for password in (WRONG, PASSWORD):
            sent = forms(http.get("/beheer/inloggen"))["/beheer/inloggen"]
            http.post("/beheer/inloggen", data=sent | {"login": LOGIN, "password": password})
        assert http.get("/beheer/meldingen").url.path == "/beheer/meldingen"
        http.get("/beheer/oidc/begin")
        page = forms(http.get("/beheer/toegang"))["/beheer/toegang/sleutels"]
        made = http.post("/beheer/toegang/sleutels", data=page | {"name": "x", "all_regions": "y"})
        key = made.text.split('id="geheim"')[1].split('value="')[1].split('"')[0]
        bearer = {"Authorization": f"Bearer {key}"}
        assert http.get("/api/v1/reports", headers=bearer).status_code == 200
        metrics = {"Authorization": f"Bearer {SECRETS['METRICS_TOKEN']}"}
        assert http.get("/metrics", headers=metrics).status_code == 200
        http.get(f"/chat/uitnodiging/{code}")
        http.post(f"/chat/uitnodiging/{code}")
        http.post("/chat/bericht", data={"id": "a", "tekst": QUESTION})
        cookies = [cookie.value for cookie in http.cookies.jar if cookie.value]
    anna = api.user(7654321)
    anna.says(f"/start {code}")
    anna.wait_for("Je bent binnen", 30)
    anna.says(QUESTION)
    anna.wait_for("eindverantwoordelijk", 30)
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(30)
    written = running.written
    assert len(cookies) >= 2 and written.count("\n") > 5  # it did write
    hidden = [*SECRETS.values(), api.token, PASSWORD, WRONG, code, key, *cookies]
    for secret in [*hidden, "kwikstaartwoord", "7654321", LOGIN]:
        assert secret not in written, f"…{secret[-6:]}"
