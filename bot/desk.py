"""What a conversation may do with one person's reports, flows and profile, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from bottlenecks.desk.people.audit_words import NOBODY
from bottlenecks.live_content import live_texts, own_sources
from bottlenecks.retention import Period
from bottlenecks.store import Work
from bottlenecks.store.accounts import AccountView, PracticeMemory, Profile
from bottlenecks.store.flows import FlowView
from bottlenecks.store.group_views import GroupRow
from bottlenecks.store.my_data import OwnData
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.report_rows import REPORTER
from bottlenecks.store.reports import Draft, ReportView
from bottlenecks.store.topics import Asked
from dialogues.regional import RegionalFacts
from dialogues.reply import Reply
from dialogues.turn import Redeemed

LINKED = Reply(
    text="Er is net een ander apparaat gekoppeld met jouw code. Daar staan nu ook je meldingen. "
    "Was jij dat niet? Neem dan contact op met je regio-organisatie (RHO)."
)


class StoreFlows:
    """The flows of one person; see `dialogues.turn.FlowDesk`."""

    def __init__(self, work: Work, account: AccountView, conversation_id: str) -> None:
        """`conversation_id` is where flows are walked; linking a channel changes `person_id`."""
        self._work = work
        self.person_id = account.person_id
        self._conversation_id = conversation_id

    def start(self, flow_id: str, revision: str, state: Mapping[str, Any]) -> FlowView:
        """See `FlowDesk`."""
        return self._work.flows.start(
            self._conversation_id, self.person_id, flow_id, revision, dict(state)
        )

    def save(self, run_id: str, state: Mapping[str, Any], revision: str) -> None:
        """See `FlowDesk`."""
        self._work.flows.save(run_id, dict(state), revision)

    def put_aside(self, run_id: str) -> None:
        """See `FlowDesk`."""
        self._work.flows.put_aside(run_id, self.person_id)

    def take_up(self, run_id: str) -> FlowView | None:
        """See `FlowDesk`."""
        return self._work.flows.take_up(run_id, self.person_id, self._conversation_id)

    def end(self, run_id: str, outcome: str) -> None:
        """See `FlowDesk`."""
        self._work.flows.end(run_id, outcome)

    def leave(self, run_id: str) -> None:
        """See `FlowDesk`."""
        self._work.flows.leave(run_id, self.person_id)

    def unfinished(self) -> list[FlowView]:
        """See `FlowDesk`."""
        return self._work.flows.unfinished(self.person_id, except_in=self._conversation_id)

    def hand_over(self, run_id: str) -> str:
        """See `FlowDesk`."""
        return self._work.codes.make(self.person_id, run_id)

    def link(self) -> str:
        """See `FlowDesk`."""
        return self._work.codes.make(self.person_id)

    def redeem(self, code: str, *, confirmed: bool = False) -> Redeemed | None:
        """See `FlowDesk`."""
        found = self._work.codes.look_up(code)
        if found is None:
            return None
        if found.run_id is not None:
            return self._taken_over(code, found.run_id)
        if found.person_id == self.person_id:
            return Redeemed(own=True)
        if not confirmed:
            return Redeemed(asks=True)
        if not self._work.codes.use(code):
            return None
        for account_id in self._work.accounts.ids_of(found.person_id):
            self._work.outbox.add(account_id, LINKED.model_dump_json(), None)
        self._work.flows.merge(self.person_id, into=found.person_id)
        self._work.accounts.merge(self.person_id, into=found.person_id)
        self.person_id = found.person_id
        return Redeemed(linked=True)

    def _taken_over(self, code: str, run_id: str) -> Redeemed | None:
        if self._work.flows.takes_part(run_id, self.person_id):
            return Redeemed(own=True)
        if not self._work.codes.use(code):
            return None
        flow = self._work.flows.join(run_id, self.person_id, self._conversation_id)
        return Redeemed(flow=flow)


class StoreDesk:
    """The reports, flows and profile of one person; see `dialogues.turn.Desk`."""

    def __init__(
        self,
        work: Work,
        account: AccountView,
        conversation_id: str,
        revision: str,
        kept: Sequence[Period],
    ) -> None:
        """`revision` is the knowledge that answers are given from; `kept` is how long what is."""
        self._work = work
        self._account = account
        self._conversation_id = conversation_id
        self._revision = revision
        self._kept = kept
        self._erases = False

    @cached_property
    def flows(self) -> StoreFlows:
        """See `Desk`."""
        return StoreFlows(self._work, self._account, self._conversation_id)

    def now(self) -> datetime:
        """See `Desk`."""
        return self._work.now()

    def profile(self) -> Profile:
        """See `Desk`."""
        return self._work.accounts.profile_of(self._person_id)

    def regional(self) -> RegionalFacts:
        """See `Desk`."""
        return RegionalFacts(
            self._work.regional.phases(),
            self._work.regional.contacts(),
            live_texts(self._work),
            own_sources(self._work),
        )

    def remember_profile(self, profile: Profile) -> bool:
        """See `Desk`."""
        self._work.accounts.remember_profile(self._person_id, profile)
        return True

    def practice(self) -> PracticeMemory:
        """See `Desk`."""
        return self._work.accounts.practice_of(self._person_id)

    def file(self, draft: Draft, practice: str | None) -> str:
        """See `Desk`."""
        practice_id = self._work.accounts.remember_practice(self._person_id, practice)
        return self._work.reports.file(
            draft,
            person_id=self._person_id,
            account_id=self._account.id,
            practice_id=practice_id,
        )

    def own(self) -> list[ReportView]:
        """See `Desk`."""
        return self._work.reports.own(self._person_id)

    def similar_group(self, reference: str) -> GroupRow | None:
        """See `Desk`."""
        return self._work.groups.offer(reference)

    def join(self, reference: str, number: int) -> str | None:
        """See `Desk`."""
        return self._work.groups.join(reference, number, self._person_id)

    def leave_group(self, reference: str, number: int) -> None:
        """See `Desk`."""
        self._work.groups.leave(reference, number, self._person_id)

    def keep_apart(self, reference: str, number: int) -> None:
        """See `Desk`."""
        if self._work.reports.own_by_reference(self._person_id, reference) is None:
            raise LookupError(reference)
        self._work.groups.refuse(number, reference, actor=REPORTER)

    def add_text(self, reference: str, text: str) -> None:
        """See `Desk`."""
        self._work.reports.add_text(self._person_id, reference, text)

    def withdraw(self, reference: str) -> None:
        """See `Desk`."""
        self._work.reports.withdraw(self._person_id, reference)

    def reopen(self, reference: str, text: str) -> None:
        """See `Desk`."""
        self._work.reports.reopen(self._person_id, reference, text)

    def add_feedback(self, topic: str | None, text: str) -> bool:
        """See `Desk`."""
        self._work.reports.add_feedback(self._person_id, topic, text, self._revision)
        return True

    def keep_unclear(self, question: UnclearDraft) -> int | None:
        """See `Desk`."""
        return self._work.questions.keep(question)

    def chose(self, question_id: int, topic: str) -> None:
        """See `Desk`."""
        self._work.questions.chose(question_id, topic)

    def count(self, asked: Sequence[tuple[str, Asked]]) -> None:
        """See `Desk`."""
        self._work.topics.count(asked)

    def periods(self) -> Sequence[Period]:
        """See `Desk`."""
        return self._kept

    def own_data(self) -> OwnData | None:
        """See `Desk`."""
        return self._work.my_data.of(self._person_id)

    def erase_all(self) -> None:
        """See `Desk`; `finish` does it."""
        self._erases = True

    def finish(self) -> None:
        """Do what had to wait until the turn was kept: nothing that is written later may remain."""
        if not self._erases:
            return
        erased = self._work.my_data.erase(self._person_id)
        # that it was done must be provable; of whom is not kept
        self._work.audit.add(NOBODY, "gegevens-verwijderd", "chat", meldingen=erased.reports)
        for officer_id in erased.officers:
            self._work.audit.add(officer_id, "chat-ontkoppeld", officer_id)

    def seal(self, text: str) -> str:
        """See `Desk`."""
        return self._work.seal(text)

    def unseal(self, sealed: str) -> str:
        """See `Desk`."""
        return self._work.unseal(sealed)

    def take_out(self, piece: str, *, part_of_word: bool = False) -> None:
        """See `Desk`."""
        accounts = self._work.accounts.ids_of(self._person_id)
        self._work.conversations.take_out(accounts, piece, part_of_word=part_of_word)

    @property
    def _person_id(self) -> str:
        """The person; linking a channel makes this another one."""
        return self.flows.person_id
