"""Logging in at one's own organisation (OpenID Connect). It makes no accounts."""

import hmac
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people.addresses import address_of, local_path, outside
from bottlenecks.desk.people.audit_words import NOBODY
from bottlenecks.desk.people.signing_in import LOGIN, enter

if TYPE_CHECKING:
    from bottlenecks.desk.people.oidc_client import ProviderDownError

START_HERE = "/beheer/oidc/inloggen"
COME_BACK = "/beheer/oidc/terug"
COOKIE_PATH = "/beheer/oidc"
ATTEMPT_SECONDS = 600

log = logging.getLogger(__name__)


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The pages that someone passes on the way to the provider and back; none without one."""
    routes = APIRouter()
    if desk.oidc is None:
        return routes
    # here, because its libraries are large and not every desk has a provider
    from bottlenecks.desk.people.oidc_client import (
        Attempt,
        OidcClient,
        ProviderAnswerError,
        ProviderDownError,
    )

    provider, client = desk.oidc.name, OidcClient(desk.oidc)
    # the same person has another id at another provider
    namespace = f"oidc {desk.oidc.issuer.rstrip('/')}"
    # what must be remembered is kept by the browser, signed, for as long as a login may take
    cookie = "__Secure-regiowijzer_oidc" if desk.secure_cookies else "regiowijzer_oidc"
    signer = URLSafeTimedSerializer(desk.cipher.hash_id("desk", "oidc"), salt="oidc")

    def problem(
        request: Request, status_code: int, heading: str, text: str, wanted: str = ""
    ) -> Response:
        query = f"?{urlencode({'naar': wanted})}" if wanted else ""
        response = pages.show(
            request,
            "problem.html",
            status_code=status_code,
            heading=heading,
            text=text,
            back=LOGIN + query,
            back_text="Naar het inloggen",
        )
        forget_attempt(response)
        return response

    def forget_attempt(response: Response) -> None:
        response.delete_cookie(
            cookie, path=COOKIE_PATH, httponly=True, samesite="lax", secure=desk.secure_cookies
        )

    def down(request: Request, error: "ProviderDownError", wanted: str) -> Response:
        log.warning("sign-in provider down", extra={"reason": str(error)})
        return problem(
            request,
            503,
            "Inloggen lukt nu niet",
            f"{_capital(provider)} is niet bereikbaar om je in te loggen. Probeer het over een "
            "paar minuten opnieuw. Heb je hier ook een wachtwoord, dan kun je daarmee inloggen.",
            wanted,
        )

    @routes.get(START_HERE)
    def begin(request: Request, naar: str = "") -> Response:
        wanted = local_path(naar)
        try:
            url, attempt = client.begin(outside(request, desk, COME_BACK))
        except ProviderDownError as error:
            return down(request, error, wanted)
        response = RedirectResponse(url, status_code=303)
        response.set_cookie(
            cookie,
            str(signer.dumps(asdict(attempt) | {"wanted": wanted})),
            max_age=ATTEMPT_SECONDS,
            path=COOKIE_PATH,
            httponly=True,
            samesite="lax",
            secure=desk.secure_cookies,
        )
        return response

    @routes.get(COME_BACK)
    def come_back(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        try:
            kept = signer.loads(request.cookies.get(cookie, ""), max_age=ATTEMPT_SECONDS)
        except BadSignature:
            return problem(
                request, 400, "Log opnieuw in", "Het inloggen duurde te lang. Begin opnieuw."
            )
        wanted = str(kept.pop("wanted"))
        attempt = Attempt(**kept)
        if not hmac.compare_digest(state.encode(), attempt.state.encode()):
            return problem(
                request,
                400,
                "Log opnieuw in",
                "Dit inloggen is niet hier begonnen, of je begon er twee keer aan. Begin opnieuw.",
                wanted,
            )
        if error or not code:
            return problem(
                request,
                403,
                "Niet ingelogd",
                f"Het inloggen bij {provider} is gestopt. Je kunt het opnieuw proberen.",
                wanted,
            )
        with desk.database.reading() as work:
            now = work.now()
        try:
            identity = client.finish(code, attempt, outside(request, desk, COME_BACK), now)
        except ProviderDownError as down_error:
            return down(request, down_error, wanted)
        except ProviderAnswerError as answer_error:
            told = {"reason": str(answer_error)}
            log.warning("answer of the sign-in provider refused", extra=told)
            failed(request, "antwoord geweigerd")
            return problem(
                request,
                403,
                "Niet ingelogd",
                f"Het antwoord van {provider} klopt niet, dus je bent niet ingelogd. Begin "
                "opnieuw. Blijft dit zo, zeg het dan tegen je beheerder.",
                wanted,
            )
        with desk.database.work() as work:
            subject = desk.cipher.hash_id(namespace, identity.subject)
            officer = work.officers.of_provider(subject, identity.email)
        if officer is None:
            failed(request, "geen account")
            return problem(
                request,
                403,
                "Je hebt nog geen toegang",
                f"Je bent bekend bij {provider}, maar hier is nog geen account voor je. Vraag een "
                "beheerder om je toe te voegen met het e-mailadres waarmee je daar inlogt.",
            )
        response = enter(request, desk, officer.id, wanted, "organisatie")
        forget_attempt(response)
        return response

    def failed(request: Request, why: str) -> None:
        with desk.database.work() as work:
            work.audit.add(
                NOBODY, "inloggen-mislukt", "onbekend", adres=address_of(request), waarom=why
            )

    return routes


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
