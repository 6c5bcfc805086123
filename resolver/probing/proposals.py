"""Where a delegation to look at comes from: the register, or what somebody typed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a
from resolver.probing.facts import Proposal, Server, Signer
from resolver.zone.records import to_wire

_DELEGATION = """
select d.owner, d.servers, d.ds,
       coalesce((select jsonb_object_agg(g.owner, (select jsonb_agg(host(a)) from unnest(g.addresses) a)) from published.glue g
                 where g.domain_roid = d.domain_roid and g.owner = any (d.servers)), '{}') as glue
from published.delegation d"""
_ONE = f"{_DELEGATION} where d.owner = $1"
_SOME = f"{_DELEGATION} where d.owner = any ($1) and cardinality(d.servers) > 0 order by d.owner"
_AFTER = f"{_DELEGATION} where d.owner > $1 and cardinality(d.servers) > 0 order by d.owner limit $2"
MAX_TAG, MAX_NUMBER = 0xFFFF, 0xFF  # RFC 4034 section 5.1
_DS = re.compile(r"\s*(\d{1,5})\s+(\d{1,3})\s+(\d{1,3})\s+([0-9A-Fa-f\s]{2,256})")


def name_of(text: str) -> str:
    """The A-label of a name that somebody typed, with ``。`` as dots if he likes; refuses with VALUE_INVALID."""
    try:
        name = to_a(map_people(text.strip()).text).rstrip(".")
        to_wire(name)
    except ValueError as error:
        raise _wrong("域名无效", "no valid name", text) from error
    return name


async def registered(db: "Database | Connection[Record]", name: str) -> Proposal:
    """As the register has it; refuses with NOT_FOUND a name that is not delegated."""
    row = await db.fetchrow(_ONE, name)
    if row is None or not row["servers"]:
        raise Refusal(Reason.NOT_FOUND, f"{name} 没有委派", f"{name} is not delegated", where="name", value=name)
    return _of_row(row)


async def registered_after(db: "Database | Connection[Record]", name: str, number: int) -> list[Proposal]:
    """The next delegations in the order of their names."""
    return [_of_row(row) for row in await db.fetch(_AFTER, name, number)]


async def registered_some(db: "Database | Connection[Record]", names: Iterable[str]) -> list[Proposal]:
    """The delegations of these names; those that are not delegated are left out."""
    return [_of_row(row) for row in await db.fetch(_SOME, list(names))]


def typed(name: str, servers: Iterable[str], signers: Iterable[str]) -> Proposal:
    """From lines: a server with its addresses, a DS record as RFC 4034 section 5.3 has it. Refuses with VALUE_INVALID, naming the line."""
    return Proposal(name, tuple(map(_server, servers)), tuple(map(_signer, signers)))


def kept(name: str, servers: Sequence[Mapping[str, Any]], signers: Sequence[str]) -> Proposal:
    """As ``published.delegation_check`` has it."""
    return typed(name, (" ".join((each["name"], *each["addresses"])) for each in servers), signers)


def ds_text(signer: Signer) -> str:
    """RFC 4034 section 5.3."""
    return f"{signer.key_tag} {signer.algorithm} {signer.digest_type} {signer.digest.hex().upper()}"


def _of_row(row: Record) -> Proposal:
    servers = (Server(name, tuple(row["glue"].get(name, ()))) for name in row["servers"])
    signers = (
        Signer(each["key_tag"], each["algorithm"], each["digest_type"], bytes.fromhex(each["digest"]))
        for each in row["ds"]
    )
    return Proposal(row["owner"], tuple(servers), tuple(signers))


def _server(line: str) -> Server:
    name, *addresses = line.split() or [""]
    try:
        return Server(name_of(name).lower(), tuple(str(ip_address(each)) for each in addresses))
    except ValueError as error:
        raise _wrong("域名服务器的地址无效", "an address of a name server is invalid", line) from error


def _signer(line: str) -> Signer:
    found = _DS.fullmatch(line)
    if found is None:
        raise _wrong("DS 记录无效", "no valid DS record", line)
    tag, algorithm, kind = (int(found[place]) for place in (1, 2, 3))
    digits = "".join(found[4].split())
    if tag > MAX_TAG or algorithm > MAX_NUMBER or kind > MAX_NUMBER or len(digits) % 2:
        raise _wrong("DS 记录无效", "no valid DS record", line)
    return Signer(tag, algorithm, kind, bytes.fromhex(digits))


def _wrong(zh: str, en: str, line: str) -> Refusal:
    return Refusal(
        Reason.VALUE_INVALID, f"{zh}：{line[:100]}", f"{en}: {line[:100]}", where="delegation", value=line[:100]
    )
