"""Explain a kept decision: what was asked, what was found and on which data, and what the same question gets today."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.flows.act import Act
from registry.flows.naming.judge import Judged, consider
from registry.flows.verification.holder import judge_holder
from registry.kernel.clock import BEIJING
from registry.kernel.db import Record
from registry.kernel.errors import Fault, Reason, Refusal
from registry.policy.naming.request import NameRequest
from registry.store import decisions

SAME, THEN, TODAY = "=", "-", "+"
_COMPARED = ("name", "a_label", "decision", "bundle", "suggestions", "policy_version")


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding in the shape of CONTRACT; ``mark`` is ``=`` (then and today), ``-`` (only then) or ``+`` (only today)."""

    mark: str
    finding: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a decision rests: the import (None: none, or not noted), where its file came from, the version of the lists."""

    data_run: int | None
    data_source: str
    data_at: datetime | None
    list_version: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the answer, or of its basis, that is another today."""

    what: str
    then: Any
    today: Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """``kept`` and ``today`` are whole answers in the shape of CONTRACT; ``findings`` those of both, then's first."""

    number: int
    at: datetime
    asked_by: str
    request: Mapping[str, Any]
    kept: Mapping[str, Any]
    basis: Basis
    today: Mapping[str, Any]
    basis_today: Basis
    findings: tuple[Marked, ...]
    differences: tuple[Difference, ...]


async def explain_decision(act: Act, number: int) -> Explanation:
    """The decision of that number, and the same question asked again; nothing is kept. Refuses with NOT_FOUND."""
    row = await decisions.find(act.conn, number)
    if row is None:
        zh, en = f"没有第 {number} 号决定", f"there is no decision {number}"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="decision", value=str(number))
    kept, request = row["answer"], row["request"]
    today, basis_today = await _repeat(act, request)
    basis = _basis(row)
    return Explanation(
        number=number,
        at=row["at"],
        asked_by=row["asked_by"],
        request=request,
        kept=kept,
        basis=basis,
        today=today,
        basis_today=basis_today,
        findings=_marked(kept["findings"], today["findings"]),
        differences=(*_differences(kept, today), *_moved(basis, basis_today)),
    )


async def _repeat(act: Act, request: Mapping[str, Any]) -> tuple[Mapping[str, Any], Basis]:
    """Ask again, keep the answer as every decision is kept, read it as it would be read later, and take all of it back."""
    savepoint = act.conn.transaction()
    await savepoint.start()
    try:
        repeated = await decisions.find(act.conn, await _ask_again(act, request))
    finally:
        await savepoint.rollback()
    if repeated is None:
        raise Fault("a decision that was just kept could not be read")
    return repeated["answer"], _basis(repeated)


async def _ask_again(act: Act, request: Mapping[str, Any]) -> int:
    if request.get("type") == "registrant":  # a decision about a body alone
        _, number = await judge_holder(act, request["uscc"], request["holder_name"])
        return number
    asked = NameRequest(request["name"], request["uscc"], request.get("holder_name"), bool(request.get("mapped", True)))
    judged = await consider(act.conn, asked, act.now.astimezone(BEIJING).date())
    return await _keep(act, judged, request)


async def _keep(act: Act, judged: Judged, request: Mapping[str, Any]) -> int:
    return await decisions.add(
        act.conn,
        judged.decision,
        uscc=request["uscc"],
        asked_by=act.caller.actor,
        request=request,
        at=act.now,
        data_run=judged.data_run,
        list_version=judged.list_version,
    )


def _basis(row: Record) -> Basis:
    return Basis(row["data_run"], row["data_source"] or "", row["data_at"], row["list_version"])


def _marked(then: list[Mapping[str, Any]], today: list[Mapping[str, Any]]) -> tuple[Marked, ...]:
    now_keys, then_keys = {_key(one) for one in today}, {_key(one) for one in then}
    before = [Marked(SAME if _key(one) in now_keys else THEN, one) for one in then]
    return (*before, *(Marked(TODAY, one) for one in today if _key(one) not in then_keys))


def _key(finding: Mapping[str, Any]) -> str:
    """What makes two findings the same: rule, outcome and evidence, not the wording, which a release may improve."""
    return json.dumps([finding["rule"], finding["outcome"], finding["evidence"]], sort_keys=True, ensure_ascii=False)


def _differences(then: Mapping[str, Any], today: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(Difference(part, then[part], today[part]) for part in _COMPARED if then[part] != today[part])


def _moved(then: Basis, today: Basis) -> tuple[Difference, ...]:
    parts = ("data_run", "list_version")
    pairs = ((part, getattr(then, part), getattr(today, part)) for part in parts)
    return tuple(Difference(part, a, b) for part, a, b in pairs if a != b)
