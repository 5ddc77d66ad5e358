"""Reports of several practices and groups of them, for tests of the desk and the chat."""

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.reports import Draft
from dialogues.reply import Reply
from tests.conftest import Talk

# five ways to say the same
NO_HOME_CARE = (
    "Er is geen thuiszorg te vinden in Utrecht, alle organisaties zitten vol.",
    "Nergens thuiszorg te vinden in de stad Utrecht, alle organisaties zeggen dat ze vol zitten.",
    "Geen thuiszorg te vinden in Overvecht, overal waar we bellen zit het vol.",
    "We vinden geen thuiszorg in Utrecht, geen enkele organisatie heeft plek, alles zit vol.",
    "Al de hele week geen thuiszorg te vinden in Utrecht, alles zit vol.",
)
TITLE = "Geen thuiszorg te vinden in Utrecht"
PROBLEM = "er is geen thuiszorg te vinden in Utrecht, alles zit vol, wil dit melden"
QUESTION = "Hoort jouw melding hierbij?"


def report(
    database: Database,
    description: str,
    user: str = "u1",
    *,
    category: str = "thuiszorg",
    region: str | None = "utrecht",
    practice: str | None = None,
    answer_wanted: bool = True,
    answerable: bool = True,
) -> str:
    """File a report as `user` on the channel of `Talk`; gives its reference."""
    draft = Draft(category, region, None, description, None, "midden", answer_wanted)
    with database.work() as work:
        account = work.accounts.find_or_create("test", user, user)
        return work.reports.file(
            draft,
            person_id=account.person_id,
            account_id=account.id if answerable else None,
            practice_id=work.accounts.practice_id(practice) if practice else None,
        )


def reports(database: Database) -> list[str]:
    """Five reports about the same, of five practices; their references."""
    return [
        report(database, text, f"p{number}", practice=f"Voorbeeldpraktijk {number}")
        for number, text in enumerate(NO_HOME_CARE, 1)
    ]


def group(
    database: Database, references: list[str], title: str = TITLE, actor: str = "melder"
) -> int:
    """Bring reports together; gives the number of the group."""
    with database.work() as work:
        return work.groups.create(title, references, EVERYWHERE, actor=actor)


def told(database: Database) -> dict[str, list[Reply]]:
    """What arrives in the chats now, by user."""
    found: dict[str, list[Reply]] = {}
    while True:
        with database.work() as work:
            due = work.outbox.due("test")
            for item in due:
                reply = Reply.model_validate_json(item.payload)
                found.setdefault(item.address, []).append(reply)
                work.outbox.sent(item.id)
        if not due:
            return found


def texts(replies: list[Reply] | None) -> str:
    """The texts of replies; empty for none."""
    return "\n".join(reply.text for reply in replies or ())


def send(talk: Talk, problem: str = PROBLEM) -> str:
    """Report a problem, and give what is said when it is sent."""
    seen = talk.says(problem)
    answers = {
        "soort": "thuiszorg",
        "regio": "Utrecht",
        "wat": "er is geen thuiszorg te vinden",
        "geprobeerd": "niets",
        "ernst": "midden",
        "praktijk": "anoniem",
        "antwoord": "ja",
    }
    while (step := talk.replies[-1].step) != "controle":
        assert step in answers, f"unexpected step {step}: {seen}"
        seen = talk.says(answers[step])
    return talk.taps("Versturen")


def own_group(database: Database, reference: str) -> int | None:
    """The number of the group that a report is in, if any."""
    with database.reading() as work:
        row = work.groups.of(reference, EVERYWHERE)
    return row.number if row else None
