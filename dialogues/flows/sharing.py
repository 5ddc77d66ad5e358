"""Codes in a conversation: hand a flow over to a colleague, link another channel."""

from bottlenecks.store.codes import HANDOVER_VALID, LINK_VALID, code_in
from dialogues.flows import parking
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn

LINK = "koppel"
CODE = "code:"
# followed by the code; by nothing: do not link after all
CONFIRM = "koppel:"
# of a message around a code
_MAX_WORDS = 8


def hand_over(turn: Turn) -> Reply:
    """A code with which a colleague can walk the running flow as well."""
    if turn.flow is None:
        return Reply(text="Je bent nu niet met stappen bezig. Er is niets om door te geven.")
    code = turn.desk.flows.hand_over(turn.flow.run_id)
    hours = HANDOVER_VALID.seconds // 3600 + HANDOVER_VALID.days * 24
    return Reply(
        text=f"Geef deze code aan je collega: {code}\n\n"
        f"Je collega typt de code hier in de chat en ziet dan dezelfde stappen. De code werkt één "
        f"keer, en blijft {hours} uur geldig. Jullie zien allebei wie wat heeft gedaan, en wanneer."
    )


def link(turn: Turn) -> Reply:
    """A code with which the person can go on elsewhere."""
    minutes = LINK_VALID.seconds // 60
    return Reply(
        text=f"Typ deze code op je andere apparaat: {turn.desk.flows.link()}\n\n"
        f"De code werkt één keer, {minutes} minuten lang. Daarna zie je daar ook je meldingen en "
        "waar je mee bezig was. Geef de code aan niemand anders: die ziet dan alles wat jij ziet."
    )


def as_code(text: str) -> str | None:
    """The input for a message that is (about) a code; None when it is not.

    "ja" before the code confirms that it links.
    """
    code = code_in(text)
    if code is None or len(text.split()) > _MAX_WORDS:
        return None
    return (CONFIRM if text.lower().startswith("ja") else CODE) + code


def redeem(turn: Turn, code: str, *, confirmed: bool = False) -> Reply | None:
    """Use a code that was typed. None: a flow was joined, which is to be shown now."""
    found = turn.desk.flows.redeem(code, confirmed=confirmed)
    if found is None:
        return Reply(
            text="Die code ken ik niet, of hij is al gebruikt of verlopen. Kijk of je hem goed "
            "hebt getypt, of vraag een nieuwe."
        )
    if found.flow is not None:
        turn.take_up(found.flow)
        return None
    if found.own:
        return Reply(text="Deze code komt van jezelf. Typ hem op je andere apparaat, of geef hem.")
    if found.asks:
        return Reply(
            text="Met deze code koppel je dit gesprek aan een ander apparaat. Wie de code maakte, "
            "ziet dan ook jouw meldingen. Doe dit alleen als je de code zelf hebt gemaakt: tik op "
            'de knop, of typ "ja" met de code erachter.',
            choices=(
                Choice(label="Ja, het is mijn code", value=CONFIRM + code),
                Choice(label="Nee, niet koppelen", value=CONFIRM),
            ),
        )
    if not found.linked:
        return Reply(text="Je collega is hier al mee klaar. Er is niets meer om over te nemen.")
    choices = parking.choices(turn, turn.desk.flows.unfinished())
    waiting = " Dit stond nog open:" if choices else ""
    return Reply(
        text="Gekoppeld. Je ziet hier nu ook je meldingen en waar je mee bezig was." + waiting,
        choices=choices,
    )
