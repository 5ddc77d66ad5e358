"""Print the path of a usable uv, fetching the pinned one into ``.uv/`` when there is none.

Needs nothing but Python 3.11 and its standard library. The wheel comes from PyPI and is accepted
only when its SHA-256 equals the one pinned below.
"""

from __future__ import annotations  # so that an old Python gets as far as our own message

import hashlib
import http.client
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

VERSION = "0.13.9"
OLDEST = (0, 9)
INDEX = "https://pypi.org/simple/uv/"
JSON_INDEX = "application/vnd.pypi.simple.v1+json"
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".uv" / f"uv-{VERSION}" / "uv"
BY_HAND = "or install uv yourself (https://docs.astral.sh/uv/) so that `uv` is on PATH"

# (system, machine) -> (platform tag of the wheel, its SHA-256). On aarch64 Linux one wheel serves
# both glibc and musl.
AARCH64_LINUX = (
    "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
)
WHEELS: dict[tuple[str, str], tuple[str, str]] = {
    ("linux-glibc", "x86_64"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("linux-musl", "x86_64"): (
        "musllinux_1_1_x86_64",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    ("linux-glibc", "aarch64"): AARCH64_LINUX,
    ("linux-musl", "aarch64"): AARCH64_LINUX,
    ("macos", "x86_64"): (
        "macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    ("macos", "arm64"): (
        "macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


class BootstrapError(Exception):
    """A problem whose message says in one line what to do next."""


def works(uv: str | Path) -> bool:
    """Tell whether this uv starts and is recent enough."""
    try:
        done = subprocess.run(
            [str(uv), "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"uv (\d+)\.(\d+)", done.stdout)
    return done.returncode == 0 and found is not None and (int(found[1]), int(found[2])) >= OLDEST


def wheel_for_this_machine() -> tuple[str, str]:
    """Return the file name and the pinned SHA-256 of the wheel for this machine."""
    system = {"darwin": "macos"}.get(sys.platform, sys.platform)
    if system == "linux":
        system = "linux-glibc" if platform.libc_ver()[0] == "glibc" else "linux-musl"
    machine = platform.machine().lower()
    if (system, machine) not in WHEELS:
        raise BootstrapError(f"no uv is pinned for {system} on {machine}: {BY_HAND[3:]}")
    tag, digest = WHEELS[system, machine]
    return f"uv-{VERSION}-py3-none-{tag}.whl", digest


def fetch(url: str, accept: str = "*/*") -> bytes:
    """Download one address, trusting the certificates the system (or SSL_CERT_FILE) names."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if not os.environ.get(name, "-"):
            del os.environ[name]  # set but empty would mean: trust nobody
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        debian = Path("/etc/ssl/certs/ca-certificates.crt")
        if debian.is_file():
            context.load_verify_locations(cafile=debian)
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return bytes(answer.read())
    except (OSError, http.client.HTTPException) as error:
        host = urllib.parse.urlsplit(url).hostname
        reason = getattr(error, "reason", error)
        advice = f"check the network, the proxy and SSL_CERT_FILE, {BY_HAND}"
        raise BootstrapError(f"cannot download uv from {host} ({reason}): {advice}") from None


def install() -> Path:
    """Download, check and unpack the pinned uv; return where it is."""
    filename, digest = wheel_for_this_machine()
    try:
        files = json.loads(fetch(INDEX, JSON_INDEX))["files"]
    except (ValueError, KeyError, TypeError):
        raise BootstrapError(f"{INDEX} gave no package list: check the proxy, {BY_HAND}") from None
    urls = [urllib.parse.urljoin(INDEX, f["url"]) for f in files if f["filename"] == filename]
    if not urls:
        raise BootstrapError(f"{INDEX} does not list {filename}: check the mirror, {BY_HAND}")
    wheel = fetch(urls[0])
    if hashlib.sha256(wheel).hexdigest() != digest:
        raise BootstrapError(f"{filename} differs from its pinned SHA-256: try again, {BY_HAND}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=TARGET.parent, delete=False) as draft:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            draft.write(archive.read(f"uv-{VERSION}.data/scripts/uv"))
    os.chmod(draft.name, 0o755)
    os.replace(draft.name, TARGET)
    return TARGET


def main() -> int:
    """Print the path of uv; return the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - run with the wrong python3, it should say so
        print("bootstrap_uv: needs Python 3.11 or newer: install python3.11", file=sys.stderr)
        return 1
    try:
        on_path = shutil.which("uv")
        uv = on_path if on_path and works(on_path) else TARGET if works(TARGET) else install()
    except (BootstrapError, OSError) as error:
        print(f"bootstrap_uv: {error}", file=sys.stderr)
        return 1
    print(uv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
