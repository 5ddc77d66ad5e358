"""Topic ids and Rasa's intent names: the same, but for the slash, which Rasa keeps for itself."""

# not a topic: the message is close to several
CLARIFY_INTENT = "verduidelijken"
OUT_OF_SCOPE = "buiten-bereik"
EMERGENCY = "gesprek/spoed"
# not a topic: a tapped button that belongs to no topic
TAP_INTENT = "keuze"


def intent_of(topic_id: str) -> str:
    """`noodplan/coordinatie` as Rasa's `noodplan.coordinatie`."""
    return topic_id.replace("/", ".")


def topic_of(intent: str) -> str:
    """The reverse of `intent_of`."""
    return intent.replace(".", "/")
