"""Days and moments as they are written in Dutch, in Dutch time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
SHORT_MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()


def written(day: date) -> str:
    """A day, or the day of a moment in its own zone: 28 november 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(moment: datetime) -> date:
    """The day of a moment, in Dutch time."""
    return moment.astimezone(AMSTERDAM).date()


def monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())
