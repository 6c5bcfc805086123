"""Issue a mark: the body is alive, the hosts are its own, it controls them; then site, mark, change row and audit
entry in one transaction.

What stands here is the core that every later door shares. The full opening review (开办审核, verifier.md 3.5 i)
adds around it, without changing it: an application by the agency with a five-day clock, the first scan of the
site, the reviewer's look and the second pair of eyes, the challenge asked from several vantage points and as a
file, re-proof every 90 days and the annual 资格复核, and the entry in the public log. An attested issue (an
operator vouches with a reason) exists for sites under our own TLDs only, where the register itself knows the
holder; reason and operator stand in the audit entry.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import wake
from registry.kernel.ids import new_public_id
from registry.kernel.names import to_u
from verifier.marks import store
from verifier.marks.control import Challenge, TxtResolver, challenge_for, is_proved, load_secret
from verifier.marks.looks import look_of
from verifier.marks.mark_id import new_mark_id
from verifier.marks.origin import MAX_HOSTS, read_host, read_origin, registered_name
from verifier.marks.record import record
from verifier.marks.states import MarkState
from verifier.marks.store import Mark

CHALLENGE_FILE = "mark-challenge.key"
MAX_WORDS = 500  # name of a site, purpose, reason: a sentence or two


@dataclass(frozen=True, slots=True)
class MarkOrder:
    """Who asks for what. ``origin`` is the home address, ``hosts`` further names of the same site; both forms
    are understood.

    ``attested`` is an operator's reason for taking control as proved; ``actor`` is who acts, such as
    ``person:operator``.
    """

    uscc: str
    origin: str
    hosts: tuple[str, ...] = ()
    name: str = ""
    purpose: str = ""
    attested: str = ""
    actor: str = "person:operator"


@dataclass(frozen=True, slots=True)
class _Site:
    origin: str
    hosts: tuple[str, ...]


async def issue_mark(db: Database, order: MarkOrder, clock: Clock, config: Config, resolver: TxtResolver) -> Mark:
    """Issue and return the mark.

    Refuses: ``VALUE_INVALID`` (address, too many hosts), ``NOT_FOUND`` (body), ``STATUS_FORBIDS`` (body not
    alive), ``NOT_PERMITTED`` (a host that the register does not hold for this body), ``ALREADY_EXISTS`` (a host
    that has a mark), ``VERIFICATION_MISSING`` (control not proved; the evidence names the records to publish).
    """
    site = _site(order)
    now = clock.now()
    async with db.connection() as conn:
        await _check_rights(conn, order, site)
    control = await _prove_control(order, site, now, config, resolver)
    mark_id = new_mark_id()
    await db.run(lambda conn: _write(conn, order, site, mark_id, now, control), "serializable")
    wake(db)
    mark = await store.find_mark(db, mark_id)
    if mark is None:
        raise AssertionError("a mark that was just committed is not there")
    return mark


def challenges(order: MarkOrder, config: Config, now: datetime) -> list[Challenge]:
    """The TXT records that prove control of every host of the order."""
    secret = load_secret(config.secret(CHALLENGE_FILE))
    return [challenge_for(secret, order.uscc, host, now) for host in _site(order).hosts]


def _site(order: MarkOrder) -> _Site:
    origin = read_origin(order.origin)
    hosts = tuple(sorted({origin.host, *(read_host(host) for host in order.hosts)}))
    if len(hosts) > MAX_HOSTS or max(len(order.name), len(order.purpose), len(order.attested)) > MAX_WORDS:
        raise Refusal(
            Reason.VALUE_OUT_OF_RANGE,
            f"一个标识最多 {MAX_HOSTS} 个主机名，名称、用途、理由各不超过 {MAX_WORDS} 字",
            f"a mark has at most {MAX_HOSTS} hosts; name, purpose and reason have at most {MAX_WORDS} characters",
            where="hosts",
        )
    return _Site(str(origin), hosts)


async def _check_rights(conn: "Connection[Record]", order: MarkOrder, site: _Site) -> Record:
    """The body, after it was found alive, holding every host, and none of them marked."""
    body = await store.find_body(conn, order.uscc)
    if body is None:
        raise Refusal(
            Reason.NOT_FOUND,
            "名录库里没有这个机构",
            "the establishment database has no such body",
            where="uscc",
            value=order.uscc,
        )
    if not body["is_alive"]:
        raise Refusal(
            Reason.STATUS_FORBIDS,
            "机构已不存续，不能发给标识",
            "the body is no longer alive",
            where="uscc",
            value=order.uscc,
        )
    names = await store.find_names(conn, sorted({registered_name(host) for host in site.hosts}))
    for host in site.hosts:
        name = names.get(registered_name(host))
        if name is None or not name.is_live or name.uscc != order.uscc:
            raise _not_held(host)
        await _check_free(conn, host)
    return body


def _not_held(host: str) -> Refusal:
    return Refusal(
        Reason.NOT_PERMITTED,
        f"{to_u(host)} 不是注册给该机构的名称，也不在其名称之下；请先注册名称",
        f"{host} is not a name that the register holds for this body, nor below one; register the name first",
        where="origin",
        value=host,
    )


async def _check_free(conn: "Connection[Record]", host: str) -> None:
    existing = await store.find_mark_of_host(conn, host)
    if existing is not None and existing.stored is not MarkState.REVOKED:
        raise Refusal(
            Reason.ALREADY_EXISTS,
            f"{to_u(host)} 已有标识 {existing.id}",
            f"{host} already has the mark {existing.id}",
            where="origin",
            value=host,
        )


async def _prove_control(
    order: MarkOrder, site: _Site, now: datetime, config: Config, resolver: TxtResolver
) -> dict[str, Any]:
    """How control was proved, for the record."""
    if order.attested.strip():
        return {"method": "attested", "by": order.actor, "reason": order.attested.strip()}
    secret = load_secret(config.secret(CHALLENGE_FILE))
    missing = [host for host in site.hosts if not await is_proved(resolver, secret, order.uscc, host, now)]
    if missing:
        wanted = [challenge_for(secret, order.uscc, host, now) for host in missing]
        raise Refusal(
            Reason.VERIFICATION_MISSING,
            f"尚未证明对网站的控制：请在 DNS 中加入 TXT 记录 {wanted[0].name}，内容为 {wanted[0].value}",
            f'control is not proved: publish the TXT record {wanted[0].name} with the value "{wanted[0].value}"',
            where="origin",
            value=missing[0],
            evidence={"records": [{"name": one.name, "value": one.value} for one in wanted]},
        )
    return {"method": "dns-txt"}


async def _write(
    conn: "Connection[Record]", order: MarkOrder, site: _Site, mark_id: str, now: datetime, control: dict[str, Any]
) -> None:
    body = await _check_rights(conn, order, site)
    look = look_of(body["kind"], administrative=body["administrative"])
    status_list, slot = await store.taken_slot(conn)
    await store.add_mark(
        conn,
        {
            "id": new_public_id(), "uscc": order.uscc, "name": order.name or body["name"], "origin": site.origin,
            "purpose": order.purpose, "created_at": now,
        },
        {"id": mark_id, "look": look, "state": MarkState.VALID, "list": status_list, "slot": slot, "reason": ""},
        site.hosts,
    )  # fmt: skip
    detail = {"uscc": order.uscc, "origin": site.origin, "hosts": list(site.hosts), "look": look, "control": control}
    await record(conn, now, order.actor, "mark.issued", mark_id, detail)
