"""Our own public answers, looked at by a second hand: every address of every name server, every transport, against what is published.

The truth is what the register publishes and the serial that was written down when it was put in place; what is compared is what came
over the network, with its signatures checked by dnspython, which had no part in making them. Pure but for the asking.
"""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import dns.asyncquery
import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from resolver.probing.asking import TCP_SECONDS, UDP_SECONDS, question
from resolver.probing.facts import Heard, Proposal
from resolver.probing.finding import Finding, error, warning

MISSING = "zz--not-there"  # a label that nobody can register: hyphens in places 3 and 4 without xn
SOON_SECONDS = 3 * 86400  # signatures are replaced a week before their end: less than this means that nobody does it
BEHIND_SECONDS = 3600  # a serial is the second of the change: more than an hour behind is no transfer under way


@dataclass(frozen=True, slots=True)
class Expected:
    """One zone as it is published: the serial that is out at least, its name servers, and some delegations."""

    zone: str
    serial: int
    servers: frozenset[str]
    samples: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """One way to ask: ``url`` for ``https``."""

    server: str
    address: str
    port: int
    transport: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What came back: by question, and how long the first took."""

    heard: Mapping[str, Heard]
    millis: int | None = None


def questions(expected: Expected) -> dict[str, dns.message.Message]:
    """What a door is asked."""
    zone = expected.zone
    apex = {kind: question(zone, kind, do=True) for kind in ("SOA", "NS", "DNSKEY")}
    return {
        **apex,
        "missing": question(f"{MISSING}.{zone}", "A", do=True),
        **{sample.zone: question(sample.zone, "NS", do=True) for sample in expected.samples},
    }


async def ask_door(door: Door, expected: Expected) -> Look:
    """All questions, one after the other: a door that is slow shows it, and is not flooded."""
    loop = asyncio.get_running_loop()
    heard, start = dict[str, Heard](), loop.time()
    millis: int | None = None
    for key, message in questions(expected).items():
        heard[key] = await _ask(door, message)
        if millis is None and heard[key].message is not None:
            millis = round(1000 * (loop.time() - start))
        if heard[key].message is None:
            break  # it does not answer: the rest would only take as long again
    return Look(heard, millis)


async def _ask(door: Door, message: dns.message.Message) -> Heard:
    try:
        match door.transport:
            case "udp":
                said, _ = await dns.asyncquery.udp_with_fallback(message, door.address, UDP_SECONDS, door.port)
            case "tcp":
                said = await dns.asyncquery.tcp(message, door.address, TCP_SECONDS, door.port)
            case "tls":
                said = await dns.asyncquery.tls(
                    message, door.address, TCP_SECONDS, door.port, ssl_context=_any_certificate()
                )
            case _:
                said = await _over_https(door, message)
    except dns.exception.Timeout:
        return Heard(trouble="timeout")
    except ConnectionRefusedError:
        return Heard(trouble="refused")
    except (OSError, EOFError, TimeoutError, aiohttp.ClientError):
        return Heard(trouble="unreachable")
    except (dns.exception.DNSException, ValueError):
        return Heard(trouble="malformed")
    return Heard(said)


def _any_certificate() -> ssl.SSLContext:
    """Encrypted, and whoever it is: here the answers are judged, and DNSSEC says whose they are."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _over_https(door: Door, message: dns.message.Message) -> dns.message.Message:
    timeout = aiohttp.ClientTimeout(total=TCP_SECONDS)
    headers = {"Content-Type": "application/dns-message"}
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(door.url, data=message.to_wire(), headers=headers, ssl=_any_certificate()) as got,
    ):
        got.raise_for_status()
        return dns.message.from_wire(await got.read())


def serial_of(look: Look, zone: str) -> int | None:
    """The serial that was answered."""
    soa = _set(look.heard.get("SOA"), zone, dns.rdatatype.SOA)
    return None if soa is None else int(soa[0].serial)


