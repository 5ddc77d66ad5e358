"""The chat's addresses: the page, what it sends, what streams to it, files and invitations."""

import asyncio
import logging
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from bot.limits import in_words
from bot.web.channel import ADDRESS, CHANNEL
from bot.web.context import Access, ChatContext
from bot.web.incoming import Sent, Taken, TooLargeError, read_form, read_sent, take
from bot.web.pages import NO_STORE, Pages
from bot.web.show import CONTEXT, reply_of, show
from bot.web.stream import answered, events
from bot.web.visitor import (
    Visitor,
    is_let_in,
    new_token,
    remember,
    token_of,
    visitor_of,
)
from bottlenecks.desk.people.addresses import address_of
from bottlenecks.store.mailbox import MAX_ID, Message
from bottlenecks.store.outage import is_outage

__all__ = ["Access", "ChatContext", "router"]

LOGGER = logging.getLogger(__name__)

ROOT = "/chat"
PAGE_SIZE = 50
# how long a browser without scripts waits for its answer
ANSWER_WAIT_S = 3.0
# after this a page no longer says that an answer is on its way
PATIENCE_S = 120.0

NOT_INVITED = (
    "Deze chat is voor praktijken met een uitnodiging",
    "Kreeg je een link van je regio-organisatie (RHO)? Open die link. Werkt hij niet, of heb je er "
    "geen? Vraag je RHO om een nieuwe.",
)
DEAD_LINK = (
    "Deze link werkt niet",
    "De link is verlopen, gestopt of niet volledig. Vraag je regio-organisatie (RHO) om een "
    "nieuwe.",
)
TOO_LONG = (
    "Je bericht is te lang",
    "Er is niets verstuurd. Zet je vraag in een paar zinnen.",
)
NO_COOKIES = (
    "Je bericht is niet verstuurd",
    "Ik kan niet zien bij welk gesprek het hoort. Open de chat opnieuw. Blijft dit zo? Sta dan "
    "cookies toe voor deze site.",
)
NO_FILE = (
    "Dit bestand is er niet",
    "Het hoort niet bij jouw gesprek, of het is gewist. Vraag het opnieuw in de chat.",
)
TOO_FAST = "Je stuurt veel berichten achter elkaar"
TOO_FAST_TEXT = "Je bericht is nog niet verstuurd. Wacht {wait} en verstuur het dan opnieuw."
TOO_MANY_LINKS = "Er is te vaak een uitnodiging geopend"
TOO_MANY_LINKS_TEXT = "Wacht {wait} en open je link dan opnieuw."
NOT_NOW = (
    "Je bericht is nog niet verstuurd",
    "Ik kan op dit moment niets bewaren. Wacht een minuut en verstuur het dan opnieuw.",
)
BACK = "Naar de chat"


def router(chat: ChatContext) -> APIRouter:
    """The routes of the chat; static files are mounted apart, at /chat/static."""
    handlers = _Chat(chat)
    routes = APIRouter(prefix=ROOT, include_in_schema=False)
    routes.add_api_route("", handlers.page, methods=["GET"])
    routes.add_api_route("/bericht", handlers.message, methods=["POST"])
    routes.add_api_route("/stroom", handlers.stream, methods=["GET"])
    routes.add_api_route("/eerder", handlers.earlier, methods=["GET"])
    routes.add_api_route("/gelezen", handlers.read, methods=["POST"])
    routes.add_api_route("/bestand/{message_id}/{number}", handlers.file, methods=["GET"])
    routes.add_api_route("/uitnodiging/{token}", handlers.invitation, methods=["GET"])
    routes.add_api_route("/uitnodiging/{token}", handlers.accept, methods=["POST"])
    return routes


