"""What is written down of every command: one event and three figures. Secrets are not left out here, they never get in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from registry.epp.answer import Answer
from registry.epp.namespaces import PREFIXES
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter, histogram

COMMANDS = counter("epp_commands", "Commands answered", "command", "object", "code")
SECONDS = histogram("epp_command_seconds", "From the whole document to the whole answer", "command", "object")
FAULT_ID_BITS = 60  # enough that an operator finds exactly one line
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Record:
    """One answered document."""

    address: str
    registrar_id: str
    asked: Asked
    answer: Answer
    trid: str
    seconds: float

    def emit(self) -> None:
        """Count it, and write the event."""
        verb = self.asked.verb or self.asked.kind.value
        kind = PREFIXES.get(self.asked.namespace, "")
        _counting(verb, kind, self.answer.code)()
        _timing(verb, kind)(self.seconds)
        _log.info(
            "command",
            registrar=self.registrar_id,
            address=self.address,
            command=verb,
            kind=kind,
            object=subject(self.asked),
            code=int(self.answer.code),
            reasons=[problem.reason.value for problem in self.answer.problems],
            ms=round(self.seconds * 1000, 2),
            trid=self.trid,
            client_trid=self.asked.client_trid,
        )


def subjects(asked: Asked) -> tuple[str, ...]:
    """All names or identifiers that a command in order is about; the login id of a login."""
    if asked.body is None or (asked.refusal and not asked.namespace):
        return ()
    if not asked.namespace:
        return (asked.body.text("clID"),) if asked.verb == "login" else ()
    return asked.body.texts("name") or asked.body.texts("id")


@cache
def _counting(verb: str, kind: str, code: Code) -> Callable[[], None]:
    """Finding a figure by its labels costs more than counting; there are some hundred of them at most."""
    return COMMANDS.labels(verb, kind, str(int(code))).inc


@cache
def _timing(verb: str, kind: str) -> Callable[[float], None]:
    return SECONDS.labels(verb, kind).observe


def subject(asked: Asked) -> str:
    """The name or identifier that the command is about, with ``+n`` when there are more; empty when it is about none."""
    if asked.body is None or not asked.namespace:
        return asked.body.text("clID") if asked.body is not None and asked.verb == "login" else ""
    names = asked.body.texts("name") or asked.body.texts("id")
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"


def fault_of_ours(fault: Exception, trid: str) -> Refusal:
    """Log what went wrong under an id, and the refusal that tells the client this id and nothing else."""
    fault_id = new_public_id(FAULT_ID_BITS)
    _log.error("fault", fault=fault_id, trid=trid, exc_info=fault)
    return Refusal(
        Reason.UNAVAILABLE,
        f"服务器内部错误，编号 {fault_id}；命令没有生效，请稍后重试或联系注册局",
        f"internal error {fault_id}; nothing was changed, try again later or tell the registry",
    )
