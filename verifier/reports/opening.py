"""Opens the case of a host, or finds the one that is open: one file a host, however many people and badges tell of it."""

import hashlib
from datetime import datetime

import msgspec

from registry.kernel.db import Connection, Record
from registry.kernel.ids import new_public_id
from registry.kernel.working_days import end_of_working_day
from verifier.marks.record import record
from verifier.reports import store
from verifier.reports.cases import ANSWER_DAYS, Case, CaseState, Evidence
from verifier.verdict import Judgement

CASE_BITS = 60  # twelve characters that a person can note down
ACTOR = "verifier"


async def open_case(
    conn: "Connection[Record]", judgement: Judgement, origin: str, mark_id: str | None, now: datetime
) -> Case:
    """The open case about the host of ``judgement``; a new one begins with the verdict of its day as its first evidence."""
    host = judgement.address.host
    found = await store.find_live_case(conn, host)
    if found is not None:
        return found
    case = Case(
        id=new_public_id(CASE_BITS), origin=origin, host=host, address=judgement.address.typed, mark_id=mark_id,
        uscc=judgement.name.uscc if judgement.name else "", official=judgement.name.body_name if judgement.name else "",
        verdict=judgement.verdict, state=CaseState.OPEN, opened_at=now, due_at=end_of_working_day(now, ANSWER_DAYS),
        handler="", answer="", answered_at=None, closed_at=None,
    )  # fmt: skip
    if not await store.add_case(conn, case):
        found = await store.find_live_case(conn, host)
        if found is None:
            raise AssertionError("a case that stands in the way is not there")
        return found
    await store.add_step(conn, case.id, now, ACTOR, "opened")
    await store.add_evidence(conn, case.id, verdict_evidence(judgement, now))
    detail = {"host": host, "origin": origin, "verdict": judgement.verdict, "mark": mark_id or "", "uscc": case.uscc}
    await record(conn, now, ACTOR, "case.opened", case.id, detail)
    return case


def verdict_evidence(judgement: Judgement, now: datetime) -> Evidence:
    """What the public check said, word by word."""
    told = {
        "checked_at": now.isoformat(),
        "address": judgement.address.typed,
        "host": judgement.address.host,
        "verdict": judgement.verdict,
        "official_url": judgement.official_url,
        "findings": [{"code": one.code, "zh": one.zh, "en": one.en} for one in judgement.findings],
    }
    content = msgspec.json.format(msgspec.json.encode(told), indent=2)
    return Evidence(
        number=0, at=now, kind="answer", name="verdict.json", content_type="application/json",
        sha256=hashlib.sha256(content).digest(), received=None, size=len(content), content=content,
    )  # fmt: skip
