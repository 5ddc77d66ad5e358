"""Makes the project of setup 1: what a developer would have who follows Rasa's own manual.

Configuration as `rasa init` writes it (DIET, TED, memoization, rules), a form, actions on an action
server; an intent, a rule and an answer for each of our topics, and some of our training sentences.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge import Knowledge, load
from nlu.data import training_sentences
from nlu.topics import OUT_OF_SCOPE, intent_of
from tools.bench import script

HERE = Path(__file__).parent / "rasa_default"
# of our 22,000 sentences: on two cores DIET takes half an hour for 1,900 of them
SENTENCES_PER_TOPIC = 5
# what an action does, instead of an answer
BY_ACTION = ("knelpunt.melden", "noodplan.checklist-tijdens")
# questions after each other in one story
IN_A_STORY = 3
BUTTONS = 3


def make(folder: Path, initial: Path, action_url: str) -> None:
    """Write the project into `folder`; `initial` is what `rasa init` begins with.

    `action_url` is where its action server will listen.
    """
    knowledge = load()
    shutil.copytree(HERE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    config = (initial / "config.yml").read_text(encoding="utf-8")
    config = config.replace("language: en", "language: nl")
    (folder / "config.yml").write_text(
        config.replace("placeholder_default", "yardstick"), encoding="utf-8"
    )
    _write(folder / "endpoints.yml", {"action_endpoint": {"url": f"{action_url}/webhook"}})
    data = folder / "data"
    data.mkdir()
    for name in ("rules.yml", "stories.yml"):
        shutil.move(folder / name, data / name)
    sentences = _sentences()
    intents = sorted(sentences)
    _write(data / "nlu.yml", {"version": "3.1", "nlu": [_nlu(i, sentences[i]) for i in intents]})
    answered = [intent for intent in intents if intent not in BY_ACTION]
    rules = [
        {"rule": f"answer {name}", "steps": [{"intent": name}, {"action": f"utter_{name}"}]}
        for name in answered
    ]
    _write(data / "topics.yml", {"version": "3.1", "rules": rules, "stories": _stories(answered)})
    domain = yaml.safe_load((folder / "domain.yml").read_text(encoding="utf-8"))
    domain["intents"] += intents
    domain["responses"] |= _responses(knowledge)
    _write(folder / "domain.yml", domain)
    titles = {intent_of(id_): topic.title for id_, topic in knowledge.topics.items()}
    (folder / "titles.json").write_text(json.dumps(titles), encoding="utf-8")


def _sentences() -> dict[str, list[str]]:
    """Some sentences of every topic, spread over those who wrote them, and those of the script.

    With so few of ours it would not know what the people of the bench say, and do less for them.
    """
    by_topic: dict[str, list[str]] = defaultdict(list)
    for sentence in training_sentences():
        if "\n" not in sentence.text:
            by_topic[intent_of(sentence.topic)].append(sentence.text)
    chosen = {
        intent: texts[:: max(1, len(texts) // SENTENCES_PER_TOPIC)][:SENTENCES_PER_TOPIC]
        for intent, texts in by_topic.items()
    }
    for intent, texts in script.SENTENCES.items():
        chosen[intent] += [text for text in texts if text not in chosen[intent]]
    return chosen


def _nlu(intent: str, sentences: Sequence[str]) -> dict[str, str]:
    return {"intent": intent, "examples": "".join(f"- {_plain(text)}\n" for text in sentences)}


def _plain(text: str) -> str:
    """A sentence without the signs with which Rasa marks entities."""
    return text.translate(str.maketrans("[]{}", "()()"))


def _stories(intents: Sequence[str]) -> list[dict[str, Any]]:
    known = [name for name in intents if name != OUT_OF_SCOPE]
    return [
        {
            "story": f"questions {number}",
            "steps": [
                step
                for name in (known[number:] + known)[:IN_A_STORY]
                for step in ({"intent": name}, {"action": f"utter_{name}"})
            ],
        }
        for number in range(len(known))
    ]


def _responses(knowledge: Knowledge) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for id_, topic in knowledge.topics.items():
        response: dict[str, Any] = {"text": topic.answer}
        if topic.related:
            response["buttons"] = [
                {"title": knowledge.topics[other].title, "payload": f"/{intent_of(other)}"}
                for other in topic.related[:BUTTONS]
            ]
        responses[f"utter_{intent_of(id_)}"] = [response]
    return responses


def _write(file: Path, data: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    file.write_text(text, encoding="utf-8")
