"""The outbox: from notices to addresses, and from addresses to what became of them.

Theory of operation. A notice is written with its act and nothing else; *routing* gives it one row for every confirmed address that wants
it, in one transaction that also notes that it was routed, so no notice is routed twice or never. *Taking* moves ``due_at`` of a row to the
end of a lease before anything is sent; *settling* ends it. A sender that dies leaves a row whose lease runs out, and it is sent again
with the same identity, by which the receiver knows it (Message-ID, ``webhook-id``, file name): nothing is lost, and nothing is doubled for
whoever looks at the identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.kernel.db import Connection, Record
from registry.model.notice import Notice

# registry/model/inbox.py says whose inbox it is; here the same the other way round. A test holds the two together.
_ROUTE = """
with fresh as (
    select * from notice where not routed order by id limit $1 for update skip locked
), told as (
    select f.id, f.severity, p.username from fresh f join person p on p.disabled_at is null and case f.recipient_kind
        when 'person' then p.username = f.recipient
        when 'role' then p.role = f.recipient
        when 'body' then p.role = 'agency' and p.uscc = f.recipient
        when 'reviewers' then case split_part(f.recipient, ':', 1)
            when 'central' then p.role = 'reviewer-central'
            when 'province' then p.role = 'reviewer-province' and left(p.region, 2) = left(split_part(f.recipient, ':', 2), 2)
            when 'city' then p.role = 'reviewer-city' and left(p.region, 4) = left(split_part(f.recipient, ':', 2), 4)
            else p.role = 'reviewer-county' and left(p.region, 6) = left(split_part(f.recipient, ':', 2), 6) end
        else false end
), written as (
    insert into delivery (notice_id, channel, address, owner, due_at)
    select t.id, a.channel, a.address, a.username, $2::timestamptz from told t join notice_address a using (username)
    where a.confirmed_at is not null
      and array_position(array['news', 'action', 'urgent'], t.severity) >= array_position(array['news', 'action', 'urgent'], a.floor)
    union all
    select f.id, 'webhook', w.url, w.registrar_id, $2::timestamptz from fresh f join registrar_webhook w
        on f.recipient_kind = 'registrar' and w.registrar_id = f.recipient and w.state = 'active'
    on conflict do nothing
)
update notice n set routed = true from fresh where n.id = fresh.id"""
_TAKE = """
with due as (
    select id from delivery where state = 'waiting' and due_at <= $1 order by due_at limit $3 for update skip locked
), taken as (
    update delivery d set due_at = $2, attempts = attempts + 1 from due where d.id = due.id returning d.*
)
select t.id, t.channel, t.address, t.owner, t.attempts, n.id as notice_id, n.at, n.kind, n.severity, n.subject_zh, n.subject_en,
       n.text_zh, n.text_en, n.link, n.payload, w.secret
from taken t join notice n on n.id = t.notice_id
left join registrar_webhook w on t.channel = 'webhook' and w.registrar_id = t.owner
order by t.id"""
# A lease that ran out belongs to somebody else; the number of attempts tells whose it is.
_SENT = "update delivery set state = 'sent', settled_at = $3, answer = $4 where id = $1 and attempts = $2 and state = 'waiting'"
_FAILED = "update delivery set state = 'failed', settled_at = $3, answer = $4 where id = $1 and attempts = $2 and state = 'waiting'"
_AGAIN = "update delivery set due_at = $3, answer = $4 where id = $1 and attempts = $2 and state = 'waiting'"
_AGAIN_BY_HAND = """
update delivery set state = 'waiting', due_at = $2, settled_at = null, attempts = 0 where id = $1 and state = 'failed'"""
_LISTED = """
select d.id, d.channel, d.address, d.owner, d.state, d.attempts, d.due_at, d.settled_at, d.answer, n.kind, n.subject_zh, n.at
from delivery d join notice n on n.id = d.notice_id where d.state = $1 order by d.id desc limit $2"""

ASKED = "address.asked"  # a notice that carries a code, which the sender makes: it is kept nowhere
_DIRECT = """
with told as (
    insert into notice (at, recipient_kind, recipient, kind, severity, subject_zh, subject_en, text_zh, text_en, link, payload, routed)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true) returning id
)
insert into delivery (notice_id, channel, address, owner, due_at) select id, $12, $13, $14, $1 from told"""

DeliveryState = Literal["waiting", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be sent where. ``attempts`` counts this one; ``secret`` is sealed and only there for a webhook."""

    id: int
    channel: str
    address: str
    owner: str
    attempts: int
    notice_id: int
    at: datetime
    kind: str
    severity: str
    subject_zh: str
    subject_en: str
    text_zh: str
    text_en: str
    link: str
    payload: Mapping[str, Any]
    secret: bytes | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the outbox as an operator sees it."""

    id: int
    channel: str
    address: str
    owner: str
    state: str
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    answer: str
    kind: str
    subject_zh: str
    at: datetime


async def route(conn: "Connection[Record]", now: datetime, limit: int) -> int:
    """Write the outbox rows of at most ``limit`` notices; returns how many notices."""
    tag = await conn.execute(_ROUTE, limit, now)
    return int(tag.split()[-1])


async def take(conn: "Connection[Record]", now: datetime, lease_ends: datetime, limit: int) -> list[Delivery]:
    """At most ``limit`` that are due, ours until ``lease_ends``."""
    return [Delivery(*row) for row in await conn.fetch(_TAKE, now, lease_ends, limit)]


async def note_sent(conn: "Connection[Record]", one: Delivery, now: datetime, answer: str) -> None:
    """It arrived."""
    await conn.execute(_SENT, one.id, one.attempts, now, answer)


async def note_failed(conn: "Connection[Record]", one: Delivery, now: datetime, answer: str) -> bool:
    """It never will; False when somebody else has it by now."""
    return bool(await conn.execute(_FAILED, one.id, one.attempts, now, answer) == "UPDATE 1")


async def try_again(conn: "Connection[Record]", one: Delivery, due: datetime, answer: str) -> None:
    """Not now."""
    await conn.execute(_AGAIN, one.id, one.attempts, due, answer)


async def revive(conn: "Connection[Record]", delivery_id: int, now: datetime) -> bool:
    """Let one that failed begin anew; False when there is none."""
    return bool(await conn.execute(_AGAIN_BY_HAND, delivery_id, now) == "UPDATE 1")


async def listed(conn: "Connection[Record]", state: str, limit: int) -> list[Listed]:
    """The newest in this state."""
    return [Listed(*row) for row in await conn.fetch(_LISTED, state, limit)]


async def send_directly(
    conn: "Connection[Record]", now: datetime, notice: Notice, channel: str, address: str, owner: str
) -> None:
    """A notice for one address only, confirmed or not: how an address is asked for."""
    await conn.execute(
        _DIRECT, now, notice.to.kind, notice.to.id, notice.kind, notice.severity, notice.subject.zh, notice.subject.en,
        notice.text.zh, notice.text.en, notice.link, dict(notice.payload), channel, address, owner,
    )  # fmt: skip
