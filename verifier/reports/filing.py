"""A citizen's report becomes part of the case of the host that it names."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.feed import wake
from registry.kernel.ids import new_public_id
from verifier.images.looking import Picture
from verifier.reports import store
from verifier.reports.cases import Evidence
from verifier.reports.opening import CASE_BITS, open_case
from verifier.verdict import Judgement

MAX_PICTURES = 20  # in one file; what the twenty-first would show is known
CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class Report:
    """What was told, after it was looked at. ``original`` is the picture's SHA-256 as it came."""

    words: str
    contact: str
    judgement: Judgement
    picture: Picture | None = None
    original: bytes | None = field(default=None, repr=False)


async def file_report(db: Database, report: Report, clock: Clock) -> str:
    """Keep it and return the number by which the citizen can ask."""
    number = new_public_id(CASE_BITS)

    async def work(conn: "Connection[Record]") -> None:
        now = clock.now()
        case = await open_case(conn, report.judgement, "report", None, now)
        row = {
            "id": number, "at": now, "address": report.judgement.address.typed, "host": report.judgement.address.host,
            "words": report.words, "contact": report.contact, "case_id": case.id,
        }  # fmt: skip
        await store.add_report(conn, row)
        await store.add_step(conn, case.id, now, CITIZEN, "reported", number)
        if report.picture is not None and await store.count_evidence(conn, case.id) < MAX_PICTURES:
            await store.add_evidence(conn, case.id, _evidence(report.picture, report.original, number, now))

    await db.run(work)
    wake(db)
    return number


def _evidence(picture: Picture, original: bytes | None, number: str, at: datetime) -> Evidence:
    ending = picture.content_type.rpartition("/")[2]
    return Evidence(
        number=0, at=at, kind="picture", name=f"report-{number}.{ending}", content_type=picture.content_type,
        sha256=hashlib.sha256(picture.content).digest(), received=original, size=len(picture.content), content=picture.content,
    )  # fmt: skip
