"""Phone numbers in a text."""

import re

import phonenumbers

# what the library does not take as possible, but someone meant as a phone number
_WRITTEN = re.compile(
    r"(?<![\w+])(?:(?:\+|00)[1-9]\d?[ ().-]{0,3}(?:\(0\))?\d(?:[ ().-]{0,3}\d){7,9}"
    r"|0[1-9](?:[ ().-]{0,3}\d){8})(?!\d)"
)


def phone_numbers(text: str) -> list[tuple[int, int]]:
    """Where the phone numbers of a text begin and end, however they are spaced."""
    if not any(letter.isdigit() for letter in text):
        return []
    matcher = phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.POSSIBLE)
    found = [
        (number.start, number.end)
        for number in matcher
        if not text[number.start - 1 : number.start].isalnum()
        and _is_phone(number.raw_string, re.sub(r"\D", "", number.raw_string))
    ]
    for match in _WRITTEN.finditer(text):
        start, end = match.span()
        if all(end <= other_start or start >= other_end for other_start, other_end in found):
            found.append((start, end))
    return sorted(found)


def joined_phone_numbers(text: str) -> str:
    """A text with each phone number as one row of digits."""
    parts, position = [], 0
    for start, end in phone_numbers(text):
        parts += [text[position:start], re.sub(r"[^\d+]", "", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _is_phone(raw: str, digits: str) -> bool:
    """Dutch numbers have ten digits and begin with 0; foreign ones begin with + or 00."""
    if raw.lstrip().startswith("+") or digits.startswith("00"):
        return len(digits) >= 10
    return digits.startswith("0") and len(digits) == 10
