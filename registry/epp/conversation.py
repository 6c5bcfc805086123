"""One connection's conversation: documents in, documents out. No socket is in here; a test can hold one by itself.

Documents are answered one after the other, so answers come in the order of the questions however many are sent at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from registry.epp.answer import Answer, refused, write_answer
from registry.epp.commands import find_command
from registry.epp.record import Record, fault_of_ours
from registry.epp.request import Asked, read_request
from registry.epp.results import Code
from registry.epp.session.greeting import write_greeting
from registry.epp.session.login import Login, read_login
from registry.epp.session.state import Session, State, Step, hopeless, out_of_order
from registry.epp.session.warnings import write_warnings
from registry.epp.standing import Standings
from registry.flows.act import Caller
from registry.flows.registrar.authenticate import Authenticate, authenticate
from registry.flows.registrar.change_password import ChangePassword, change_password
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_transaction_id


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end: the address, and the key and the end of the certificate that TLS checked, if it sent one."""

    address: str
    spki_sha256: bytes | None = None
    certificate_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """``closes``: the connection ends after this document."""

    document: bytes
    closes: bool = False


class Conversation:
    """``admit`` is asked after the credentials are right: may this registrar have one more session here?

    ``standings`` is the process's; a conversation without one has its own.
    """

    def __init__(
        self,
        runner: Runner,
        peer: Peer,
        admit: Callable[[str], bool] = lambda _: True,
        standings: Standings | None = None,
    ) -> None:
        self._runner = runner
        self._standings = standings or Standings(runner)
        self.peer = peer
        self._admit = admit
        self.session = Session()

    @property
    def is_member(self) -> bool:
        """Whether somebody has logged in."""
        return self.session.state is State.MEMBER

    def greeting(self) -> bytes:
        """What the server says first."""
        return write_greeting(self._runner.config.epp.server_id, self._runner.clock.now())

    async def reply(self, document: bytes) -> Reply:
        """Answer one document. Never raises for anything that a client can send."""
        began = self._runner.clock.monotonic()
        asked = read_request(document, self._runner.config.epp.max_frame_bytes)
        step = self.session.step(asked)
        if step is Step.GREET:
            self.session = self.session.answered(Code.OK)
            return Reply(self.greeting())
        trid = new_transaction_id()
        answer = await self._guarded(step, asked, trid)
        self.session = self.session.answered(answer.code)
        if self.session.is_hopeless:
            answer = refused(hopeless(), code=Code.FAULT_CLOSING)
        written = write_answer(answer, self.session.reader, asked.client_trid, trid)
        took = self._runner.clock.monotonic() - began
        Record(self.peer.address, self.session.registrar_id, asked, answer, trid, took).emit()
        return Reply(written, answer.closes)

    async def _guarded(self, step: Step, asked: Asked, trid: str) -> Answer:
        try:
            return await self._answer(step, asked, trid)
        except Refusal as refusal:
            return refused(refusal, asked.namespace)
        except Exception as fault:  # noqa: BLE001  # what is no refusal is our fault: the client gets an id, the log the rest
            return refused(fault_of_ours(fault, trid), asked.namespace)

    async def _answer(self, step: Step, asked: Asked, trid: str) -> Answer:
        if step is Step.REFUSE and asked.refusal:
            raise asked.refusal
        if step is Step.LOG_IN:
            return await self._log_in(asked, trid)
        if step is Step.LOG_OUT:
            return Answer(Code.BYE)
        if step is Step.PERFORM:
            return await self._perform(asked, trid)
        raise out_of_order(self.session)

    async def _perform(self, asked: Asked, trid: str) -> Answer:
        await self._standings.check(self.session.registrar_id, self.peer.spki_sha256)
        command = find_command(asked, self.session.reader.services)
        order = command.read(asked)
        run = self._runner.read if command.only_reads else self._runner.run
        caller = Caller("registrar", self.session.registrar_id)
        result = await run(caller, lambda act: command.flow(act, order), trid=trid, client_trid=asked.client_trid)
        return command.write(asked, result, self.session.reader.language)

    async def _log_in(self, asked: Asked, trid: str) -> Answer:
        login = read_login(asked)
        try:
            self._check_certificate()
            await authenticate(self._runner, Authenticate(login.registrar_id, login.password, self.peer.spki_sha256))
        except Refusal as refusal:
            return self._login_failed(refusal)
        if not self._admit(login.registrar_id):
            raise Refusal(
                Reason.SESSION_LIMIT, "该注册服务机构的会话数已达上限", "this registrar has too many sessions"
            )
        if login.new_password is not None:
            order = ChangePassword(login.registrar_id, login.new_password)
            caller = Caller("registrar", login.registrar_id)
            await self._runner.run(
                caller, lambda act: change_password(act, order), trid=trid, client_trid=asked.client_trid
            )
        self._standings.noted(login.registrar_id, self.peer.spki_sha256)
        self.session = self.session.logged_in(login)
        return self._welcome(login)

    def _check_certificate(self) -> None:
        """Before the password: a stranger without a certificate must not be able to make us hash."""
        if self.peer.spki_sha256 is None:
            raise Refusal(
                Reason.CREDENTIALS_WRONG,
                "登录须使用客户端证书",
                "a login needs a client certificate",
            )

    def _login_failed(self, refusal: Refusal) -> Answer:
        if refusal.reason is not Reason.CREDENTIALS_WRONG:
            raise refusal
        self.session = self.session.failed()
        return refused(refusal, code=Code.AUTHENTICATION_CLOSING if self.session.is_spent else None)

    def _welcome(self, login: Login) -> Answer:
        now = self._runner.clock.now()
        return Answer(extensions=write_warnings(self.peer.certificate_ends, now, login.language))
