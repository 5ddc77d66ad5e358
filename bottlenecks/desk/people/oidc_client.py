"""Speaks OpenID Connect with one provider: where to send someone, and who came back."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from bottlenecks.desk.context import OidcSettings

SCOPE = "openid email profile"
TIMEOUT_SECONDS = 10.0
# how far the provider's clock may be off
LEEWAY_SECONDS = 60
# signatures that only the provider can make: none with a secret that we know as well
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderDownError(Exception):
    """The provider cannot be reached, or gives no usable answer."""


class ProviderAnswerError(Exception):
    """What came back does not prove who someone is; the message is for the log, without data."""


@dataclass(frozen=True)
class Attempt:
    """What must be remembered while someone is at the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who someone is: the provider's own id, and a verified e-mail address if it gives one."""

    subject: str
    email: str | None


class OidcClient:
    """Talks to the provider of these settings; nothing is kept between two calls."""

    def __init__(
        self, settings: OidcSettings, transport: httpx.BaseTransport | None = None
    ) -> None:
        """`transport` replaces the network; default http(s) with the machine's certificates."""
        self._settings = settings
        self._transport = transport

    def begin(self, return_to: str) -> tuple[str, Attempt]:
        """The address to send someone to, and what to remember; they come back at `return_to`.

        Raises:
            ProviderDownError: see there.
        """
        with self._http() as http:
            metadata = self._discover(http)
        attempt = Attempt(generate_token(32), generate_token(32), generate_token(64))
        url: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=return_to,
            scope=SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),  # type: ignore[no-untyped-call]  # the stubs have no types for it
            code_challenge_method="S256",
        )
        return url, attempt

    def finish(self, code: str, attempt: Attempt, return_to: str, now: datetime) -> Identity:
        """Who came back with this code; `now` is the moment in UTC.

        Raises:
            ProviderDownError, ProviderAnswerError: see there.
        """
        with self._http() as http:
            metadata = self._discover(http)
            answer = self._exchange(http, metadata, code, attempt, return_to)
            keys = self._json(http, "GET", metadata["jwks_uri"])
            claims = self._verified(answer, keys, metadata, attempt, now)
            if "email" not in claims and "userinfo_endpoint" in metadata:
                claims |= self._userinfo(http, metadata, answer, claims["sub"])
        # only what the provider has checked: anyone can claim to have an address
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(str(claims["sub"]), str(email) if email else None)

    def _http(self) -> httpx.Client:
        return httpx.Client(
            timeout=TIMEOUT_SECONDS,
            verify=ssl.create_default_context(),
            transport=self._transport,
        )

    def _discover(self, http: httpx.Client) -> dict[str, Any]:
        issuer = self._settings.issuer.rstrip("/")
        found = self._json(http, "GET", f"{issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != issuer:
            raise ProviderDownError("the provider says that it is another one")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        for name in needed:
            # what is secret travels there: no less safely than to the issuer itself
            scheme = urlsplit(str(found.get(name, ""))).scheme
            if scheme not in {"https", urlsplit(issuer).scheme}:
                raise ProviderDownError(f"the provider gives no usable {name}")
        return found

    def _exchange(
        self,
        http: httpx.Client,
        metadata: dict[str, Any],
        code: str,
        attempt: Attempt,
        return_to: str,
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_to,
            "code_verifier": attempt.verifier,
        }
        client_id, secret = self._settings.client_id, self._settings.client_secret
        auth = None
        # the first is what a provider takes that does not say
        if "client_secret_basic" in metadata.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        ):
            auth = httpx.BasicAuth(client_id, secret)
        else:
            form |= {"client_id": client_id, "client_secret": secret}
        response = self._send(http, "POST", metadata["token_endpoint"], data=form, auth=auth)
        if response.status_code != httpx.codes.OK:
            if response.is_server_error:
                raise ProviderDownError(f"the token endpoint answers {response.status_code}")
            raise ProviderAnswerError(f"the token endpoint answers {response.status_code}")
        return _object(response)

    def _verified(
        self,
        answer: dict[str, Any],
        keys: dict[str, Any],
        metadata: dict[str, Any],
        attempt: Attempt,
        now: datetime,
    ) -> dict[str, Any]:
        try:
            token = jwt.decode(
                str(answer.get("id_token", "")),
                KeySet.import_key_set(keys),  # type: ignore[arg-type]  # checked by the import
                registry=JWSRegistry(algorithms=list(SIGNATURES), strict_check_header=False),
            )
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": metadata["issuer"]},
                    "aud": {"essential": True, "value": self._settings.client_id},
                    "nonce": {"essential": True, "value": attempt.nonce},
                },
                {
                    "nonce": attempt.nonce,
                    "client_id": self._settings.client_id,
                    "access_token": answer.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderAnswerError(type(error).__name__) from error
        return dict(token.claims)

    def _userinfo(
        self, http: httpx.Client, metadata: dict[str, Any], answer: dict[str, Any], subject: str
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {answer.get('access_token', '')}"}
        found = self._json(http, "GET", metadata["userinfo_endpoint"], headers=headers)
        if found.get("sub") != subject:
            raise ProviderAnswerError("userinfo is about someone else")
        return {name: found[name] for name in ("email", "email_verified") if name in found}

    def _json(self, http: httpx.Client, method: str, url: str, **more: Any) -> dict[str, Any]:
        response = self._send(http, method, url, **more)
        if response.status_code != httpx.codes.OK:
            raise ProviderDownError(f"{urlsplit(url).path} answers {response.status_code}")
        return _object(response)

    @staticmethod
    def _send(http: httpx.Client, method: str, url: str, **more: Any) -> httpx.Response:
        try:
            return http.request(method, url, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderDownError(type(error).__name__) from error


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError as error:
        raise ProviderDownError("the provider gives no JSON") from error
    if not isinstance(found, dict):
        raise ProviderDownError("the provider gives no JSON object")
    return found
