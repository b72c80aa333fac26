"""Who may talk to the review: this machine, who knows the token, and no page of another origin."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

MOST_BYTES = 1 << 20  # of a request: forms are small
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # the token stands in the address; forms need an origin
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Lets requests through to `app` whose path begins with the token, from the page itself.

    `hosts` are the names by which the page is called, with the port: any other is a name that
    somebody else has pointed at this machine. What changes something must come from one of them as
    its origin, too.
    """

    def __init__(self, app: App, token: str, hosts: frozenset[str]) -> None:
        self._app = app
        self._prefix = f"/{token}".encode()
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            status, text = refusal
            refused = PlainTextResponse(text, status)
            await refused(scope, receive, _with_headers(send))
            return
        await self._app(scope, _bounded(receive), _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        if headers.get("host") not in self._hosts:
            return 421, "This address is not one of the review's own."
        path = scope["path"].encode("utf-8", "surrogateescape")
        given, rest = path[: len(self._prefix)], path[len(self._prefix) :]
        if not hmac.compare_digest(given, self._prefix) or not rest.startswith(b"/"):
            return 403, "Open the whole address that `linkage review` printed: it ends in a token."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "Only GET and POST are known here."
        if scope["method"] == "POST" and not self._is_own(headers):
            return 403, "A page of another origin may not do that."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return 413, f"A request may have {MOST_BYTES:,} bytes at most."
        return None

    def _is_own(self, headers: dict[str, str]) -> bool:
        """Whether one of our own pages asks."""
        own = headers.get("sec-fetch-site", "same-origin") == "same-origin"
        return own and headers.get("origin") in {f"http://{host}" for host in self._hosts}


class TooLargeError(Exception):
    """A request that said nothing of its length went on and on."""


def _bounded(receive: Receive) -> Receive:
    left = MOST_BYTES

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLargeError
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *own]}
        await send(message)

    return sending
