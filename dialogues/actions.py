"""What the assistant does in a turn, by the name that Rasa's rules and policy give it."""

from collections.abc import Callable

from dialogues import (
    commands,
    complaints,
    counting,
    from_answer,
    my_data,
    profile,
    rendering,
    situation,
    unclear,
)
from dialogues.flows import inputs, interruptions, runner, showing
from dialogues.flows.handlers.own_reports import reactions
from dialogues.from_answer import unless_report
from dialogues.regions import Place, holds_in
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge import Topic
from knowledge.lines import unwrap
from knowledge.model import NATIONAL
from nlu.topics import EMERGENCY, OUT_OF_SCOPE

MAX_CHOICES = 3
# of the questions in one message; more would be a wall of text on a phone
MAX_ANSWERS = 2
MENU = (
    "noodplan/checklist-tijdens",
    "thuiszorg/vinden",
    "opschaling/fasen",
    "knelpunt/melden",
)


def answer(turn: Turn) -> None:
    """Answer the topic that was understood, or start its flow; then what else was asked."""
    topic = turn.knowledge.topic(turn.understood.topic)
    place = _place(turn)
    unclear.resolved(turn, topic.id)
    if len(turn.understood.asked) > 1:
        _answer_several(turn, [turn.knowledge.topic(id_) for id_ in turn.understood.asked], place)
        return
    counting.answered(turn, topic)
    if topic.id == my_data.TOPIC:
        if not commands.carry_out(turn, turn.incoming.choice or ""):
            turn.say(my_data.statement(turn))
        return
    if topic.id == situation.PHASES and situation.asks_now(turn.incoming.text):
        turn.say(_phase_now(turn))
        return
    if runner.starts_at_once(turn, topic.id):
        runner.start(turn, topic.id, text=turn.incoming.text)
        return
    if turn.understood.focus is not None:
        turn.say(rendering.focused(topic, turn.knowledge, turn.understood.focus, place))
    else:
        reply = rendering.answer(topic, turn.knowledge, place, turn.understood.entities)
        if topic.id in ("gesprek/groet", "gesprek/help"):
            own = Choice(label="Mijn regio en functie", value=profile.SET_UP)
            reply = reply.model_copy(update={"choices": (*_menu(turn), own)})
        lead = _unknown_phase(turn) + _own_region(turn, topic, place)
        turn.say(reply.model_copy(update={"text": lead + reply.text + _now(turn, topic)}))
    if topic.sources:
        turn.slots["topic"] = topic.id


def _own_region(turn: Turn, topic: Topic, place: Place | None) -> str:
    """For which region the answer is, to whoever told where they work."""
    if place is None or not topic.sources or not turn.desk.profile().region:
        return ""
    if topic.scope == NATIONAL:
        return f"Voor {place.name} (landelijke afspraak):\n\n"
    return f"Voor {place.name}:\n\n" if holds_in(topic, place, turn.knowledge) else ""


def _now(turn: Turn, topic: Topic) -> str:
    """What holds now, after an answer that is about it."""
    said = ""
    if topic.id in situation.ABOUT_NOW:
        said = situation.current_phase(turn)
    elif topic.id == situation.GREETING:
        said = situation.greeting(turn)
    return f"\n\n{said}" if said else ""


def _phase_now(turn: Turn) -> Reply:
    choices = [rendering.topic_choice(turn.knowledge.topic(situation.PHASES))]
    if turn.region is None:
        choices.append(Choice(label="Mijn regio en functie", value=profile.SET_UP))
    return Reply(text=situation.current_phase(turn), choices=tuple(choices), topic=situation.PHASES)


def _unknown_phase(turn: Turn) -> str:
    phase = turn.understood.entities.phase
    if phase is None or phase == "3" or "opschaling/fase-" + phase in turn.knowledge.topics:
        return ""
    return f"Fase {phase} ken ik niet uit het plan.\n\n"


def _answer_several(turn: Turn, topics: list[Topic], place: Place | None) -> None:
    """Answer the first two questions in the order in which they were asked; offer the others.

    A flow ends the turn with a question of its own, so it is offered, not started.
    """
    answered = [topic for topic in topics if not runner.starts_at_once(turn, topic.id)]
    answered = answered[:MAX_ANSWERS]
    for topic in answered:
        reply = rendering.answer(topic, turn.knowledge, place)
        turn.say(reply.model_copy(update={"text": f"{topic.title}\n\n{reply.text}"}))
        counting.answered(turn, topic)
        turn.slots["topic"] = topic.id
    later = [topic for topic in topics if topic not in answered]
    if later:
        turn.say(
            Reply(
                text="Je vroeg nog meer. Kies wat je hierna wilt weten of doen.",
                choices=tuple(rendering.topic_choice(topic) for topic in later),
            )
        )


def clarify(turn: Turn) -> None:
    """Offer the topics that come near; never the same ones again."""
    turned_away = unclear.offered(turn)
    topics = [
        turn.knowledge.topics[candidate.topic]
        for candidate in turn.understood.candidates
        if candidate.topic in turn.knowledge.topics
        and candidate.topic not in (OUT_OF_SCOPE, EMERGENCY, *turned_away)
    ][:MAX_CHOICES]
    misses = unclear.missed(turn, "clarified", [topic.id for topic in topics])
    if misses == 2 or not topics:
        _way_out(turn, misses)
        return
    turn.say(
        Reply(
            text="Ik weet niet zeker wat je bedoelt. Gaat het over een van deze onderwerpen?",
            choices=(
                *reactions(turn),
                *(rendering.topic_choice(topic) for topic in topics),
                Choice(label="Geen van deze", value=rendering.TOPIC + OUT_OF_SCOPE),
            ),
        )
    )


