"""The officers' desk for cases. The process that holds all pages together lends it to the portal, which knows who is asking and who may."""

from dataclasses import dataclass
from typing import Any

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from verifier.marks import store as marks
from verifier.marks.record import record
from verifier.reports import store
from verifier.reports.cases import ACT_WORDS, ORIGIN_WORDS, STATE_WORDS, Case, CaseAct, CaseState, Evidence, acts_from
from verifier.reports.handling import Handling, find, handle_case
from verifier.reports.package import pack_case


@dataclass(frozen=True, slots=True)
class View:
    """One whole file as a page shows it."""

    case: Case
    acts: tuple[CaseAct, ...]
    reports: tuple[Any, ...]
    sightings: tuple[Any, ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """``registry.cli.web`` lends it as ``extras["cases"]``."""

    db: Database
    clock: Clock
    config: Config

    @property
    def words(self) -> dict[str, Any]:
        """What states, acts and origins are called."""
        return {"states": STATE_WORDS, "acts": ACT_WORDS, "origins": ORIGIN_WORDS}

    async def list(self, state: str, *, is_all: bool) -> tuple[list[tuple[Case, bool]], dict[str, int]]:
        """The cases of a state (any that is not closed; ``is_all``: any), each with whether its answer is overdue; and how many there are of each."""
        now = self.clock.now()
        known = state if state in set(CaseState) else ""
        cases = await store.list_cases(self.db, known, is_all=is_all)
        return [(case, case.is_overdue(now)) for case in cases], await store.count_cases(self.db)

    async def view(self, case_id: str) -> View:
        """The whole file; ``NOT_FOUND``."""
        case = await find(self.db, case_id)
        return View(
            case,
            acts_from(case.state),
            tuple(await store.list_reports(self.db, case.id)),
            tuple(await store.list_sightings(self.db, case.host)),
            case.is_overdue(self.clock.now()),
        )

    async def handle(self, case_id: str, act: str, words: str, actor: str) -> None:
        """Do an act by its name. Refuses as :func:`verifier.reports.handling.handle_case`, and an act that is none with ``VALUE_INVALID``."""
        if act not in set(CaseAct):
            raise Refusal(Reason.VALUE_INVALID, "没有这种操作", "there is no such act", where="act", value=act[:40])
        await handle_case(self.db, Handling(case_id, CaseAct(act), words, actor), self.clock)

    async def package(self, case_id: str, actor: str) -> bytes:
        """The take-down package of a fake that was confirmed; ``STATUS_FORBIDS`` before. Who took it stands in the audit chain."""
        case = await find(self.db, case_id)
        if case.state not in {CaseState.CONFIRMED, CaseState.REMOVED}:
            zh, en = "认定为假冒之后才能制作处置材料", "a package is made once the site was found to be a fake"
            raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="case")
        evidence = await store.read_evidence(self.db, case.id)
        packed = pack_case(case, evidence, await self._official_url(case), self.config.public_url, self.clock.now())
        async with self.db.transaction() as conn:
            await record(conn, self.clock.now(), actor, "case.packed", case.id, {"host": case.host})
        return packed

    async def evidence(self, case_id: str, number: int) -> Evidence:
        """One piece with its octets; ``NOT_FOUND``."""
        kept = await store.read_evidence(self.db, (await find(self.db, case_id)).id)
        found = next((one for one in kept if one.number == number), None)
        if found is None:
            raise Refusal(Reason.NOT_FOUND, "没有这份证据", "there is no such evidence", where="evidence")
        return found

    async def _official_url(self, case: Case) -> str:
        mark = await marks.find_mark(self.db, case.mark_id) if case.mark_id else None
        if mark is None and case.uscc:
            held = await marks.find_marks_of(self.db, case.uscc)
            mark = held[0] if held else None
        return f"{mark.origin}/" if mark else ""
