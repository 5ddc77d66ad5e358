"""Who is let in on Telegram when the chat is by invitation; the browser has pages for it."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.limits import Pace, in_words
from bottlenecks.store import Work
from bottlenecks.store.accounts import AccountView

NOT_INVITED = (
    "Deze chat is voor praktijken met een uitnodiging. Kreeg je een link of code van je "
    "regio-organisatie (RHO)? Open de link, of stuur hier alleen de code. Heb je er geen, of werkt "
    "hij niet meer? Vraag je RHO om een nieuwe. Wat je net stuurde, is niet bewaard."
)
WRONG_CODE = (
    "Deze code werkt niet. Hij is verlopen, gestopt of niet volledig. Vraag je regio-organisatie "
    "(RHO) om een nieuwe."
)
TOO_MANY_CODES = "Je hebt te vaak een code geprobeerd. Wacht {wait} en stuur je code dan opnieuw."
WELCOME = "Je bent binnen met de uitnodiging voor {practice}."


@dataclass(frozen=True)
class Entrance:
    """What the door says: in or not, and what is answered first, if anything."""

    admitted: bool
    text: str | None = None


class Door:
    """Lets accounts in on the channels that are by invitation; all others are open."""

    def __init__(self, closed: Collection[str] = (), pace: Pace | None = None) -> None:
        """`closed` are the channels by invitation; `pace` counts the codes that are tried."""
        self._closed = frozenset(closed)
        self._pace = pace or Pace()

    def enter(self, work: Work, account: AccountView, code: str | None) -> Entrance:
        """Whether this account may go on now; with a code that works it may from now on."""
        if account.channel not in self._closed:
            return Entrance(admitted=True)
        is_in = work.invitations.admits(account.id)
        if code is None:
            return Entrance(is_in, None if is_in else NOT_INVITED)
        wait_s = self._pace.code(account.id)
        invitation = None if wait_s else work.invitations.look_up(code)
        if invitation is None:
            # who is in already just goes on: no right code is told from a wrong one
            wrong = TOO_MANY_CODES.format(wait=in_words(wait_s)) if wait_s else WRONG_CODE
            return Entrance(is_in, None if is_in else wrong)
        work.invitations.accept(account.id, invitation.id)
        if not work.accounts.practice_of(account.person_id).asked:
            work.accounts.remember_practice(account.person_id, invitation.practice)
        return Entrance(True, None if is_in else WELCOME.format(practice=invitation.practice))
