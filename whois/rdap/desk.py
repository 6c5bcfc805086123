"""Where questions over RDAP are answered: out of memory, or out of the register; as bytes, whatever carries them.

``at_once`` is the way of a question whose answer is in memory; it asks nobody and waits for nothing. Everything else goes through
``answer``, which never raises. Two doors stand before this desk: the lane (``whois/rdap/lane.py``), which carries plain requests, and the
routes of the web application.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter
from registry.kernel.web.bearers import Bearer, Bearers
from whois.cache.answers import Answer
from whois.limits import AskingLimits
from whois.lines import instant
from whois.lookups import Lookups
from whois.rdap.asking import Question, read_path, wants_jscard
from whois.rdap.errors import error_object, refusal_object
from whois.rdap.finding import Sought, find
from whois.rdap.members import Asker, uri_of
from whois.rdap.texts import answer_of, nothing_of

FAULT_ID_BITS = 60  # twelve characters that can be read out by telephone
QUERIES = counter("rdap_queries", "Queries over RDAP", "source", "status")
FROM_MEMORY = QUERIES.labels("memory", "200")
QUERY_SECONDS = 10.0  # what a look-up or a page of a search may take before the client is told to come back
NO_ANSWER = Refusal(Reason.UNAVAILABLE, "查询超时，请稍后再试", "no answer in time; please try again later")
KEEP_FOUND, KEEP_ERROR, KEEP_PRIVATE = "no-cache", "no-store", "private, no-store"


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out: ``headers`` beside those that every answer has."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Desk:
    """One a process. ``bearers`` reads access tokens, where the process has somebody who can."""

    def __init__(self, config: Config, clock: Clock, lookups: Lookups, bearers: Bearers | None = None) -> None:
        self._config, self._clock, self._lookups, self._bearers = config, clock, lookups, bearers
        self._public_url = config.public_url
        per_minute = config.whois.rdap_queries_per_minute if config.whois.queries_per_minute else 0
        self._limits = AskingLimits(per_minute, config.whois.unlimited_networks)

    def at_once(self, question: Question) -> Reply | None:
        """The reply when it is in memory, or the refusal of a caller who asks too often; None when the register must be asked."""
        try:
            self._limits.check(question.address, self._clock.monotonic())
        except Refusal as refusal:
            return self._refused(refusal)
        if question.authorization:
            return None
        now = self._clock.now()
        found = self._lookups.memory.get(question.key, asyncio.get_running_loop().time(), now.timestamp())
        if found is None:
            return None
        FROM_MEMORY.inc()
        return self._reply(question, found, now)

    async def answer(self, question: Question) -> Reply:
        """The reply out of the register."""
        try:
            async with asyncio.timeout(QUERY_SECONDS):
                return await self._answer(question)
        except TimeoutError:
            return self._refused(NO_ANSWER)
        except Refusal as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001  # the last door: what is not caught here would be no RDAP error
            return self._fault(question, error)

    async def _answer(self, question: Question) -> Reply:
        if question.method not in ("GET", "HEAD"):
            return _error(
                HTTPStatus.METHOD_NOT_ALLOWED,
                ("只接受 GET 与 HEAD", "only GET and HEAD are taken here"),
                ("Allow", "GET, HEAD, OPTIONS"),
            )
        bearer = await self._bearer(question)
        number, db, now = self._lookups.memory.number(), self._lookups.reads.db, self._clock.now()
        path = read_path(question.target)
        asker = Asker(uri_of(question, self._public_url), self._public_url, now, wants_jscard(question, path), bearer)
        sought = await self._lookups.reads.ask(lambda db: find(db, path, asker))
        found = self._finished(sought)
        if bearer is None and not sought.volatile and self._lookups.reads.db is db:
            self._lookups.memory.put(question.key, found, number)
        QUERIES.labels("register", str(found.status)).inc()
        return self._reply(question, found, now, is_private=bearer is not None)

    async def _bearer(self, question: Question) -> Bearer | None:
        if not question.authorization:
            return None
        if self._bearers is None:
            zh, en = "这里不接受访问令牌", "access tokens are not taken here"
            raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="Authorization")
        return await self._bearers(question.authorization)

    @staticmethod
    def _finished(sought: Sought) -> Answer:
        if sought.body is None:
            assert sought.refusal is not None  # noqa: S101  # one of the two is always there
            status, body = refusal_object(sought.refusal)
            return nothing_of(status, msgspec.json.encode(body), sought)
        return answer_of(msgspec.json.encode(sought.body), sought)

    def _reply(self, question: Question, found: Answer, now: datetime, *, is_private: bool = False) -> Reply:
        if found.status != HTTPStatus.OK:
            return Reply(found.status, found.head, (("Cache-Control", KEEP_ERROR),))
        keep = KEEP_PRIVATE if is_private else KEEP_FOUND
        headers: tuple[tuple[str, str], ...] = (("Cache-Control", keep), ("ETag", found.tag))
        if found.changed:
            headers = (*headers, ("Last-Modified", found.changed))
        if _is_known(question, found):
            return Reply(HTTPStatus.NOT_MODIFIED, b"", headers)
        return Reply(HTTPStatus.OK, found.at(instant(self._lookups.reads.as_of(now)).encode()), headers)

    @staticmethod
    def _refused(refusal: Refusal) -> Reply:
        status, body = refusal_object(refusal)
        QUERIES.labels("register", str(int(status))).inc()
        more: list[tuple[str, str]] = []
        if "retry_after" in refusal.evidence:
            more.append(("Retry-After", str(refusal.evidence["retry_after"])))
        if status is HTTPStatus.UNAUTHORIZED:
            more.append(("WWW-Authenticate", 'Bearer realm="zhengming"'))
        return Reply(status, msgspec.json.encode(body), (("Cache-Control", KEEP_ERROR), *more))

    @staticmethod
    def _fault(question: Question, error: Exception) -> Reply:
        fault_id = new_public_id(FAULT_ID_BITS)
        get_logger().error("fault", fault=fault_id, path=question.target.partition("?")[0], exc_info=error)
        lines = (f"系统出错，编号 {fault_id}", f"something of ours broke, number {fault_id}")
        return _error(HTTPStatus.INTERNAL_SERVER_ERROR, lines)


def _error(status: HTTPStatus, lines: tuple[str, str], *more: tuple[str, str]) -> Reply:
    return Reply(status, msgspec.json.encode(error_object(status, lines)), (("Cache-Control", KEEP_ERROR), *more))


def _is_known(question: Question, found: Answer) -> bool:
    """Whether the client has this content already (RFC 9110, section 13.2.2: a tag, when one is sent, decides alone)."""
    if question.if_none_match:
        tags = [one.strip().removeprefix("W/") for one in question.if_none_match.split(",")]
        return "*" in tags or found.tag.removeprefix("W/") in tags
    if question.if_modified_since and found.changed:
        return _instant(found.changed) <= _instant(question.if_modified_since)
    return False


def _instant(text: str) -> datetime:
    """The instant of a header; what is no date is before all others, so nothing is known since then."""
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        return datetime.min.replace(tzinfo=UTC)
