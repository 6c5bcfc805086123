"""A mail server that really speaks SMTP, and a receiver of webhooks."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.web.site import free_port


@dataclass
class Mailbox:
    """What arrived; ``answers`` are given to the next RCPT commands before any is accepted."""

    port: int = 0
    letters: list[Envelope] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # the server calls handlers by the command's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept unless told otherwise."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        """Keep it."""
        self.letters.append(envelope)
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback."""
    box = Mailbox(port=free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()


@dataclass
class Receiver:
    """Requests that came in; ``statuses`` answer the next ones before 200 does."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Note one."""
        self.requests.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, text="thanks")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A registrar's receiver on loopback."""
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.take)
    runner: Any = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    one.url = f"http://127.0.0.1:{port}/hook"
    yield one
    await runner.cleanup()
