"""One connection's conversation: documents in, documents out. No socket is in here; a test can hold one by itself.

Documents are answered one after the other, so answers come in the order of the questions however many are sent at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from registry.epp.allowance import Allowance
from registry.epp.answer import Answer, Reader, refused, write_answer
from registry.epp.command_log import CommandLog, Finished
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
from registry.kernel.config import Config
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_transaction_id
from registry.model.registrar import STATUS_WORDS, Standing, right_for


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


class Admission(Protocol):
    """Asked after the credentials are right: may this login have one more session here?"""

    async def __call__(self, standing: Standing) -> bool:
        """Whether it may; the place is taken then."""
        ...


async def _everybody(standing: Standing) -> bool:  # noqa: ARG001  # the signature of an Admission
    return True


class Conversation:
    """``admit`` gives out places; ``standings``, ``allowance`` and ``log`` are the process's.

    A conversation without them has its own standings and allowance, and writes no log.
    """

    def __init__(
        self,
        runner: Runner,
        peer: Peer,
        admit: Admission = _everybody,
        standings: Standings | None = None,
        allowance: Allowance | None = None,
        log: CommandLog | None = None,
    ) -> None:
        self._runner = runner
        self._standings = standings or Standings(runner)
        self._allowance = allowance or Allowance(runner)
        self._commands = log
        self.peer = peer
        self._admit = admit
        self.session = Session()

    @property
    def is_member(self) -> bool:
        """Whether somebody has logged in."""
        return self.session.state is State.MEMBER

    def greeting(self) -> bytes:
        """What the server says first."""
        return write_greeting(server_id(self._runner.config), self._runner.clock.now())

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
        self._keep(Record(self.peer.address, self.session.registrar_id, asked, answer, trid, took))
        return Reply(written, answer.closes)

    def _keep(self, record: Record) -> None:
        record.emit()
        if self._commands is not None:
            registrar_id, user_id = self.session.registrar_id, self.session.user_id
            actor = f"registrar:{registrar_id}" if registrar_id else ""
            self._commands.note(Finished(self._runner.clock.now(), record, user_id, actor))

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
        session = self.session
        standing = await self._standings.check(session.login_id, self.peer.spki_sha256, self.peer.address)
        check_right(standing, asked)
        await self._allowance.spend(standing)
        return await perform(self._runner, Caller("registrar", session.registrar_id), asked, session.reader, trid)

    async def _log_in(self, asked: Asked, trid: str) -> Answer:
        login = read_login(asked)
        try:
            self._check_certificate()
            standing = await authenticate(self._runner, self._credentials(login))
        except Refusal as refusal:
            return self._login_failed(refusal)
        if not await self._admit(standing):
            raise Refusal(
                Reason.SESSION_LIMIT, "该注册服务机构的会话数已达上限", "this registrar has too many sessions"
            )
        if login.new_password is not None:
            await self._change_password(standing, login.new_password, trid, asked.client_trid)
        self._standings.noted(standing, self.peer.spki_sha256, self.peer.address)
        self.session = self.session.logged_in(login, standing.id, standing.user_id)
        return self._welcome(login)

    def _credentials(self, login: Login) -> Authenticate:
        peer = self.peer
        return Authenticate(login.login_id, login.password, peer.spki_sha256, peer.address, peer.certificate_ends)

    async def _change_password(self, standing: Standing, password: str, trid: str, client_trid: str) -> None:
        order = ChangePassword(standing.id, password, standing.user_id)
        caller = Caller("registrar", standing.id)
        await self._runner.run(caller, lambda act: change_password(act, order), trid=trid, client_trid=client_trid)

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


async def perform(runner: Runner, caller: Caller, asked: Asked, reader: Reader, trid: str) -> Answer:
    """Carry out one command that is in order; who the caller is was settled before."""
    command = find_command(asked, reader.services)
    order = command.read(asked)
    run = runner.read if command.only_reads else runner.run
    result = await run(caller, lambda act: command.flow(act, order), trid=trid, client_trid=asked.client_trid)
    return command.write(asked, result, reader.language)


def check_right(standing: Standing, asked: Asked) -> None:
    """Refuse (``NOT_PERMITTED``, EPP 2201) what the state of the registrar or the rights of the login do not allow."""
    right = right_for(asked.verb, asked.operation)
    if standing.may(right) or right is None:
        return
    words = STATUS_WORDS[standing.registrar.status]
    raise Refusal(
        Reason.NOT_PERMITTED,
        f"登录账户 {standing.login_id} 没有“{right}”权限（账户状态：{words.zh}）",
        f"the login {standing.login_id} does not have the right {right} (state of the account: {words.en})",
        where="clID",
        value=standing.login_id,
        evidence={"right": right.value},
    )


def server_id(config: Config) -> str:
    """``svID``: who we are, and that nothing is real where registrars only practise."""
    return f"{config.epp.server_id} OT&E" if config.ote else config.epp.server_id
