"""Actions of the yardstick, for rasa_sdk's action server in Python 3.10."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

TASKS = 7
KINDS = {"thuiszorg": "Thuiszorg", "ggz": "GGZ", "telefoon": "Telefonie", "medicatie": "Medicatie"}
REGIONS = {"geleen": "Westelijke Mijnstreek", "utrecht": "Utrecht", "heerlen": "Parkstad"}
SLOTS = ["kind", "region", "story", "severity", "practice", "answer"]


def titles() -> dict[str, str]:
    """The titles of the topics, by intent."""
    found: dict[str, str] = json.loads(Path("titles.json").read_text(encoding="utf-8"))
    return found


def database() -> sqlite3.Connection:
    """Where reports are kept."""
    connection = sqlite3.connect(os.environ.get("REPORTS_DB", "reports.db"), timeout=10)
    columns = ", ".join(f"{name} TEXT" for name in SLOTS)
    connection.execute(f"CREATE TABLE IF NOT EXISTS reports (id INTEGER PRIMARY KEY, {columns})")
    return connection


def found(words: dict[str, str], text: str) -> str | None:
    """What the first of these words in a text stands for."""
    return next((value for word, value in words.items() if word in text.lower()), None)


class Clarify(Action):
    """Offers what comes nearest."""

    def name(self) -> str:
        """See `Action`."""
        return "action_clarify"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """See `Action`."""
        known = titles()
        ranking = [one["name"] for one in tracker.latest_message.get("intent_ranking", [])]
        near = [name for name in ranking if name in known][:3]
        buttons = [{"title": known[name], "payload": "/" + name} for name in near]
        dispatcher.utter_message(text="Ik weet niet zeker wat je bedoelt.", buttons=buttons)
        return []


class BeginReport(Action):
    """Reads what a report already says."""

    def name(self) -> str:
        """See `Action`."""
        return "action_begin_report"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """See `Action`."""
        text = tracker.latest_message.get("text") or ""
        new = {"kind": found(KINDS, text), "region": found(REGIONS, text), "story": text}
        empty = dict.fromkeys(["severity", "practice", "answer", "confirmed"])
        return [SlotSet(name, value) for name, value in {**new, **empty}.items()]


class AskConfirmed(Action):
    """Shows the whole report."""

    def name(self) -> str:
        """See `Action`."""
        return "action_ask_confirmed"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """See `Action`."""
        lines = [f"{name}: {tracker.get_slot(name)}" for name in SLOTS]
        dispatcher.utter_message(
            text="Klopt dit?\n\n" + "\n".join(lines),
            buttons=[
                {"title": "Versturen", "payload": '/choose{"confirmed": "ja"}'},
                {"title": "Ernst aanpassen", "payload": '/choose{"confirmed": "ernst"}'},
            ],
        )
        return []


class ValidateReport(FormValidationAction):
    """Goes back to a step that is to be changed."""

    def name(self) -> str:
        """See `Action`."""
        return "validate_report_form"

    def validate_confirmed(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """What becomes of the answer to the last question."""
        if value == "ernst":
            return {"confirmed": None, "severity": None}
        return {"confirmed": value}


class FileReport(Action):
    """Keeps a report."""

    def name(self) -> str:
        """See `Action`."""
        return "action_file_report"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """See `Action`."""
        connection = database()
        with connection:
            values = [tracker.get_slot(name) for name in SLOTS]
            marks = ", ".join("?" * len(SLOTS))
            row = connection.execute(
                f"INSERT INTO reports ({', '.join(SLOTS)}) VALUES ({marks})", values
            )
        connection.close()
        dispatcher.utter_message(text=f"Je melding is gedaan. Het nummer is {row.lastrowid}.")
        return [SlotSet("confirmed", None)]


class Checklist(Action):
    """Shows a checklist, begins it, and ticks."""

    def name(self) -> str:
        """See `Action`."""
        return "action_checklist"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """See `Action`."""
        intent = tracker.latest_message.get("intent", {}).get("name")
        if intent not in ("checklist_begin", "checklist_done"):
            dispatcher.utter_message(
                response="utter_noodplan.checklist-tijdens",
                buttons=[{"title": "Stap voor stap", "payload": "/checklist_begin"}],
            )
            return []
        ticked = 0 if intent == "checklist_begin" else int(tracker.get_slot("ticked") or 0) + 1
        dispatcher.utter_message(
            text=f"{ticked} van {TASKS} gedaan",
            buttons=[{"title": "Gedaan", "payload": "/checklist_done"}],
        )
        return [SlotSet("ticked", float(ticked))]
