"""What does not fit a model, in the words of who mends it: a regional officer."""

from collections.abc import Mapping
from typing import Any


def in_dutch(kind: str, context: Mapping[str, Any], message: str) -> str:
    """A problem that pydantic found, in Dutch.

    Args:
        kind: pydantic's name for the kind of problem.
        context: its numbers.
        message: pydantic's own words, for a kind that is not known here.
    """
    words = _WORDS.get(kind)
    if words is None:
        return f"dit past hier niet ({message})"
    if kind in ("enum", "literal_error"):
        return words.format(expected=str(context.get("expected", "")).replace(" or ", " of "))
    return words.format(**context)


_WORDS = {
    "missing": "ontbreekt",
    "extra_forbidden": "deze naam is hier niet bekend",
    "string_too_short": "moet minstens {min_length} tekens hebben",
    "string_too_long": "mag hoogstens {max_length} tekens hebben",
    "string_pattern_mismatch": "is niet geschreven zoals het hoort ({pattern})",
    "string_type": "moet tekst zijn (zet er aanhalingstekens omheen)",
    "too_short": "moet minstens {min_length} regel(s) hebben",
    "too_long": "mag hoogstens {max_length} regel(s) hebben",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "int_type": "moet een getal zijn",
    "int_parsing": "moet een getal zijn",
    "int_from_float": "moet een heel getal zijn",
    "bool_type": "moet ja of nee zijn",
    "bool_parsing": "moet ja of nee zijn",
    "tuple_type": "moet een lijst zijn",
    "list_type": "moet een lijst zijn",
    "dict_type": "moet namen met waarden hebben",
    "model_type": "moet namen met waarden hebben",
    "enum": "moet een van deze zijn: {expected}",
    "literal_error": "moet een van deze zijn: {expected}",
}
