"""docs/growth.md: each command that measures writes the part between its own marks."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "growth.md"


def machine() -> str:
    """On what was measured, and when."""
    model = platform.machine()
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}{load}"
    )


def keep(part: str, measured: str, document: Path = DOCUMENT) -> None:
    """Put what was measured in its part of the document.

    Raises:
        ValueError: the document has no such part.
    """
    text = document.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"{document.name} has no part {part}")
    written = f"Measured on {machine()}.\n\n{measured}\n\n"
    text = marked.sub(lambda found: found[1] + written + found[2], text)
    document.write_text(text, encoding="utf-8")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
