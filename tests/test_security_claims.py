"""What docs/security.md says of how it is built: hashes of libraries, comparing secrets."""

import ast
import hashlib
import hmac
import re
import tomllib
from collections.abc import Callable
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.metrics import Metrics
from bot.settings import ROOT
from bot.telegram import TelegramInbox
from bot.web import operator, telegram_webhook
from bottlenecks.store import Database
from tests.desk import Browser, add_officer, make_desk

SECRET = "s" * 40
HASH = re.compile(r"sha256:[0-9a-f]{64}")
# where what somebody shows is compared with what they must know; what is kept as a keyed hash
# (sessions, keys, invitations, codes) is looked up by it, and compared nowhere
COMPARES = (
    ("bot/web/telegram_webhook.py", "receive"),
    ("bot/web/operator.py", "_knows"),
    ("bottlenecks/desk/session.py", "validate_csrf_token"),
    ("bottlenecks/desk/people/oidc.py", "come_back"),
)
LOOKED_UP = {
    "bottlenecks/store/officers.py": "DeskSession.token_hash",
    "bottlenecks/store/tokens.py": "ApiToken.token_hash",
    "bottlenecks/store/invitations.py": "Invitation.token_hash",
    "bottlenecks/store/codes.py": "AccessCode.code_hash",
}
# a program's own way of spelling `==`
EQUALS = {"__eq__", "__ne__", "eq", "ne", "startswith", "endswith", "fullmatch"}


def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


# libraries


def test_every_library_is_locked_with_its_hash() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = lock["package"]
    assert len(packages) > 50
    for package in packages:
        name, source = package["name"], package["source"]
        if source == {"editable": "."}:
            assert name == "regiowijzer"
            continue
        # from an index, or a file that is kept here; from no repository, address or folder
        assert set(source) == {"registry"} or set(source) == {"path"}, name
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files, name
        for file in files:
            assert HASH.fullmatch(file["hash"]), (name, file)
        if "path" in source:
            kept = hashlib.sha256((ROOT / source["path"]).read_bytes()).hexdigest()
            assert files[0]["hash"] == f"sha256:{kept}"


# comparing


@pytest.mark.parametrize(("path", "name"), COMPARES)
def test_a_secret_is_compared_in_constant_time(path: str, name: str) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [one for one in ast.walk(tree(path)) if isinstance(one, kinds) and one.name == name]
    assert len(found) == 1
    inside = list(ast.walk(found[0]))
    calls = [one for one in inside if isinstance(one, ast.Call)]
    compared = [one for one in calls if ast.unparse(one.func) == "hmac.compare_digest"]
    assert len(compared) == 1
    words = {part for one in compared[0].args for part in re.findall(r"\w+", ast.unparse(one))}
    words -= {"encode", "str", "or", "strip", "data"}
    assert len(words) >= 2
    for call in calls:
        used = ast.unparse(call.func).rpartition(".")[2]
        assert used not in EQUALS or not words & set(re.findall(r"\w+", ast.unparse(call)))
    for one in inside:
        if isinstance(one, ast.Compare) and not isinstance(one.ops[0], ast.Is | ast.IsNot):
            assert not words & set(re.findall(r"\w+", ast.unparse(one))), ast.unparse(one)


@pytest.mark.parametrize(("path", "column"), LOOKED_UP.items())
def test_what_is_kept_as_a_hash_is_looked_up_by_it(path: str, column: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    kept = column.partition(".")[2]
    for compared in re.findall(rf"{re.escape(column)} == (.*)", source):
        assert compared.startswith("self._hash("), compared
    assert re.search(rf"{kept}=self\._hash\(|{re.escape(column)} == self\._hash\(", source)


def let_in(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """From now on all is the same to who compares in constant time; gives what was compared."""
    seen: list[tuple[bytes, bytes]] = []

    def same(left: bytes, right: bytes) -> bool:
        seen.append((left, right))
        return True

    monkeypatch.setattr(hmac, "compare_digest", same)
    return seen


def webhook(database: Database) -> Callable[[], int]:
    app = FastAPI()
    inbox = cast(TelegramInbox, None)  # what comes is no update
    app.include_router(telegram_webhook.router(telegram_webhook.Webhook(inbox, SECRET)))
    headers = {telegram_webhook.SECRET_HEADER: "geraden"}
    client = TestClient(app)
    return lambda: client.post(telegram_webhook.PATH, content=b"[]", headers=headers).status_code


def figures(database: Database) -> Callable[[], int]:
    app = FastAPI()
    app.include_router(operator.router(database, Metrics(database), SECRET))
    client = TestClient(app)
    headers = {"Authorization": "Bearer geraden"}
    return lambda: client.get("/metrics", headers=headers).status_code


def desk(database: Database) -> Callable[[], int]:
    add_officer(database)
    browser = Browser(make_desk(database))
    browser.logs_in()
    where = "/beheer/account"
    data = {"csrf_token": "geraden", "current": "x", "new": "y", "again": "z"}

    def sends() -> int:
        answer = browser.client.post(where, data=data)
        assert answer.status_code == 422
        return 403 if "stond te lang open" in answer.text else 422

    return sends


@pytest.mark.parametrize(
    ("place", "refused", "taken"),
    [(webhook, 403, 400), (figures, 401, 200), (desk, 403, 422)],
)
def test_only_that_comparison_lets_in(
    database: Database, monkeypatch: pytest.MonkeyPatch, place: Any, refused: int, taken: int
) -> None:
    asks = place(database)
    assert asks() == refused
    seen = let_in(monkeypatch)
    assert asks() == taken
    assert any(left == b"geraden" and right != left for left, right in seen)
