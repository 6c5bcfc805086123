"""The listener of the registrars' door: TLS 1.2 and 1.3, one :class:`Connection` for each client, a budget, an orderly end."""

import asyncio
import ssl
from contextlib import suppress

from cryptography import x509

from registry.epp.allowance import Allowance
from registry.epp.budget import Guest, may_arrive
from registry.epp.command_log import CommandLog
from registry.epp.connection import Connection, TimedOut
from registry.epp.conversation import Conversation, Peer
from registry.epp.credentials import Credentials
from registry.epp.places import Places
from registry.epp.standing import Standings, following
from registry.flows.runner import Runner
from registry.kernel import tls
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter, gauge
from registry.model.registrar import plain_address

HANDSHAKE_SECONDS = 10.0  # two round trips to the far side of the world, five times over
SHUTDOWN_SECONDS = 2.0  # what a client gets to answer our close_notify; then the socket goes
REFRESH_SECONDS = 60.0  # a certificate is renewed weeks before it ends
BACKLOG = 1024  # a reconnect storm of every registrar's pool
WRITE_BUFFER_OCTETS = 1 << 16  # beyond this an answer waits for the client to read

CONNECTIONS = gauge("epp_connections", "Connections open", "state")
ENDED = counter("epp_connections_ended", "Connections ended, by how", "how")
_log = get_logger()


class EppServer:
    """``start`` binds; ``drain`` takes nothing new and lets every command that was begun be answered; ``close`` cuts the rest."""

    name = "epp"

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._config = runner.config.epp
        self._standings = Standings(runner)
        self._allowance = Allowance(runner)
        self._commands = CommandLog(runner)
        self._places = Places(runner)
        self.credentials: Credentials | None = None
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._open: dict[asyncio.Task[None], Connection] = {}

    @property
    def port(self) -> int:
        """The port that it listens on."""
        if self._server is None:
            raise AssertionError("the server was not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Bind. Several processes may bind the same port; the kernel spreads connections over them."""
        self.credentials = Credentials(self._runner.config)
        await self._places.begin()
        works = (
            self._keep_fresh(self.credentials),
            self._places.run(),
            self._commands.run(),
            following(self._standings),
        )
        self._tasks = [asyncio.create_task(work) for work in works]
        self._server = await asyncio.start_server(
            self._serve,
            self._runner.config.address,
            self._runner.config.port("epp"),
            ssl=self.credentials.context,
            ssl_handshake_timeout=HANDSHAKE_SECONDS,
            ssl_shutdown_timeout=SHUTDOWN_SECONDS,
            backlog=BACKLOG,
            reuse_port=True,
        )

    def ready(self) -> bool:
        """Whether it takes connections."""
        return self._server is not None and self._server.is_serving()

    async def drain(self) -> None:
        """Stop listening, end idle connections, wait for the busy ones."""
        if self._server is not None:
            self._server.close()
        for task, connection in list(self._open.items()):
            if connection.is_busy:
                connection.is_draining = True
            else:
                task.cancel()
        await self._all_ended()
        await self._settle()

    async def close(self) -> None:
        """End everything now."""
        if self._server is not None:
            self._server.close()
        for task in [*self._open, *self._tasks]:
            task.cancel()
        await self._all_ended()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._settle()

    async def _settle(self) -> None:
        """Write the log to its end and give all places back; a database that is away is not waited for."""
        with suppress(Refusal):
            await self._commands.flush()
            await self._places.end()

    async def _all_ended(self) -> None:
        while self._open:
            await asyncio.wait(list(self._open))

    async def _keep_fresh(self, credentials: Credentials) -> None:
        while True:
            await self._runner.clock.sleep(REFRESH_SECONDS)
            credentials.refresh()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = _peer(writer)
        task = asyncio.current_task()
        if task is None or not may_arrive(self._guests(), peer.address, self._config.max_connections):
            ENDED.labels("budget").inc()
            writer.transport.abort()
            return
        writer.transport.set_write_buffer_limits(high=WRITE_BUFFER_OCTETS)
        place = self._places.of(peer.address)
        conversation = Conversation(self._runner, peer, place.take, self._standings, self._allowance, self._commands)
        self._open[task] = Connection(reader, writer, conversation, self._config)
        try:
            if await self._may_connect(peer):
                await self._run(self._open[task], writer)
            else:
                ENDED.labels("network").inc()
                writer.transport.abort()
        finally:
            del self._open[task]
            place.leave()
            self._count()

    async def _may_connect(self, peer: Peer) -> bool:
        """A known key from a network that its owner does not use gets no greeting; when the database is away, the login will tell."""
        try:
            return await self._standings.may_connect(peer.spki_sha256, peer.address)
        except Refusal:
            return True

    def _guests(self) -> list[Guest]:
        return [connection.guest for connection in self._open.values()]

    async def _run(self, connection: Connection, writer: asyncio.StreamWriter) -> None:
        self._count()
        how = "closed"
        try:
            await connection.run()
        except TimedOut as timed_out:
            how = str(timed_out)
        except (OSError, EOFError, ssl.SSLError):
            how = "broken"
        except asyncio.CancelledError:
            how = "drained"
        except Exception as fault:  # noqa: BLE001  # a fault in one connection is told to the operator and ends only that one
            how = "fault"
            _log.error("connection fault", exc_info=fault)
        ENDED.labels(how).inc()
        await _end(writer, gracefully=how in ("closed", "drained"))

    def _count(self) -> None:
        members = sum(1 for guest in self._guests() if guest.registrar_id)
        CONNECTIONS.labels("member").set(members)
        CONNECTIONS.labels("stranger").set(len(self._open) - members)


async def _end(writer: asyncio.StreamWriter, *, gracefully: bool) -> None:
    if not gracefully:
        writer.transport.abort()
        return
    writer.close()
    with suppress(OSError, EOFError, ssl.SSLError, TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(writer.wait_closed(), SHUTDOWN_SECONDS)


def _peer(writer: asyncio.StreamWriter) -> Peer:
    address = _plain((writer.get_extra_info("peername") or ("",))[0])
    secured = writer.get_extra_info("ssl_object")
    der = secured.getpeercert(binary_form=True) if secured is not None else None
    if der is None:
        return Peer(address)
    certificate = x509.load_der_x509_certificate(der)
    return Peer(address, tls.key_pin(certificate), certificate.not_valid_after_utc)


def _plain(address: str) -> str:
    """An IPv4 address as itself, also where the socket tells it as IPv6 (``::ffff:192.0.2.1``)."""
    ip = plain_address(address)
    return address if ip is None else str(ip)
