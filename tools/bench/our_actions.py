"""Our actions on rasa_sdk's action server, for setup 2: Rasa's own server with our model.

ADR 0004 runs actions in Rasa's process, and says what leaving that would take: a wrapper that makes
a `Turn` from Rasa's request. This is that wrapper. The same functions answer, on a database of the
server's own, one transaction per action. What `Assistant.respond` does around Rasa (commands that
are typed, naming 112 first, reading who says what to a report that was just sent) is not in Rasa's
path, and so not measured here.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.desk import StoreDesk
from bottlenecks.crypto import Cipher
from bottlenecks.retention import KEEP_CLOSED_REPORTS_DAYS, periods
from bottlenecks.store import Database, open_database
from bottlenecks.store.database import random_id
from dialogues.actions import ACTIONS
from dialogues.regional import layered
from dialogues.rendering import TOPIC
from dialogues.reply import Incoming, Reply
from dialogues.report_reading import ReportReading, read_report
from dialogues.turn import Memory, Turn
from dialogues.understanding import Understood, understand
from knowledge import Knowledge, load
from nlu.decision import Candidate
from nlu.report_model import ReportModel
from nlu.topics import TAP_INTENT, intent_of, topic_of
from nlu.training import REPORTS_NAME

CHANNEL = "rasa"
# the entity with the value of a button
CHOICE = "choice"


@cache
def _database() -> Database:
    return open_database(os.environ["DATABASE_URL"], Cipher(os.environ["SECRET_KEY"]))


@cache
def _knowledge() -> Knowledge:
    return load()


@cache
def _reports() -> ReportModel:
    return ReportModel.load(Path(os.environ["MODEL_DIR"]) / REPORTS_NAME)


class _Served(Action):
    """An action of ours, by its name."""

    action = ""

    def name(self) -> str:
        return self.action

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        knowledge = _knowledge()
        said = tracker.latest_message
        text = str(said.get("text") or "")
        choice = _choice(text)
        incoming = Incoming(choice=choice) if choice else Incoming(text=text)
        kept = periods(KEEP_CLOSED_REPORTS_DAYS)
        with _database().work() as work:
            account = work.accounts.find_or_create(CHANNEL, tracker.sender_id, tracker.sender_id)
            conversation = work.conversations.latest_of(account.id)
            slots = {name: value for name, value in tracker.slots.items() if value is not None}
            flow = work.flows.active_in(conversation.id)
            desk = StoreDesk(work, account, conversation.id, knowledge.revision, kept)
            memory = Memory(conversation.id, slots, [], flow)
            turn = Turn(incoming, memory, knowledge, desk, random_id, _read_report)
            turn.knowledge = layered(knowledge, desk.regional(), turn.region)
            turn.understood = _understood(incoming, said, slots.get("topic"))
            ACTIONS[self.action](turn)
            desk.count(turn.counted)
            desk.finish()
        for reply in turn.replies:
            dispatcher.utter_message(text=reply.text, buttons=_buttons(reply, knowledge))
        return [SlotSet(name, value) for name, value in turn.slots.items()]


# rasa_sdk finds what is a subclass in this module
SERVED = tuple(type(name, (_Served,), {"action": name}) for name in ACTIONS)


def _read_report(text: str) -> ReportReading:
    return read_report(text, _knowledge(), _reports())


def _choice(text: str) -> str | None:
    """The value of the button that was tapped, from what Rasa's channel was sent."""
    if not text.startswith("/") or "{" not in text:
        return None
    return str(json.loads(text[text.index("{") :])[CHOICE])


def _buttons(reply: Reply, knowledge: Knowledge) -> list[dict[str, str]]:
    buttons = []
    for choice in reply.choices:
        topic = choice.value.removeprefix(TOPIC)
        is_topic = choice.value.startswith(TOPIC) and topic in knowledge.topics
        intent = intent_of(topic) if is_topic else TAP_INTENT
        payload = f"/{intent}{json.dumps({CHOICE: choice.value}, ensure_ascii=False)}"
        buttons.append({"title": choice.label, "payload": payload})
    return buttons


def _understood(incoming: Incoming, said: dict[str, Any], last_topic: str | None) -> Understood:
    """What Rasa understood, as the assistant has it."""
    intent = said.get("intent") or {}
    candidates = tuple(
        Candidate(topic_of(one["name"]), float(one["confidence"]))
        for one in said.get("intent_ranking") or ()
    )
    whole = Understood(
        topic_of(str(intent.get("name") or "")), float(intent.get("confidence") or 0.0), candidates
    )
    if incoming.choice is not None:
        return whole
    return understand(incoming.text, last_topic, _knowledge(), lambda part: whole)
