"""The compose file: valid, locked down, and of one mind with the program."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values
from jsonschema.validators import validator_for

from bot.cli import app
from bot.settings import ROOT, SECRETS_DIR, Settings
from tests.deployed import DEPLOY, compose

SCHEMA = "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
COMPOSE = compose()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("regiowijzer:")]
SETTINGS = {name.upper() for name in Settings.model_fields}
EXAMPLE = dotenv_values(DEPLOY / "regiowijzer.env.example")


def faults(document: object) -> list[str]:
    """What the JSON schema of the compose specification has against a document."""
    # Apache-2.0, as check-jsonschema ships it; its code is not used, nor what that needs
    vendored = metadata.distribution("check-jsonschema").locate_file(SCHEMA)
    schema = json.loads(Path(str(vendored)).read_text(encoding="utf-8"))
    validator = validator_for(schema)(schema)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def test_it_is_valid() -> None:
    assert faults(COMPOSE) == []


def test_the_schema_sees_a_wrong_word() -> None:
    wrong = {"services": {"app": {"image": "x", "depend_on": ["database"]}}}
    assert "depend_on" in "".join(faults(wrong))


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_locked_down(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert service["restart"] == "unless-stopped"
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert service["tmpfs"]
    tag = service["image"].rsplit(":", 1)[1]
    assert tag not in ("latest", service["image"])


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "proxy"])
def test_none_but_the_proxy_runs_as_root_or_is_reached_from_outside(name: str) -> None:
    uid, _, gid = SERVICES[name]["user"].partition(":")
    assert int(uid) > 0
    assert int(gid) > 0
    assert "ports" not in SERVICES[name]
    assert "cap_add" not in SERVICES[name]


def test_the_database_cannot_be_reached_past_the_program() -> None:
    assert COMPOSE["networks"]["database"]["internal"] is True
    assert SERVICES["database"]["networks"] == ["database"]
    assert "database" not in SERVICES["proxy"]["networks"]


@pytest.mark.parametrize("name", OURS)
def test_our_settings_and_secrets_exist(name: str) -> None:
    service = SERVICES[name]
    assert set(service["environment"]) - {SECRETS_DIR} <= SETTINGS
    assert service["environment"][SECRETS_DIR] == "/run/secrets"
    assert {secret.upper() for secret in service["secrets"]} <= SETTINGS
    assert service["user"] == "10001:10001"
    assert service["volumes"] == ["data:/data"]


def test_the_example_of_settings_exists_and_holds_no_secret() -> None:
    assert set(EXAMPLE) - SETTINGS == {"SITE"}
    assert EXAMPLE["PUBLIC_URL"] == f"https://{EXAMPLE['SITE']}"
    secret = {name.upper() for name in COMPOSE["secrets"]}
    assert not secret & set(EXAMPLE)
    # what is filled in stays out of the repository
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/deploy/secrets/", "/deploy/regiowijzer.env"} <= set(ignored)


def test_every_secret_is_declared_and_used() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", OURS)
def test_our_commands_exist(name: str) -> None:
    commands = {
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback is not None
    }
    assert SERVICES[name]["command"][0] in commands


@pytest.mark.parametrize("name", SERVICES)
def test_it_waits_for_what_can_say_that_it_is_well(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how == {"condition": "service_healthy"}
        # ours have the image's own check
        check = SERVICES[other].get("healthcheck", {"disable": other not in OURS})
        assert not check.get("disable")


def test_the_program_believes_the_proxy_and_nobody_else() -> None:
    address = SERVICES["proxy"]["networks"]["outside"]["ipv4_address"]
    assert SERVICES["app"]["environment"]["TRUSTED_PROXIES"] == address
