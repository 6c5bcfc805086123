"""From the facts of a site to its incidents and verdicts: what is written after looks came in.

One transaction a site, under the lock of its row, so that two workers never judge it at once. It may be done again at any time: the facts are
the truth, a look is counted once however often it is read, and an incident that is not open yet is found by the next judge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from registry.kernel.db import Connection, Database, Record
from verifier.checks.fact import Observation, Outcome
from verifier.checks.site import Site
from verifier.judge.finding import Finding, Severity
from verifier.judge.incident import OPEN, IncidentAct, IncidentState, act_of, next_state
from verifier.judge.judging import judge, unseen
from verifier.judge.known import Known, Visited
from verifier.judge.learning import learned
from verifier.judge.quorum import Report, weigh
from verifier.judge.verdicts import Verdicts, verdicts
from verifier.monitor.leases import expedite
from verifier.monitor.patience import LOUD, needs_others, patience_of, round_of
from verifier.monitor.records import incidents
from verifier.monitor.records.bodies import keep_for_ever
from verifier.monitor.records.facts import facts_of, past_of
from verifier.monitor.records.incidents import Incident
from verifier.monitor.records.visits import day_of
from verifier.monitor.sites import load_sites
from verifier.monitor.timing import AGAIN

PAGE_CHECK = "tampering"  # the check that keeps the page itself
VISITS_BACK = timedelta(days=8)  # the official week ends yesterday

_STAND = "insert into verifier.judged (watch_no, at) values ($1, '2000-01-01Z') on conflict do nothing"
_LOCK = "select at, known from verifier.judged where watch_no = $1 for update"
_VISITS = """
select at, vantage, opened, blocked, ms, why from verifier.visit
where day >= $2 and day <= $3 and watch_no = $1 order by vantage, at"""
_WRITE = """
update verifier.judged set at = $2, identity = $3, integrity = $4, score = $5, vetoes = $6, findings = $7, card = $8, known = $9
where watch_no = $1"""
_SCORE = """
insert into verifier.day (day, watch_no, score, vetoes) values ($1, $2, $3, $4)
on conflict (day, watch_no) do update set score = excluded.score, vetoes = excluded.vetoes"""
_ELSEWHERE = """
insert into verifier.lease (vantage, round, watch_no, due_at, planned_at)
select v, $2, $1, $3, $3 from unnest($4::text[]) v on conflict do nothing"""


@dataclass(slots=True)
class Judging:
    """``places`` are the names of all places that look."""

    db: Database
    places: tuple[str, ...]
    mark_origin: str = ""

    async def judge(self, watch_no: int, now: datetime) -> None:
        """Judge one site by its facts as they are now."""
        await self.db.run(lambda conn: self._judge(conn, watch_no, now))

    async def _judge(self, conn: "Connection[Record]", watch_no: int, now: datetime) -> None:
        await conn.execute(_STAND, watch_no)
        row = await conn.fetchrow(_LOCK, watch_no)
        site = (await load_sites(conn, [watch_no], self.mark_origin)).get(watch_no)
        if row is None or site is None:
            return
        seen = await facts_of(conn, watch_no)
        known = replace(msgspec.convert(row["known"], Known), visits=await _visits(conn, watch_no, now))
        findings = judge(site, known, seen)
        fresh = [one for one in seen if one.at > row["at"]]
        case = _Case(conn, watch_no, site, self.places, now, findings, fresh)
        await case.weigh_all()
        pronounced = verdicts(
            findings, unseen(seen), confirmed=frozenset(case.confirmed), outward_services=site.outward_services
        )
        known = replace(learned(known, _of_one_place(fresh), findings), visits=())
        latest = max((one.at for one in seen), default=now)
        await _write(conn, watch_no, latest, pronounced, findings, known)
        await conn.execute(_SCORE, day_of(now), watch_no, pronounced.quality.points, list(pronounced.quality.vetoes))


async def _visits(conn: "Connection[Record]", watch_no: int, now: datetime) -> tuple[Visited, ...]:
    rows = await conn.fetch(_VISITS, watch_no, day_of(now - VISITS_BACK), day_of(now))
    return tuple(
        Visited(row["at"], row["vantage"], row["opened"], row["blocked"], row["ms"], row["why"]) for row in rows
    )


def _of_one_place(fresh: Sequence[Observation]) -> list[Observation]:
    """Looks of the first place alone: what three places saw at once is one round of learning."""
    first = min((one.vantage for one in fresh), default="")
    return [one for one in fresh if one.vantage == first]


async def _write(
    conn: "Connection[Record]",
    watch_no: int,
    at: datetime,
    pronounced: Verdicts,
    findings: Iterable[Finding],
    known: Known,
) -> None:
    quality = pronounced.quality
    await conn.execute(
        _WRITE, watch_no, at, pronounced.identity, pronounced.integrity, quality.points, list(quality.vetoes),
        msgspec.to_builtins(list(findings)), msgspec.to_builtins(quality), msgspec.to_builtins(known),
    )  # fmt: skip


def _page_of(seen: Sequence[Observation]) -> str:
    """The digest of the first page among the evidence; empty without one."""
    return next((body.digest for each in seen for body in each.evidence if body.kind == "page"), "")


@dataclass(slots=True)
class _Case:
    """The incidents of one site in one judgement."""

    conn: "Connection[Record]"
    watch_no: int
    site: Site
    places: tuple[str, ...]
    now: datetime
    findings: tuple[Finding, ...]
    fresh: list[Observation]
    confirmed: set[str] = field(default_factory=set)

    async def weigh_all(self) -> None:
        """Bring every incident to where the looks have it."""
        open_now = await incidents.open_of(self.conn, self.watch_no)
        worst = {finding.rule: finding for finding in self.findings if finding.severity in LOUD}
        for rule in sorted({*open_now, *worst}):
            await self._weigh(rule, open_now.get(rule), worst.get(rule))

    async def _weigh(self, rule: str, one: Incident | None, finding: Finding | None) -> None:
        is_new = one is None
        if one is None:
            if finding is None:
                return
            one = incidents.opened(self.watch_no, finding, self.now)
        before = one
        one = incidents.with_reports(one, list(self._reports(rule)))
        patience = patience_of(rule, one.severity, len(self.places))
        act = act_of(one.state, weigh(one.reports, self.now, patience))
        if act is not None:
            one = await self._moved(one, act, finding)
        if is_new or one != before:
            await incidents.write(self.conn, one)
        if one.state in OPEN and (one.state is IncidentState.SUSPECTED or finding is None):
            await self._ask_again(finding or one.finding)  # to be believed, or to be believed to be over
        if one.state in {IncidentState.CONFIRMED, IncidentState.ACKNOWLEDGED}:
            self.confirmed.add(rule)

    def _reports(self, rule: str) -> Iterable[Report]:
        found = {(finding.vantage, finding.at) for finding in self.findings if finding.rule == rule}
        for seen in self.fresh:
            if seen.check == rule.partition(".")[0]:
                is_found = (seen.vantage, seen.at) in found if seen.outcome is Outcome.RAN else None
                yield Report(seen.vantage, seen.at, is_found)

    async def _moved(self, one: Incident, act: IncidentAct, finding: Finding | None) -> Incident:
        state = next_state(one.state, act)
        if act is IncidentAct.CONFIRM:
            one = replace(one, state=state, confirmed_at=self.now, finding=finding or one.finding)
            return await self._with_proof(one)
        return replace(one, state=state, closed_at=self.now)

    async def _with_proof(self, one: Incident) -> Incident:
        """The bodies that show it, kept for ever: the page as it is, and as it was before."""
        seen = await facts_of(self.conn, self.watch_no)
        now = [each for each in seen if each.check == one.rule.partition(".")[0]]
        after = _page_of(now) or _page_of([each for each in seen if each.check == PAGE_CHECK])
        past = await past_of(self.conn, self.watch_no, PAGE_CHECK)
        before = _page_of([each for each in past if _page_of([each]) not in {"", after}])
        digests = {body.digest for each in now for body in each.evidence} | {before, after}
        await keep_for_ever(self.conn, sorted(digests - {""}))
        return replace(one, before=before, after=after)

    async def _ask_again(self, finding: Finding) -> None:
        each = round_of(finding.check)
        if needs_others(finding):
            await self.conn.execute(_ELSEWHERE, self.watch_no, each.id, self.now, list(self.places))
        if finding.severity in {Severity.P1, Severity.P2}:
            await expedite(self.conn, self.watch_no, [each.id], self.now + AGAIN)
