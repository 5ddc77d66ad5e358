"""Every form of the desk as somebody sends it who filled in all of it, for sweeps over forms."""

import re
from typing import Any

from bottlenecks.roles import Role
from bottlenecks.signals import TELEGRAM
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import PASSWORD, Browser, add_officer, forms
from tests.desk_content import EDIT, TOPIC, approves, current, proposes, sends
from tests.groups_of_reports import report
from tests.plans_at_the_desk import ABOUT, FILE, PLANS
from tests.reports_to_count import noon, report_at
from tests.site_contents import one_of_everything
from tests.site_routes import addresses, filled, routes
from tests.test_dead_letters import fails
from tests.whole_site import sign_in

MARK = "kwikstaartwoord"
MINES = "westelijke-mijnstreek"
LATER = "2030-01-01T00:00+00:00"
OWN = "dertien groene fietsen"
Fields = dict[str, Any]


class CompleteForms:
    """`all` are forms by where they go; `browser` is of an administrator who can send each."""

    def __init__(self, ada: Browser, database: Database, assistant: Assistant) -> None:
        """Make one of everything, as Ada; her colleague Dop decides on it."""
        values = one_of_everything(ada, database, assistant, MARK)
        first, others = (
            values["reference"],
            [
                report(database, f"Nog een melding, {MARK} {number}", f"q{number}")
                for number in (1, 2)
            ],
        )
        values["/beheer/groepen/bij/{reference}"] = others[0]
        values["/beheer/systeem/{reference}"] = f"inbox-{fails(database)}"
        dop = add_officer(database, "dop@rho.example", Role.ADMIN, name="Dop")
        self.browser = sign_in(ada.another(), database, dop)
        self._signed_in = dict(self.browser.client.cookies)
        object.__setattr__(ada.client.app.state.desk, "telegram", True)
        with database.work() as work:
            chat = work.accounts.find_or_create(TELEGRAM, "7", "7")
            code = work.codes.make(chat.person_id)
        text = f"{current(assistant)} Bel gerust."
        approves(self.browser, proposes(ada, MINES, antwoord=text))
        sends(ada, "concept", "maastricht-heuvelland", antwoord=text)
        concept = ada.path.rsplit("/", 1)[1]
        self.browser.opens(f"{EDIT}?regio={MINES}")
        edit = {**forms(self.browser.page)[EDIT], "antwoord": f"{text} Of mail."}
        edit |= {"doe": "concept", "reden": "Zomaar"}
        earlier = report_at(database, noon(25, 2), description=f"Niemand belt terug, {MARK}")
        self.files = {"bestand": ("ander.docx", FILE)}
        fill: dict[str, Fields] = {
            "/beheer/account": {"current": PASSWORD, "new": OWN, "again": OWN},
            "/beheer/account/koppelen": {"code": code},
            "/beheer/contact/regio/{region}": {"rho": "bel 030 123 45 67"},
            "/beheer/contact/zorgverzekeraars": {"v-cz": "bel 088 000 11 22"},
            "/beheer/fase/{region}": {"fase": "3a", "sinds": "2026-03-01", "bevestigd": "ja"},
            "/beheer/groepen/nieuw": {"titel": "Een groep", "melding": others},
            "/beheer/groepen/bij/{reference}": {"titel": "Een groep", "melding": others},
            "/beheer/groepen/{number}/antwoord": {
                "antwoord": "We zoeken het uit.",
                "status": "in-behandeling",
                "bevestigd": "ja",
            },
            "/beheer/groepen/{number}/notitie": {"notitie": "Een notitie"},
            "/beheer/groepen/{number}/eigenaar": {"eigenaar": dop},
            "/beheer/groepen/{number}/titel": {"titel": "Een andere titel"},
            "/beheer/groepen/{number}/erbij": {"melding": others[0]},
            "/beheer/groepen/{number}/eraf": {"melding": first},
            "/beheer/groepen/{number}/niet": {"melding": others[0]},
            PLANS: {**ABOUT, "regio": MINES},
            PLANS + "/{plan}/stuk/{index}": {"onderwerp": "noodplan/systeempartijen"},
            "/beheer/inhoud/terug/{topic}": {"regio": MINES, "waarom": "Het klopt niet."},
            "/beheer/inhoud/gezien/{topic}": {"regio": MINES},
            "/beheer/inhoud/wijzig/{topic}": edit,
            "/beheer/inhoud/voorstel/{proposal}/wijzig": {"doe": "concept", "reden": "Zomaar"},
            "/beheer/inhoud/voorstel/{proposal}/afwijzen": {"waarom": "Dit klopt niet."},
            "/beheer/meldingen": {"melding": [first], "status": "in-behandeling"},
            "/beheer/meldingen/{reference}/antwoord": {
                "antwoord": "We zoeken het uit.",
                "status": "in-behandeling",
            },
            "/beheer/meldingen/{reference}/notitie": {"notitie": "Een notitie"},
            "/beheer/meldingen/{reference}/eigenaar": {"eigenaar": dop},
            "/beheer/meldingen/{reference}/onderwerp": {"onderwerp": TOPIC},
            "/beheer/meldingen/{reference}/gegevens": {"ernst": "hoog"},
            "/beheer/mensen/nieuw": {
                "name": "Cor",
                "login": "cor@rho.example",
                "all_regions": "y",
            },
            "/beheer/mensen/{officer_id}": {"name": "Een andere naam"},
            "/beheer/signalen/regels/nieuw": {"naam": "Een regel"},
            "/beheer/signalen/regels/{rule_id}": {"naam": "Een andere naam"},
            "/beheer/systeem/opnieuw": {"tot": LATER},
            "/beheer/systeem/{reference}/opnieuw": {"tot": LATER},
            "/beheer/toegang/uitnodigingen": {"practice": "Een praktijk"},
            "/beheer/toegang/sleutels": {"name": "Een programma", "all_regions": "y"},
            "/beheer/verslag/{draft_id}": {"titel": "Een andere titel"},
            "/beheer/verslag/{draft_id}/citaten": {"melding": earlier},
            "/beheer/vragen/indelen": {"keuze-1": "buiten-bereik"},
            "/beheer/vragen/klopt-niet": {"opmerking": "1"},
        }
        shown = self._shown(values, concept)
        found = [path for method, path in routes(ada.client.app) if method == "POST"]
        posts = [re.sub(r":\w+}", "}", path) for path in found]
        self.all: dict[str, Fields] = {}
        for path in posts:
            if path.startswith("/beheer/") and not path.startswith("/beheer/inloggen"):
                handed_in = path.endswith("/indienen")
                address = filled(path, values | ({"proposal": concept} if handed_in else {}))
                given = {**shown.get(address, {}), **fill.pop(path, {})}
                self.all[address] = {k: v for k, v in given.items() if k != "bestand"}
        assert not fill, f"no such forms: {list(fill)}"
        self.token = str(shown["/beheer/uitloggen"]["csrf_token"])

    def send(self, address: str, token: str | None) -> Any:
        """Send a form, with this token or with none; signed in as at the beginning."""
        self.browser.client.cookies.clear()
        self.browser.client.cookies.update(self._signed_in)
        fields = {k: v for k, v in self.all[address].items() if k != "csrf_token"}
        if token is not None:
            fields["csrf_token"] = token
        files = self.files if address == PLANS else None
        return self.browser.client.post(address, data=fields, files=files)

    def _shown(self, values: dict[str, str], concept: str) -> dict[str, Fields]:
        """What the pages themselves fill in."""
        found: dict[str, Fields] = {}
        pages = addresses(self.browser.client.app, "GET", values)
        for path in [*pages, f"/beheer/inhoud/voorstel/{concept}", "/beheer/account"]:
            page = self.browser.client.get(path)
            if page.headers.get("content-type", "").startswith("text/html"):
                for action, fields in forms(page).items():
                    found.setdefault(action.rstrip("?"), {}).update(fields)
        return found