def decline(turn: Turn) -> None:
    """Say honestly that this is not known, and what is."""
    misses = unclear.missed(turn, "declined", [])
    if misses > 1:
        _way_out(turn, misses)
        return
    topic = turn.knowledge.topic(OUT_OF_SCOPE)
    reply = rendering.answer(topic, turn.knowledge, None)
    turn.say(
        reply.model_copy(
            update={"choices": (*reactions(turn), *_menu(turn), *from_answer.choices(turn))}
        )
    )


def _way_out(turn: Turn, misses: int) -> None:
    """After a second failure in a row: the subjects, and a person; after a third a person first."""
    person = Choice(label="Iemand spreken", value=rendering.TOPIC + "gesprek/mens")
    if misses == 2:
        turn.say(
            Reply(
                text="Hier heb ik nog geen antwoord op. Kies een onderwerp, of vraag het je "
                "regio-organisatie (RHO).",
                choices=(
                    *reactions(turn),
                    *_menu(turn),
                    *from_answer.choices(turn),
                    person,
                ),
            )
        )
        return
    turn.say(
        Reply(
            text="Ik kom er niet uit. Een mens kan je beter helpen: vraag het je "
            "regio-organisatie (RHO). Of typ je vraag in één korte zin.",
            choices=(
                person,
                *from_answer.choices(turn),
                Choice(label="Wat kun je?", value=rendering.TOPIC + "gesprek/help"),
            ),
        )
    )


def emergency(turn: Turn) -> None:
    """112 first; a running flow goes on at the same step, or with what was told of danger."""
    if interruptions.is_answer(turn):
        interruptions.go_on(turn)
        return
    turn.say(rendering.answer(turn.knowledge.topic(EMERGENCY), turn.knowledge, None))
    if interruptions.is_told(turn):
        interruptions.go_on(turn, lead="Wat je typte, staat in je melding.")
        return
    showing.show_again(turn, "Daarna kun je hier verder waar je was.")


def source(turn: Turn) -> None:
    """Where the last answer comes from."""
    turn.say(rendering.where(turn.slot("topic"), turn.knowledge))


def human(turn: Turn) -> None:
    """How to reach a person: the region's contact, or that it is not known."""
    topic = turn.knowledge.topic("gesprek/mens")
    place = _place(turn)
    region = turn.knowledge.regions.get(place.region) if place and place.region else None
    if region is not None:
        known = situation.reaching(region)
    else:
        known = "Ik weet niet in welke regio je werkt. Zeg het me, dan kijk ik wat ik weet."
    turn.say(
        Reply(
            text=f"{unwrap(topic.answer)}\n\n{known}",
            choices=(Choice(label="Een knelpunt melden", value="t:knelpunt/melden"),),
            topic=topic.id,
        )
    )


def stop(turn: Turn) -> None:
    """Nothing is running: say so kindly."""
    turn.say(rendering.answer(turn.knowledge.topic("gesprek/stop"), turn.knowledge, None))


def tap(turn: Turn) -> None:
    """A button that is no topic: a command, more, step by step; or one of a flow that is over."""
    value = turn.incoming.choice or ""
    if commands.carry_out(turn, value):
        return
    topic = turn.knowledge.topics.get(value.partition(":")[2])
    if topic is not None and value.startswith(rendering.MORE):
        turn.say(rendering.more(topic, turn.knowledge))
        return
    if topic is not None and value.startswith(rendering.WALK) and topic.id in turn.knowledge.flows:
        counting.answered(turn, topic)
        runner.start(turn, topic.id)
        return
    if value == rendering.NO_STEP:
        turn.say(
            Reply(
                text="Je bent nu niet met stappen bezig. Stel je vraag, of kies een onderwerp.",
                choices=_menu(turn),
            )
        )
        return
    if value == "meer":
        last = turn.slot("topic")
        turn.say(
            rendering.more(turn.knowledge.topic(last), turn.knowledge)
            if last
            else Reply(text="Stel eerst een vraag. Daarna kan ik er meer over vertellen.")
        )
        return
    gone = "Die knop werkt niet meer. Typ je vraag, of kies."
    if value.startswith(inputs.PREFIX + ":"):
        gone = "Die knop werkt niet meer: die stappen zijn hier klaar. Typ je vraag, of kies."
    turn.say(Reply(text=gone, choices=_menu(turn)))


def go_on(turn: Turn) -> None:
    """A flow is running: it takes the turn."""
    interruptions.go_on(turn)


Action = Callable[[Turn], None]

ACTIONS: dict[str, Action] = {
    "action_answer": unless_report(answer),
    "action_clarify": unless_report(clarify),
    "action_decline": unless_report(decline),
    "action_emergency": emergency,
    "action_source": unless_report(source),
    "action_feedback": unless_report(complaints.feedback),
    "action_human": unless_report(human),
    "action_stop": unless_report(stop),
    "action_flow": go_on,
    "action_tap": tap,
}


def _menu(turn: Turn) -> tuple[Choice, ...]:
    """What is offered first: to whoever told their role, what that role asks most."""
    role = turn.knowledge.roles.get(turn.desk.profile().role or "")
    topics = role.menu if role is not None else MENU
    return tuple(rendering.topic_choice(turn.knowledge.topic(topic)) for topic in topics)


def _place(turn: Turn) -> Place | None:
    place = turn.understood.entities.place
    if place is not None:
        turn.slots["region"] = place.as_slot()
        return place
    return profile.place_in(turn)
