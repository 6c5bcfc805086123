"""Judge a name for a body: gather the facts, let policy decide, keep the decision (NAME-POLICY.md; design, law 1).

The one place where doors and other flows obtain a decision, so that portal, REST, EPP and command line can never disagree.
"""

from dataclasses import asdict

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.model.decision import Decision
from registry.policy.codes import check_uscc
from registry.policy.naming.decide import decide
from registry.policy.naming.labels import read_name
from registry.policy.naming.lookups import keys_to_look_up
from registry.policy.naming.request import Claim, Facts, NameRequest, Pending, Registration, Retired
from registry.policy.naming.tables import Tables, shipped_tables
from registry.store import bodies, decisions, filings, tlds
from registry.store.bodies import Holder, NameOnFile
from registry.store.filings import Filing

NOBODY = Holder(None)


async def judge_name(
    act: Act, name: str, uscc: str, *, holder_name: str = "", mapped: bool = False
) -> tuple[Decision, int]:
    """The decision on ``name`` (label and TLD) for the body ``uscc``, and the number under which it is kept.

    ``mapped`` says that the name came through a door of people and may be mapped (full width, capitals, ``。``); EPP never
    maps. Never refuses: a name that cannot be is a decision ``refuse`` with its findings.
    """
    tables = shipped_tables()
    request = NameRequest(name, uscc, holder_name or None, mapped)
    facts = await _gather(act, request, tables)
    decision = decide(request, facts, tables, act.now.astimezone(BEIJING).date())
    number = await decisions.add(
        act.conn, decision, uscc=uscc, asked_by=act.caller.actor, request=asdict(request), at=act.now
    )
    return decision, number


async def _gather(act: Act, request: NameRequest, tables: Tables) -> Facts:
    code = check_uscc(request.uscc)
    holder = await bodies.find_holder(act.conn, code) if isinstance(code, str) else NOBODY
    keys = keys_to_look_up(request, holder.own, tables)
    if not keys.all:
        return Facts(holder.own, holder.predecessors)
    named = await bodies.names_under(act.conn, keys.all)
    zone = await tlds.find(act.conn, tables.tlds.get(read_name(request, tables).tld, ""))
    filed = await filings.filed_under(act.conn, zone.tld_set, zone.table_id, keys.all) if zone else []
    return Facts(
        holder.own,
        holder.predecessors,
        claims=tuple(_claim(one) for one in named),
        registrations=tuple(_registration(one) for one in filed if one.what == "registered"),
        pending=tuple(Pending(one.index_label, one.uscc, one.reference) for one in filed if one.what == "waiting"),
        retired=tuple(Retired(one.index_label, one.uscc, one.label) for one in filed if one.what == "retired"),
    )


def _claim(one: NameOnFile) -> Claim:
    return Claim(one.index_label, one.name, one.role, one.uscc, one.body_name, one.living)


def _registration(one: Filing) -> Registration:
    return Registration(one.index_label, one.uscc, one.holder, one.label, one.simplified or one.label, one.traditional)
