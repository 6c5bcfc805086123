"""The command log of this door: every command, without its secrets, in a table that operators search.

Theory of operation. A finished command is put into a queue in memory, which costs a few microseconds; a task renders what waits and writes it
by COPY every :data:`FLUSH_SECONDS`, so no command waits for the log and no command fails because of it. The price: a process
that is killed loses what it had not written, at most :data:`FLUSH_SECONDS` and the batch that was under way (a stop in order writes
everything). History and the audit chain, which are written with the act itself, lose nothing. The queue holds
:data:`MAX_WAITING`; when the database is away for longer, the newest are counted (``epp_commands_not_logged``) and left out.

What may stand in it. Of a command that changes something, the document and what was answered; of one that looks, its fields only.
A document that does not fit the schemas could hold a password anywhere, so nothing of it is kept but its verdict. In
one that fits, secrets can only be where the schemas have them (:data:`SECRET_ELEMENTS`); they are cut out of the tree before it is
written, and what was cut out is cut out of every other text of the line too, in case the client repeated it.
"""

import asyncio
import re
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from lxml import etree

from registry.epp.namespaces import PREFIXES
from registry.epp.record import Record, subjects
from registry.epp.request import Kind
from registry.flows.command_log.keep import Logged, keep_commands
from registry.flows.runner import Runner
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter
from registry.model.registrar import right_for

FLUSH_SECONDS = 0.5
MAX_WAITING = 20_000  # some ten seconds of everything that one process answers; 40 MB at most
BATCH = 500
AT_ONCE = 20  # rendered before the loop is given back: under a millisecond
MAX_TEXT = 16_384  # characters of a document or an answer that are kept; the longest honest create has a third
MAX_OBJECTS = 100
SECRET_ELEMENTS = frozenset({"pw", "newPW", "authInfo", "code", "encodedSignedCode", "allocationToken"})
HIDDEN = "***"
# A verification code: the issuer's number and Crockford base 32 (registry/flows/verification/issue.py).
_CODE = re.compile(r"\b\d{1,4}-[0-9A-HJKMNP-TV-Z]{13,}\b")
_NOT_LOGGED = counter("epp_commands_not_logged", "Finished commands that found no room in the log's queue")
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that was answered. ``actor`` is who really acted."""

    at: datetime
    record: Record
    user_id: str
    actor: str
    mode: str = ""


class CommandLog:
    """One for a process. ``note`` never waits and never fails."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._waiting: deque[Finished] = deque()
        self._days: set[date] = set()

    def note(self, finished: Finished) -> None:
        """Queue it."""
        if len(self._waiting) >= MAX_WAITING:
            _NOT_LOGGED.inc()
        else:
            self._waiting.append(finished)

    async def run(self) -> None:
        """Write what waits, until cancelled. A database that is away is tried again; what waits stays, within bounds."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except Refusal:
                continue
            except Exception as fault:  # noqa: BLE001  # the door goes on without its log; the operator is told
                _log.error("command log fault", exc_info=fault)

    async def flush(self) -> None:
        """Write everything that waits now. ``UNAVAILABLE`` when the database is away; nothing is lost by that."""
        while self._waiting:
            batch = [self._waiting[place] for place in range(min(BATCH, len(self._waiting)))]
            lines = []
            for place, finished in enumerate(batch):
                lines.append(render(finished))
                if place % AT_ONCE == AT_ONCE - 1:
                    await asyncio.sleep(0)
            try:
                await keep_commands(self._runner, lines, self._days)
            except Refusal:
                raise
            except Exception:
                self._drop(len(batch))  # a line that cannot be written must not stand in front of all others for ever
                raise
            self._drop(len(batch), is_written=True)

    def _drop(self, many: int, *, is_written: bool = False) -> None:
        for _ in range(many):
            with suppress(IndexError):
                self._waiting.popleft()
        if not is_written:
            _NOT_LOGGED.inc(many)


def render(finished: Finished) -> Logged:
    """The line, with every secret cut out. The tree of the command is changed by this: nobody needs it any more."""
    record = finished.record
    asked, answer = record.asked, record.answer
    line = Logged(
        at=finished.at,
        registrar_id=record.registrar_id,
        user_id=finished.user_id,
        actor=finished.actor,
        address=record.address,
        command=f"{asked.verb or asked.kind.value} {asked.operation}".strip(),
        kind=PREFIXES.get(asked.namespace, ""),
        objects=tuple(_storable(name) for name in subjects(asked)[:MAX_OBJECTS]),
        code=int(answer.code),
        reasons=tuple(problem.reason.value for problem in answer.problems),
        ms=round(record.seconds * 1000, 2),
        trid=record.trid,
        client_trid=_storable(asked.client_trid),
        mode=finished.mode,
    )
    if asked.kind is not Kind.COMMAND or asked.refusal or asked.body is None or not asked.namespace:
        return line
    if right_for(asked.verb, asked.operation) is None and not answer.problems:
        return line
    root = asked.body.element.getroottree().getroot()
    secrets = cut_secrets(root)
    told = list(_told(record, secrets))
    hide = _hider(secrets)
    request = etree.tostring(root, encoding="unicode")
    return replace(
        line,
        objects=tuple(map(hide, line.objects)),
        client_trid=hide(line.client_trid),
        request=hide(_storable(request))[:MAX_TEXT],
        response=hide(_storable("\n".join(told)))[:MAX_TEXT],
    )


def cut_secrets(root: etree._Element) -> list[str]:
    """Empty every element that holds a secret; what was in them."""
    found: list[str] = []
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2] in SECRET_ELEMENTS:
            texts = [str(text).strip() for text in element.itertext()]
            if any(texts) or len(element):
                found += [text for text in texts if text]
                tail = element.tail
                element.clear()
                element.text, element.tail = HIDDEN, tail
    return found


def _told(record: Record, secrets: list[str]) -> Iterable[str]:
    """What was answered: the findings in words (never the values that were sent), then the data without its secrets, which are noted."""
    answer = record.answer
    yield str(int(answer.code))
    for problem in answer.problems:
        where = f"{problem.where}: " if problem.where else ""
        yield f"{where}{problem.text.zh} / {problem.text.en}"
    for piece in ([answer.data] if answer.data else []) + list(answer.extensions):
        root = etree.fromstring(piece.xml)
        secrets += cut_secrets(root)
        yield etree.tostring(root, encoding="unicode")


def _hider(secrets: list[str]) -> "Hider":
    return Hider(sorted({secret for secret in secrets if secret}, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Hider:
    """Cuts secrets that are known, and whatever looks like a verification code, out of a text."""

    secrets: list[str]

    def __call__(self, text: str) -> str:
        """The text without them."""
        for secret in self.secrets:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        return _CODE.sub(HIDDEN, text)


def _storable(text: str) -> str:
    return text.replace("\0", "")
