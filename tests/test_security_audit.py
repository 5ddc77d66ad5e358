"""The audit of libraries: what it finds stops a build, what it cannot ask is said."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tools.audit import accepted, main

REQUIREMENTS = f"""
voorbeeld-veilig==1.0 --hash=sha256:{"0" * 64}
voorbeeld-lek==1.0 --hash=sha256:{"0" * 64}
"""
LEAK = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "summary": "made up",
    "affected": [
        {
            "package": {"name": "voorbeeld-lek", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


class Osv(BaseHTTPRequestHandler):
    """A service in the form of osv.dev that knows one vulnerability."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        leaks = asked["package"]["name"] == "voorbeeld-lek"
        body = json.dumps({"vulns": [LEAK]} if leaks else {}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        server.shutdown()


def audit(tmp_path: Path, url: str, accept: str = "[]", requirements: str = REQUIREMENTS) -> int:
    locked, file = tmp_path / "locked.txt", tmp_path / "accepted.yml"
    locked.write_text(requirements, encoding="utf-8")
    file.write_text(accept, encoding="utf-8")
    return main([str(locked), "--accepted", str(file), "--osv-url", url])


def test_a_known_vulnerability_stops_the_build(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(tmp_path, url) == 1
    said = capsys.readouterr().out
    assert "voorbeeld-lek 1.0: PYSEC-2026-1, CVE-2026-1, mended in 1.1" in said
    assert "2 libraries looked up, 1 known vulnerabilities to mend" in said


def test_what_was_accepted_with_a_reason_does_not(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    accept = "- {id: CVE-2026-1, reason: wij gebruiken dat deel niet, until: 2999-12-31}"
    assert audit(tmp_path, url, accept) == 0
    assert "accepted: wij gebruiken dat deel niet" in capsys.readouterr().out


def test_libraries_without_vulnerabilities_pass(tmp_path: Path, url: str) -> None:
    assert audit(tmp_path, url, requirements=REQUIREMENTS.replace("lek", "heel")) == 0


def test_no_network_is_said_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(tmp_path, "http://127.0.0.1:9/v1/query") == 0
    assert "NOT AUDITED" in capsys.readouterr().err


@pytest.mark.parametrize(
    "entry",
    [
        "- {id: CVE-2026-1, until: 2999-12-31}",
        "- {id: CVE-2026-1, reason: zomaar}",
        "- {reason: zomaar, until: 2999-12-31}",
        "- {id: CVE-2026-1, reason: zomaar, until: 2026-01-01}",
    ],
)
def test_what_is_accepted_without_reason_or_too_long_ago_stops_it(
    tmp_path: Path, url: str, entry: str
) -> None:
    assert audit(tmp_path, url, entry) == 1


def test_the_list_of_this_project_is_in_order() -> None:
    accepted(today=date.today())
