"""The review as a local server: it listens on 127.0.0.1 only, and its address holds a token."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from linkage.errors import InputError
from linkage.review.guard import Guard
from linkage.review.pages import Pages

HOST = "127.0.0.1"
_LAST = 0.7  # seconds in which the last page can still fetch its style


class Server:
    """Serves the pages until somebody ends the review on them (or the process)."""

    def __init__(self, pages: Pages, port: int = 0) -> None:
        self._socket = _listen(port)
        self.port = int(self._socket.getsockname()[1])
        token = secrets.token_urlsafe(24)
        self.address = f"http://{HOST}:{self.port}/{token}/"
        pages.root = f"/{token}"
        pages.end = self._end
        app = Starlette(routes=pages.routes(f"/{token}"), exception_handlers=pages.errors())
        hosts = frozenset({f"{HOST}:{self.port}", f"localhost:{self.port}"})
        config = uvicorn.Config(
            Guard(app, token, hosts),
            log_level="error", access_log=False, server_header=False, date_header=False,
            timeout_graceful_shutdown=2, limit_concurrency=64, lifespan="off", ws="none",
        )  # fmt: skip
        self._uvicorn = uvicorn.Server(config)

    def run(self, opened: Callable[[], None] = lambda: None) -> None:
        """Serve; `opened` is called before, when the address can be asked for."""
        opened()
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Serve no more."""
        self._uvicorn.should_exit = True

    def _end(self) -> None:
        asyncio.get_running_loop().call_later(_LAST, self.stop)


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise InputError(f"--port {port}: can't listen there ({error.strerror})") from None
    return listening