class _Chat:
    """The handlers. Those that are not coroutines run in a thread of their own."""

    def __init__(self, chat: ChatContext) -> None:
        self._chat = chat
        self._pages = Pages()

    def page(self, request: Request) -> Response:
        token = token_of(request) or new_token()
        messages: list[Message] = []
        with self._chat.database.reading() as work:
            visitor = visitor_of(work, token, self._chat.access)
            if visitor.admitted and visitor.account_id is not None:
                messages = work.mailbox.latest(visitor.account_id, PAGE_SIZE + CONTEXT)
            now = work.now()
        if not visitor.admitted:
            return self._pages.problem(*NOT_INVITED, 403)
        before, messages = messages[:-PAGE_SIZE], messages[-PAGE_SIZE:]
        last = messages[-1] if messages else None
        response = self._pages.conversation(
            show(messages, before=before, on_top=True, titles=self._chat.titles),
            has_earlier=bool(before),
            is_known=visitor.account_id is not None,
            is_waiting=last is not None
            and last.is_said
            and (now - last.created_at).total_seconds() < PATIENCE_S,
        )
        fetched_ahead = "sec-purpose" in request.headers
        unread = any(message.read_at is None for message in messages)
        if visitor.account_id is not None and last is not None and unread and not fetched_ahead:
            self._mark_read(token, last.id)
        remember(response, token, secure=self._chat.secure_cookies)
        return response

    async def message(self, request: Request) -> Response:
        wants_json = request.headers.get("accept") == "application/json"
        token = token_of(request)
        if token is None:
            return self._refused(NO_COOKIES, 403, wants_json)
        try:
            sent = read_sent(await read_form(request))
        except TooLargeError:
            return self._refused(TOO_LONG, 413, wants_json)
        if sent.is_empty:
            return JSONResponse({"id": None, "html": ""}) if wants_json else _to_latest()
        wait_s = self._chat.pace.message(token, address_of(request))
        if wait_s:
            return self._too_fast(wait_s, sent, wants_json)
        try:
            taken, html = await asyncio.to_thread(self._take, token, sent)
        except Exception as error:
            if not is_outage(error):
                raise
            LOGGER.error("a message from the web was not stored", exc_info=error)
            return self._not_now(sent, wants_json)
        if taken is None:
            return self._refused(NOT_INVITED, 403, wants_json)
        # its other pages are told when there is an answer
        self._chat.wake()
        if wants_json:
            return JSONResponse({"id": taken.message_id, "html": html}, headers=NO_STORE)
        if taken.message_id is not None:
            await answered(
                self._chat.database,
                self._chat.watchers,
                taken.account_id,
                taken.message_id,
                ANSWER_WAIT_S,
            )
        return _to_latest()

    def stream(self, request: Request, na: str = "0") -> Response:
        visitor = self._visitor(request)
        if visitor is None or visitor.account_id is None:
            return Response(status_code=204)  # a browser does not try again
        after = _number(request.headers.get("last-event-id", na))
        return StreamingResponse(
            events(self._chat, self._pages, visitor.token, after),
            media_type="text/event-stream",
            # no proxy may keep back what is for now
            headers={**NO_STORE, "X-Accel-Buffering": "no"},
        )

    def earlier(self, request: Request, voor: str = "", deel: str = "") -> Response:
        """What was said before the message `voor`; with `deel` only that, to put into the page."""
        visitor = self._visitor(request)
        if visitor is None or visitor.account_id is None:
            return RedirectResponse(ROOT, 303)
        if not visitor.admitted:
            return self._pages.problem(*NOT_INVITED, 403)
        before_id = _number(voor) or MAX_ID
        with self._chat.database.reading() as work:
            found = work.mailbox.before(visitor.account_id, before_id, PAGE_SIZE + CONTEXT)
            after = work.mailbox.since(visitor.account_id, before_id - 1, CONTEXT)
        before, messages = found[:-PAGE_SIZE], found[-PAGE_SIZE:]
        shown = show(messages, before=before, after=after, on_top=True, titles=self._chat.titles)
        if not deel:
            return self._pages.earlier(shown, has_earlier=bool(before))
        html = "".join(self._pages.fragment(one) for one in shown if not one.is_left_out)
        first_id = messages[0].id if messages and before else None
        return JSONResponse({"html": html, "voor": first_id}, headers=NO_STORE)

    async def read(self, request: Request) -> Response:
        """An open page showed its messages up to the one that it names."""
        try:
            up_to = _number((await read_form(request)).get("tot", ""))
        except TooLargeError:
            return Response(status_code=413)
        token = token_of(request)
        if up_to and token is not None:
            await asyncio.to_thread(self._mark_read, token, up_to)
        return Response(status_code=204)

    def file(self, request: Request, message_id: str, number: str) -> Response:
        visitor = self._visitor(request)
        if visitor is not None and not visitor.admitted:
            return self._pages.problem(*NOT_INVITED, 403)
        message = None
        if visitor is not None and visitor.account_id is not None:
            with self._chat.database.reading() as work:
                message = work.mailbox.get(visitor.account_id, _number(message_id))
        files = reply_of(message).files if message is not None and not message.is_said else ()
        place = _number(number) if number.isdecimal() else len(files)
        if place >= len(files):
            return self._pages.problem(*NO_FILE, 404, link=BACK)
        file = files[place]
        disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return Response(
            file.as_bytes(),
            media_type=file.media_type,
            headers={
                **NO_STORE,
                "Content-Disposition": disposition,
                "X-Content-Type-Options": "nosniff",
            },
        )

    def invitation(self, request: Request, token: str) -> Response:
        """The page behind a private link; only its button accepts, since programs open links."""
        wait_s = self._chat.pace.invitation(address_of(request))
        if wait_s:
            return self._too_many_links(wait_s)
        with self._chat.database.reading() as work:
            invitation = work.invitations.look_up(token)
        if invitation is None:
            return self._pages.problem(*DEAD_LINK, 404)
        response = self._pages.invitation(token, invitation.practice)
        remember(response, token_of(request) or new_token(), secure=self._chat.secure_cookies)
        return response

    def accept(self, request: Request, token: str) -> Response:
        """Let the visitor in with this link."""
        cookie = token_of(request)
        if cookie is None:
            return self._pages.problem(*NO_COOKIES, 403)
        wait_s = self._chat.pace.invitation(address_of(request))
        if wait_s:
            return self._too_many_links(wait_s)
        with self._chat.database.work() as work:
            invitation = work.invitations.look_up(token)
            if invitation is None:
                return self._pages.problem(*DEAD_LINK, 404)
            account = work.accounts.find_or_create(CHANNEL, cookie, ADDRESS)
            work.invitations.accept(account.id, invitation.id)
            if not work.accounts.practice_of(account.person_id).asked:
                work.accounts.remember_practice(account.person_id, invitation.practice)
        return RedirectResponse(ROOT, 303)

    def _visitor(self, request: Request) -> Visitor | None:
        """Who sent this; None without a cookie of ours."""
        token = token_of(request)
        if token is None:
            return None
        with self._chat.database.reading() as work:
            return visitor_of(work, token, self._chat.access)

    def _take(self, token: str, sent: Sent) -> tuple[Taken | None, str]:
        """Store a message; gives it as a fragment too. None: the visitor is not let in."""
        with self._chat.database.work() as work:
            if not is_let_in(work, token, self._chat.access):
                return None, ""
            taken = take(work, self._chat, token, sent)
            if taken.message_id is None:
                return taken, ""
            # nothing can come after it before this transaction ends
            *before, message = work.mailbox.latest(taken.account_id, CONTEXT + 1)
        shown = show([message], before=before)
        return taken, "".join(self._pages.fragment(one) for one in shown)

    def _mark_read(self, token: str, up_to: int) -> None:
        with self._chat.database.work() as work:
            account_id = work.mailbox.account_of(CHANNEL, token)
            if account_id is not None:
                work.mailbox.mark_read(account_id, up_to)

    def _refused(self, why: tuple[str, str], status_code: int, wants_json: bool) -> Response:
        if wants_json:
            return JSONResponse({"fout": ". ".join(why)}, status_code, NO_STORE)
        link = "" if why is NOT_INVITED else BACK
        return self._pages.problem(*why, status_code, link=link)

    def _too_fast(self, wait_s: int, sent: Sent, wants_json: bool) -> Response:
        """Refuse a message, with all that was typed given back."""
        text = TOO_FAST_TEXT.format(wait=in_words(wait_s))
        response: Response
        if wants_json:
            response = JSONResponse({"fout": f"{TOO_FAST}. {text}"}, 429, NO_STORE)
        else:
            response = self._pages.again(TOO_FAST, text, sent, 429, link=BACK)
        response.headers["Retry-After"] = str(wait_s)
        return response

    def _not_now(self, sent: Sent, wants_json: bool) -> Response:
        """The database cannot be used: all that was typed is given back."""
        if wants_json:  # the page tries again by itself
            return JSONResponse({"fout": ". ".join(NOT_NOW)}, 503, NO_STORE)
        return self._pages.again(*NOT_NOW, sent, 503, link=BACK)

    def _too_many_links(self, wait_s: int) -> Response:
        text = TOO_MANY_LINKS_TEXT.format(wait=in_words(wait_s))
        response = self._pages.problem(TOO_MANY_LINKS, text, 429)
        response.headers["Retry-After"] = str(wait_s)
        return response


def _to_latest() -> Response:
    return RedirectResponse(f"{ROOT}#laatste", 303)


def _number(text: str) -> int:
    """A message id or number as it stands in an address; 0 when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
