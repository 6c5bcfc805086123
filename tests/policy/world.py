"""A small establishment database in memory, and the facts that a caller would gather from it."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from registry.model.body import Body
from registry.model.decision import Decision
from registry.policy.codes import check_uscc, compose
from registry.policy.naming.decide import decide
from registry.policy.naming.lookups import keys_to_look_up
from registry.policy.naming.request import Claim, Facts, NameRequest, Pending, Registration, Retired
from registry.policy.naming.tables import shipped_tables

GOLDEN = Path(__file__).parents[1] / "golden"
TODAY = date(2026, 11, 25)
TABLES = shipped_tables()


def body(name: str, number: int = 1, **fields: Any) -> Body:
    """A body of Changsha with a valid code, unless ``fields`` say otherwise."""
    kind, region = fields.get("kind", "11"), fields.get("region", "430100")
    code = f"Z{region}{number:011d}" if kind == "00" else compose(kind, region, f"{number:08d}")
    return Body(**{"uscc": code, "name": name, "kind": kind, "region": region, "level": "city"} | fields)


def claims_of(bodies: Iterable[Body]) -> tuple[Claim, ...]:
    """Every name of every body, as the database files it."""
    return tuple(
        Claim(TABLES.ring.key(name), name, role, one.uscc, one.name, one.alive)
        for one in bodies
        for role, name in (*one.current_names, *(("former", former) for former in one.former_names))
    )


class World:
    """Bodies, and what is registered, waiting or retired."""

    def __init__(
        self,
        *bodies: Body,
        registrations: tuple[Registration, ...] = (),
        pending: tuple[Pending, ...] = (),
        retired: tuple[Retired, ...] = (),
    ) -> None:
        self.bodies = {one.uscc: one for one in bodies}
        self._claims: dict[str, list[Claim]] = {}
        for claim in claims_of(bodies):
            self._claims.setdefault(claim.key, []).append(claim)
        self._registrations, self._pending, self._retired = registrations, pending, retired

    def facts(self, request: NameRequest) -> Facts:
        """In two steps, and only what was asked for, as a database would give it."""
        code = check_uscc(request.uscc)
        own = self.bodies.get(code) if isinstance(code, str) else None
        predecessors = tuple(one for one in self.bodies.values() if own and one.successor_uscc == own.uscc)
        keys = keys_to_look_up(request, own, TABLES).all
        return Facts(
            own,
            predecessors,
            claims=tuple(claim for key in keys for claim in self._claims.get(key, ())),
            registrations=tuple(held for held in self._registrations if held.key in keys),
            pending=tuple(waiting for waiting in self._pending if waiting.key in keys),
            retired=tuple(name for name in self._retired if name.key in keys),
        )

    def ask(self, name: str, holder: Body | str, *, today: date = TODAY, **fields: Any) -> Decision:
        """The decision for ``name`` (with its TLD) and a body or a code."""
        request = NameRequest(name, holder if isinstance(holder, str) else holder.uscc, **fields)
        return decide(request, self.facts(request), TABLES, today)


def rules_of(decision: Decision) -> list[str]:
    """``RULE:outcome`` of every finding, in order."""
    return [f"{finding.rule}:{finding.outcome}" for finding in decision.findings]


def golden_bodies() -> tuple[Body, ...]:
    """The bodies of ``tests/golden/bodies.csv``."""
    with (GOLDEN / "bodies.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_body_of(row) for row in csv.DictReader(file))


def golden_cases() -> list[dict[str, str]]:
    """The rows of ``tests/golden/decisions.csv``."""
    with (GOLDEN / "decisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _body_of(row: dict[str, str]) -> Body:
    return Body(
        uscc=row["uscc"],
        name=row["name"],
        aliases=_list(row["aliases"]),
        short_names=_list(row["short_names"]),
        former_names=_list(row["former_names"]),
        kind=row["kind"],
        administrative=row["administrative"] == "1",
        region=row["region"],
        level=row["level"],
        status=row["status"],
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        annual_report_year=int(row["annual_report_year"]) if row["annual_report_year"] else None,
        successor_uscc=row["successor_uscc"],
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
