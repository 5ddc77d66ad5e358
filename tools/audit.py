"""Looks up known vulnerabilities of all libraries in uv.lock: `make audit`.

Ends with 1 when there is one that `tools/audit_accepted.yml` does not name. Where no service can
be reached it says so and ends with 0: a build must not fail because of somebody else's network,
and nobody may think that something was looked up when nothing was.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ACCEPTED = Path(__file__).with_name("audit_accepted.yml")
# the first that answers is used
SERVICES = (("-s", "pypi"), ("-s", "osv"))
# pip-audit looks at certificates of its own, which do not know an organisation's proxy
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# the spaCy pipeline, whose file is in the repository
OWN = {"nl-ud-news-sm"}


@dataclass(frozen=True)
class Found:
    """One known vulnerability: `ids` are all its names, `fixed` the versions without it."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What one service knows: `unknown` are the libraries that it has no data of."""

    looked_up: int
    unknown: tuple[str, ...]
    found: tuple[Found, ...]


def accepted(path: Path = ACCEPTED, today: date | None = None) -> dict[str, str]:
    """Why each vulnerability in the file is no reason to stop, by its name.

    Raises:
        ValueError: an entry says too little, or its time is over.
    """
    reasons: dict[str, str] = {}
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        reason, until = str(entry.get("reason") or "").strip(), entry.get("until")
        if not entry.get("id") or not reason or not isinstance(until, date):
            raise ValueError(f"{path.name}: an entry needs id, reason and until (a date): {entry}")
        if until < (today or date.today()):
            raise ValueError(f"{path.name}: {entry['id']} was accepted until {until}: look again")
        reasons[str(entry["id"])] = reason
    return reasons


def look_up(requirements: Path, service: Sequence[str]) -> Outcome | None:
    """Ask one service about all locked libraries; None when it does not answer."""
    environment = dict(os.environ)
    if CERTIFICATES.exists():
        environment.setdefault("REQUESTS_CA_BUNDLE", str(CERTIFICATES))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", *service),
            *("-r", str(requirements), "--disable-pip", "--require-hashes"),
            *("--format", "json", "--progress-spinner", "off"),
        ],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    try:
        return _read(json.loads(done.stdout))
    except ValueError:
        lines = done.stderr.strip().splitlines()
        print(f"{' '.join(service)}: {lines[-1][:200] if lines else 'no answer'}", file=sys.stderr)
        return None


def _read(answer: dict[str, Any]) -> Outcome | None:
    unknown = tuple(one["name"] for one in answer["dependencies"] if "skip_reason" in one)
    known = [one for one in answer["dependencies"] if "skip_reason" not in one]
    if not known:
        return None  # a mirror without such data says of every library that it does not exist
    found = (
        Found(
            one["name"], one["version"], (vuln["id"], *vuln["aliases"]), tuple(vuln["fix_versions"])
        )
        for one in known
        for vuln in one["vulns"]
    )
    return Outcome(len(known), unknown, tuple(found))


def report(outcome: Outcome, reasons: dict[str, str]) -> int:
    """Print what was found; gives how many vulnerabilities nobody accepted."""
    open_ones = 0
    for one in outcome.found:
        reason = next((reasons[name] for name in one.ids if name in reasons), None)
        open_ones += reason is None
        fixed = f", mended in {', '.join(one.fixed)}" if one.fixed else ", not mended yet"
        why = f" (accepted: {reason})" if reason else ""
        print(f"{one.package} {one.version}: {', '.join(one.ids)}{fixed}{why}")
    print(f"{outcome.looked_up} libraries looked up, {open_ones} known vulnerabilities to mend")
    missing = [name for name in outcome.unknown if name not in OWN]
    if missing:
        print(f"NOT LOOKED UP, the service does not know them: {', '.join(missing)}")
    return open_ones


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the libraries in a file that `uv export` made; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("requirements", type=Path, help="what `uv export` made of uv.lock")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED)
    parser.add_argument(
        "--osv-url",
        default=os.environ.get("AUDIT_OSV_URL"),
        help="an OSV service of one's own, asked in place of the public ones",
    )
    options = parser.parse_args(arguments)
    try:
        reasons = accepted(options.accepted)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    own = (("-s", "osv", "--osv-url", options.osv_url),)
    for service in own if options.osv_url else SERVICES:
        outcome = look_up(options.requirements, service)
        if outcome is not None:
            return 1 if report(outcome, reasons) else 0
    print(
        "NOT AUDITED: no service with known vulnerabilities can be reached. The libraries "
        "are those of uv.lock, each with its hash; run `make audit` where the network allows it.",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
