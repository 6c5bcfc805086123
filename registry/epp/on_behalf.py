"""One command without a session: rehearsed for whoever may ask, or carried out by an operator in a registrar's name.

The other doors (REST, portal, command line) have no EPP; the process that holds them together lends them this desk. The answer is the very
document that the registrar's client would get. A rehearsal runs the whole command in a transaction that is always rolled back.
"""

from dataclasses import dataclass

from registry.epp.answer import Answer, Reader, refused, write_answer
from registry.epp.command_log import Finished, render
from registry.epp.conversation import check_right, perform, server_id
from registry.epp.namespaces import EXTENSION_URIS, OBJECT_URIS
from registry.epp.record import Record, fault_of_ours
from registry.epp.request import Asked, read_request
from registry.epp.session.greeting import write_greeting
from registry.epp.session.state import Session, State, Step, out_of_order
from registry.flows.act import Caller
from registry.flows.command_log.keep import keep_commands
from registry.flows.registrar.impersonate import Impersonate, impersonate, in_the_name_of
from registry.flows.registrar.permission import no_registrar
from registry.flows.registrar.standing import read_standing
from registry.flows.runner import Flow, Runner, T
from registry.kernel.errors import Refusal
from registry.kernel.ids import new_transaction_id

SERVICES = OBJECT_URIS | EXTENSION_URIS


@dataclass(frozen=True, slots=True)
class Wish:
    """``document`` is a whole EPP document; ``language`` of the answer ``zh`` or ``en``."""

    registrar_id: str
    document: bytes
    language: str = "zh"
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Rolling(Runner):
    """A runner that never commits."""

    async def run(self, caller: Caller, flow: Flow[T], *, trid: str = "", client_trid: str = "") -> T:
        """See ``Runner.rehearse``."""
        return await self.rehearse(caller, flow, trid=trid, client_trid=client_trid)


class Desk:
    """What the registrars' door does for the others. ``registry.cli.web`` lends it as ``extras["epp"]``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    @staticmethod
    def wish(registrar_id: str, document: bytes, language: str = "zh", address: str = "") -> Wish:
        """An order, for doors that do not know our names."""
        return Wish(registrar_id, document, language, address)

    async def rehearse(self, wish: Wish, *, asker: str) -> bytes:
        """What the registrar would be answered now; nothing is changed. Refuses with ``NOT_FOUND`` (registrar).

        ``asker`` stands in the command log: ``registrar:…`` or ``person:…``.
        """
        runner = _Rolling(self._runner.db, self._runner.clock, self._runner.config)
        caller = Caller("registrar", wish.registrar_id)
        return await self._answer(runner, wish, caller, asker, "dry-run", new_transaction_id())

    async def act_for(self, operator: Caller, wish: Wish, reason: str) -> bytes:
        """Carry the command out in the registrar's name, with the operator behind it in history, audit and log.

        Refuses with ``NOT_PERMITTED`` (no operator), ``PARAMETER_MISSING`` (no reason), ``NOT_FOUND`` (registrar).
        """
        trid = new_transaction_id()
        asked = read_request(wish.document, self._runner.config.epp.max_frame_bytes)
        order = Impersonate(wish.registrar_id, reason, f"{asked.verb or asked.kind.value} {asked.operation}".strip())
        await self._runner.run(operator, lambda act: impersonate(act, order), trid=trid)
        caller = in_the_name_of(operator, wish.registrar_id)
        return await self._answer(self._runner, wish, caller, caller.actor, "impersonated", trid)

    async def _answer(self, runner: Runner, wish: Wish, caller: Caller, actor: str, mode: str, trid: str) -> bytes:
        if await read_standing(self._runner, wish.registrar_id, None) is None:
            raise no_registrar(wish.registrar_id)
        began = runner.clock.monotonic()
        asked = read_request(wish.document, runner.config.epp.max_frame_bytes)
        session = Session(State.MEMBER, wish.registrar_id, "", Reader(wish.language, SERVICES))
        step = session.step(asked)
        if step is Step.GREET:
            return write_greeting(server_id(runner.config), runner.clock.now())
        answer = await self._guarded(runner, session, step, asked, caller, trid)
        written = write_answer(answer, session.reader, asked.client_trid, trid)
        took = runner.clock.monotonic() - began
        record = Record(wish.address, wish.registrar_id, asked, answer, trid, took)
        line = render(Finished(runner.clock.now(), record, "", actor, mode))
        await keep_commands(self._runner, [line], set())
        return written

    async def _guarded(
        self, runner: Runner, session: Session, step: Step, asked: Asked, caller: Caller, trid: str
    ) -> Answer:
        try:
            await self._check(session, step, asked, caller)
            return await perform(runner, caller, asked, session.reader, trid)
        except Refusal as refusal:
            return refused(refusal, asked.namespace)
        except Exception as fault:  # noqa: BLE001  # as at the door itself: an id goes out, the log has the rest
            return refused(fault_of_ours(fault, trid), asked.namespace)

    async def _check(self, session: Session, step: Step, asked: Asked, caller: Caller) -> None:
        if asked.refusal:
            raise asked.refusal
        if step is not Step.PERFORM:
            raise out_of_order(session)
        standing = await read_standing(self._runner, session.registrar_id, None)
        if standing and not caller.behind:  # an operator acts also for a registrar that may not act itself
            check_right(standing, asked)