def judge(expected: Expected, look: Look, at: datetime) -> list[Finding]:
    """What differs from what is published."""
    troubles = [each.trouble for each in look.heard.values() if each.message is None]
    if troubles:
        return [error("silent", f"没有应答（{troubles[0]}）", f"does not answer ({troubles[0]})")]
    return [
        *_judge_serial(expected, serial_of(look, expected.zone)),
        *_judge_servers(expected, look),
        *_judge_signatures(expected, look, at),
        *_judge_missing(look),
        *_judge_samples(expected, look),
    ]


def _judge_serial(expected: Expected, serial: int | None) -> Iterator[Finding]:
    if serial is None:
        yield error("no_soa", "没有 SOA 记录", "has no SOA")
        return
    behind = (expected.serial - serial) & 0xFFFFFFFF
    if 0 < behind < 1 << 31:
        found = error if behind > BEHIND_SECONDS else warning
        yield found(
            "behind", f"序列号落后：{serial}，已发布 {expected.serial}", f"serial {serial} is behind {expected.serial}"
        )


def _judge_servers(expected: Expected, look: Look) -> Iterator[Finding]:
    named = _set(look.heard["NS"], expected.zone, dns.rdatatype.NS)
    found = {each.target.to_text(omit_final_dot=True).lower() for each in named or ()}
    if found != expected.servers:
        said = " ".join(sorted(found)) or "—"
        yield error(
            "servers_differ", f"NS 记录与配置不同：{said}", f"the NS records are not the configured ones: {said}"
        )


def _judge_signatures(expected: Expected, look: Look, at: datetime) -> Iterator[Finding]:
    keys = _set(look.heard["DNSKEY"], expected.zone, dns.rdatatype.DNSKEY)
    if keys is None:
        yield error("no_keys", "没有 DNSKEY 记录", "has no DNSKEY")
        return
    for question_, kind in (("DNSKEY", dns.rdatatype.DNSKEY), ("SOA", dns.rdatatype.SOA), ("NS", dns.rdatatype.NS)):
        records = _set(look.heard[question_], expected.zone, kind)
        signatures = _set(look.heard[question_], expected.zone, dns.rdatatype.RRSIG, kind)
        if records is None or signatures is None:
            yield error("not_signed", f"{question_} 没有签名", f"{question_} is not signed")
            continue
        try:
            dns.dnssec.validate(records, signatures, {keys.name: keys}, now=at.timestamp())
        except dns.exception.DNSException as reason:
            yield error(
                "signature_wrong",
                f"{question_} 的签名验证不通过",
                f"the signature of {question_} does not verify: {reason}",
            )
        if max(each.expiration for each in signatures) < at.timestamp() + SOON_SECONDS:
            yield error(
                "signature_ends_soon",
                f"{question_} 的签名将在三天内到期",
                f"the signature of {question_} ends within three days",
            )


def _judge_missing(look: Look) -> Iterator[Finding]:
    message = look.heard["missing"].message
    if message is not None and message.rcode() != dns.rcode.NXDOMAIN:
        said = dns.rcode.to_text(message.rcode())
        yield error("missing_exists", f"对不存在的域名回答 {said}", f"answers {said} for a name that does not exist")


def _judge_samples(expected: Expected, look: Look) -> Iterator[Finding]:
    for sample in expected.samples:
        message = look.heard[sample.zone].message
        name = dns.name.from_text(f"{sample.zone}.")
        named = (
            next((each for each in message.authority if (each.name, each.rdtype) == (name, dns.rdatatype.NS)), None)
            if message
            else None
        )
        found = {each.target.to_text(omit_final_dot=True).lower() for each in named or ()}
        if found != {server.name for server in sample.servers}:
            said = " ".join(sorted(found)) or "—"
            yield error("delegation_differs", f"{sample.zone} 的委派与注册数据不同：{said}",
                        f"the delegation of {sample.zone} is not the registered one: {said}")  # fmt: skip


def _set(heard: Heard | None, zone: str, kind: int, covers: int = dns.rdatatype.NONE) -> dns.rrset.RRset | None:
    if heard is None or heard.message is None:
        return None
    name = dns.name.from_text(f"{zone}.")
    return next(
        (each for each in heard.message.answer if (each.name, each.rdtype, each.covers) == (name, kind, covers)), None
    )
