"""One of everything that the desk keeps, for sweeps over every page."""

from datetime import timedelta

from bottlenecks.roles import Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser, add_officer
from tests.desk_content import TOPIC, current, proposes
from tests.desk_officers import UTRECHT
from tests.desk_roaz import begin, quote
from tests.groups_of_reports import group, report
from tests.plans_at_the_desk import hand_in
from tests.signal_rules import TWO, make_rule, officer_of


def one_of_everything(
    admin: Browser, database: Database, assistant: Assistant, mark: str
) -> dict[str, str]:
    """One of everything in Utrecht, with `mark` in it; gives what fills the addresses."""
    texts = [f"Geen thuiszorg te vinden, {mark} {number}" for number in (1, 2, 3)]
    references = [report(database, text, f"p{text[-1]}", practice=mark) for text in texts]
    number = group(database, references[:2], title=f"Groep {mark}")
    talk = Talk(database, assistant)
    talk.says("ik werk in Utrecht")
    talk.says("wat is een harop?")
    talk.says("dit antwoord klopt niet")
    ada = add_officer(database, "cas@rho.example", Role.ADMIN, name="Cas", password=None)
    here = TWO.model_copy(update={"regions": ("utrecht",)})
    rule = make_rule(database, officer_of(database, ada), here, name=f"Regel {mark}")
    proposal = proposes(
        admin, "utrecht", antwoord=f"{current(assistant)} Bel gerust.", reden=f"Omdat {mark}"
    )
    hand_in(admin, titel=f"Plan {mark}")
    plan = admin.path.rsplit("/", 1)[1]
    draft = begin(admin, regions=["utrecht"])
    quote(admin, draft, references[0])
    with database.work() as work:
        key, _ = work.tokens.make(f"Sleutel {mark}", UTRECHT, ada)
        work.invitations.make(f"Praktijk {mark}", ada, timedelta(days=30))
        [invitation] = work.invitations.list()
    return {
        "reference": references[0],
        "/beheer/groepen/{number}": str(number),
        "draft_id": draft.rsplit("/", 1)[1],
        "plan": plan,
        "index": "0",
        "topic": TOPIC,
        "proposal": proposal.rsplit("/", 1)[1],
        "rule_id": rule,
        "region": "utrecht",
        "officer_id": ada,
        "key_id": key,
        "invitation_id": invitation.id,
        "name": "weken",
        "extension": "csv",
        "action": "antwoord",
    }
