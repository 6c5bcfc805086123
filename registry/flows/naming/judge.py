"""Judge a name for a body: gather the facts, let policy decide, keep the decision (NAME-POLICY.md; design, law 1).

The one place where doors and other flows obtain a decision, so that portal, REST, EPP and command line can never disagree.
Two round trips bring all facts: the body with its predecessors, then everything under the keys that policy names.
"""

from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from registry.flows.act import Act
from registry.flows.lists.amended import soften
from registry.flows.lists.current import CURRENT
from registry.flows.naming.near import near_keys, nearest
from registry.kernel.clock import BEIJING
from registry.kernel.db import Connection, Record
from registry.model.decision import Decision
from registry.policy.codes import check_uscc
from registry.policy.idn.label import Label
from registry.policy.naming.decide import decide
from registry.policy.naming.labels import Read, read_name
from registry.policy.naming.lookups import keys_to_look_up
from registry.policy.naming.request import Claim, Facts, NameRequest, Pending, Registration, Retired
from registry.policy.naming.tables import Tables
from registry.store import bodies, decisions, name_facts
from registry.store.bodies import Holder
from registry.store.name_facts import Named, OnFile, Registered

NOBODY = Holder(None)


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision with what it rests on: the last applied import (None: none yet) and the version of the lists."""

    decision: Decision
    data_run: int | None
    list_version: int


async def judge_name(
    act: Act, name: str, uscc: str, *, holder_name: str = "", mapped: bool = False
) -> tuple[Decision, int]:
    """The decision on ``name`` (label and TLD) for the body ``uscc``, and the number under which it is kept.

    ``mapped`` says that the name came through a door of people and may be mapped (full width, capitals, ``。``); EPP never
    maps. Never refuses: a name that cannot be is a decision ``refuse`` with its findings.
    """
    return await _judge_and_keep(act, NameRequest(name, uscc, holder_name or None, mapped), durable=True)


async def check_name(
    act: Act, name: str, uscc: str, *, holder_name: str = "", mapped: bool = False
) -> tuple[Decision, int]:
    """The same for a question that leads to nothing, such as one asked while somebody types; of an act that writes nothing else.

    The decision is kept without waiting for the disk: with the power, the last second of such questions may be lost.
    """
    return await _judge_and_keep(act, NameRequest(name, uscc, holder_name or None, mapped), durable=False)


async def _judge_and_keep(act: Act, request: NameRequest, *, durable: bool) -> tuple[Decision, int]:
    judged = await consider(act.conn, request, act.now.astimezone(BEIJING).date())
    number = await decisions.add(
        act.conn,
        judged.decision,
        uscc=request.uscc,
        asked_by=act.caller.actor,
        request=asdict(request),
        at=act.now,
        data_run=judged.data_run,
        list_version=judged.list_version,
        durable=durable,
    )
    return judged.decision, number


@cache
def warm_up() -> None:
    """Load all tables (half a second, once in a process), so that the first question does not wait. May run in a thread."""
    read_name(NameRequest("预热.政务", ""), CURRENT.newest.tables)


async def consider(conn: "Connection[Record]", request: NameRequest, today: date) -> Judged:
    """The decision by what is on file now; nothing is written."""
    code = check_uscc(request.uscc)
    holder = await bodies.find_holder(conn, code) if isinstance(code, str) else NOBODY
    lists = CURRENT.newest
    read = read_name(request, lists.tables)
    found = await _on_file(conn, request, read, holder, lists.tables)
    if found.lists != (lists.version, lists.seal):  # somebody approved a change since this process looked last
        lists = await CURRENT.of(conn, *found.lists)
        found = await _on_file(conn, request, read, holder, lists.tables)
    decision = decide(request, _facts(read.label, holder, found), lists.tables, today)
    return Judged(soften(decision, lists.reviewed), found.data_run, lists.version)


async def _on_file(
    conn: "Connection[Record]", request: NameRequest, read: Read, holder: Holder, tables: Tables
) -> OnFile:
    label = read.label
    keys = keys_to_look_up(request, holder.own, tables)
    near = near_keys(label.simplified, label.index, tables) if label else ()
    own = holder.own.uscc if holder.own else ""
    zone = tables.tlds.get(read.tld, "")
    return await name_facts.on_file(conn, zone, keys.all, label=keys.label, near=near, uscc=own)


def _facts(label: Label | None, holder: Holder, found: OnFile) -> Facts:
    return Facts(
        holder.own,
        holder.predecessors,
        claims=tuple(map(_claim, found.named)),
        registrations=tuple(map(_registration, found.registered)),
        pending=tuple(Pending(one.index_label, one.uscc, one.reference) for one in found.waiting),
        retired=tuple(Retired(one.index_label, one.uscc, one.reference) for one in found.retired),
        similar=nearest(label.simplified, found.similar) if label else (),
        certified_since=found.certified_since,
    )


def _claim(one: Named) -> Claim:
    return Claim(one.index_label, one.name, one.role, one.uscc, one.body_name, one.living)


def _registration(one: Registered) -> Registration:
    return Registration(one.index_label, one.uscc, one.holder, one.label, one.simplified or one.label, one.traditional)
