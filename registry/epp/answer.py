"""What a client is answered, and how it is written (RFC 5730 section 2.6).

``msg`` is in the language of the session. A refusal's own words stand in ``extValue``, once in Chinese and once in
English, so that whoever reads the registrar's log understands them.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from registry.epp.markup import NOTHING, element, instant, optional, tag
from registry.epp.namespaces import EPP, PREFIXES, UNHANDLED
from registry.epp.results import CODES, MESSAGES, Code, closes
from registry.kernel.errors import Problem, Refusal, Text

HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<epp xmlns="{EPP}">'
MAX_PROBLEMS = 20  # an answer that lists more is not read
MAX_VALUE = 255  # characters of a wrong value that are given back: every name and line fits, a flood does not come back
SECRETS = frozenset({"pw", "newPW", "authInfo"})  # never given back, not even to whoever sent them
# Fields that a flow names without knowing in which extension EPP carries them.
FOREIGN = {
    "verificationCode": "verificationCode:encodedSignedCode",
    "code": "verificationCode:code",
    "allocationToken": "allocationToken:allocationToken",
    "ttl": "ttl:ttl",
    "keyTag": "secDNS:keyTag",
    "alg": "secDNS:alg",
    "digestType": "secDNS:digestType",
    "digest": "secDNS:digest",
    "dsData": "secDNS:dsData",
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_URIS = {prefix: uri for uri, prefix in PREFIXES.items()}


@dataclass(frozen=True, slots=True)
class Queue:
    """The head of a message queue (RFC 5730 section 2.9.2.3). ``text`` and ``at`` only with the message itself."""

    count: int
    id: str
    at: datetime | None = None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """XML of one namespace, for ``resData`` or ``extension``."""

    uri: str
    xml: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One response. ``namespace`` is that of the object whose fields ``problems`` name."""

    code: Code = Code.OK
    data: Piece | None = None
    extensions: tuple[Piece, ...] = ()
    queue: Queue | None = None
    problems: tuple[Problem, ...] = ()
    namespace: str = ""

    @property
    def closes(self) -> bool:
        """Whether the connection ends after it."""
        return closes(self.code)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the answer: the session's language and the services that the client announced at login."""

    language: str = "en"
    services: frozenset[str] = frozenset()

    def handles(self, piece: Piece) -> bool:
        """Whether the client said that it understands this namespace (RFC 9038 calls others unhandled)."""
        return piece.uri in self.services


def refused(refusal: Refusal, namespace: str = "", code: Code | None = None) -> Answer:
    """The answer that says no, with everything that the refusal found wrong, each thing once."""
    first = Problem(refusal.reason, refusal.text, refusal.where, refusal.value, refusal.evidence)
    told = refusal.problems if _repeats(refusal) else (first, *refusal.problems)
    return Answer(code or CODES[refusal.reason], problems=told, namespace=namespace)


def _repeats(refusal: Refusal) -> bool:
    """Whether the head sentence only says again what the single findings say."""
    texts = [problem.text.zh for problem in refusal.problems]
    return refusal.text.zh in texts or refusal.text.zh == "".join(texts)


def write_answer(answer: Answer, reader: Reader, client_trid: str, server_trid: str) -> bytes:
    """The document. Data that the client cannot handle is moved aside, or left out where RFC 9038 wants that."""
    message = MESSAGES[answer.code]
    result = element(
        "result",
        tag("msg", message.zh, lang="zh") if reader.language == "zh" else tag("msg", message.en),
        *(_problem(problem, answer.namespace, reader.language) for problem in answer.problems[:MAX_PROBLEMS]),
        *(_unhandled(piece) for piece in _moved_aside(answer, reader)),
        code=str(int(answer.code)),
    )
    data = element("resData", answer.data.xml) if answer.data and reader.handles(answer.data) else NOTHING
    handled = [piece.xml for piece in answer.extensions if reader.handles(piece)]
    response = element(
        "response",
        result,
        _queue(answer.queue, reader.language) if answer.queue else NOTHING,
        data,
        element("extension", *handled) if handled else NOTHING,
        element("trID", optional("clTRID", client_trid), tag("svTRID", server_trid)),
    )
    return f"{HEAD}{response}</epp>".encode()


def _moved_aside(answer: Answer, reader: Reader) -> list[Piece]:
    """RFC 9038: always with a poll message (section 5); otherwise only for clients that announced it (section 4)."""
    if answer.code != Code.MESSAGE and UNHANDLED not in reader.services:
        return []
    pieces = [*([answer.data] if answer.data else []), *answer.extensions]
    return [piece for piece in pieces if not reader.handles(piece)]


def _unhandled(piece: Piece) -> str:
    """RFC 9038 section 3: the element itself, and the sentence that clients look for."""
    reason = tag("reason", f"{piece.uri} not in login services")
    return element("extValue", element("value", piece.xml), reason)


def _problem(problem: Problem, namespace: str, language: str) -> str:
    value = element("value", _offender(problem, namespace))
    rule = problem.evidence.get("rule", "")
    zh, en = (f"（{rule}）", f" ({rule})") if rule else ("", "")
    reasons = [tag("reason", problem.text.zh + zh, lang="zh"), tag("reason", problem.text.en + en)]
    if language != "zh":
        reasons.reverse()
    return "".join(element("extValue", value, reason) for reason in reasons)


def _offender(problem: Problem, namespace: str) -> str:
    """The element that the client sent, with its value; ``undef`` when what was wrong is not one element."""
    prefix, _, name = FOREIGN.get(problem.where, problem.where).rpartition(":")
    prefix = prefix if prefix in _URIS else PREFIXES.get(namespace, "epp")
    if not _NAME.fullmatch(name):
        return f'<undef xmlns="{EPP}"/>'
    value = "" if name in SECRETS else problem.value[:MAX_VALUE]
    return tag(f"{prefix}:{name}", value, **{f"xmlns:{prefix}": _URIS[prefix]})


def _queue(queue: Queue, language: str) -> str:
    parts = [tag("qDate", instant(queue.at))] if queue.at else []
    if queue.text:
        zh, en = tag("msg", queue.text.zh, lang="zh"), tag("msg", queue.text.en)
        parts.append(zh if language == "zh" else en)
    return element("msgQ", *parts, count=str(queue.count), id=queue.id)
