"""A mark that shows itself at a host that is not its own: counted, and made a case when it is no accident.

What a browser says of where it is (``Referer``, ``Sec-Fetch-*``) is all that is looked at, and only the host of it is kept; nothing of the
visitor is (verifier.md 3.4, T13). Because anybody can say anything to us, a sighting proves nothing: it opens a file that a person looks
into, a bounded number an hour.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from registry.kernel.clock import BEIJING, Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Refusal
from registry.kernel.feed import wake
from registry.kernel.log import get_logger
from registry.kernel.metrics import counter
from registry.kernel.web.limits import Buckets
from verifier.address import Kind, parse_address
from verifier.marks.store import Mark
from verifier.question import Questions
from verifier.reports import store
from verifier.reports.opening import open_case
from verifier.verdict import Verdict

FOREIGN = counter("verifier_foreign_visits", "Visits to a mark from a host that is not in it", "door")
WRITES_PER_SECOND, WRITES_AT_ONCE = (
    0.1,
    3.0,
)  # for one mark at one host: a flood of loads is one sighting in ten seconds
PAGE_VISITS = (
    3  # links to a mark's page are no crime; people who come from one place again and again may have been sent
)
MAX_CASES = 50  # in an hour, of those that open by themselves: more would hide the true ones
DOORS = ("badge", "page")


@dataclass(slots=True)
class Sightings:
    """One per process."""

    db: Database
    clock: Clock
    questions: Questions
    _writes: Buckets = field(default_factory=lambda: Buckets(WRITES_PER_SECOND, WRITES_AT_ONCE))

    async def note(self, door: str, mark: Mark, host: str) -> None:
        """Somebody was at ``host`` (A-form) when he loaded the badge, or came from there. Never refuses: the visitor is no part of it."""
        FOREIGN.labels(door).inc()
        if self._writes.wait(f"{mark.id} {host} {door}", self.clock.monotonic()) > 0:
            return
        get_logger().warning("mark seen elsewhere", door=door, mark=mark.id, host=host[:253])
        try:
            await self.db.run(lambda conn: self._write(conn, door, mark, host))
        except Refusal as refusal:
            get_logger().error("sighting not kept", reason=refusal.reason)
        else:
            wake(self.db)

    async def _write(self, conn: "Connection[Record]", door: str, mark: Mark, host: str) -> None:
        now = self.clock.now()
        count = await store.count_sighting(conn, now.astimezone(BEIJING).date(), mark.id, host, door, now)
        address = parse_address(f"https://{host}/")
        judgement = self.questions.answer(address, mark.id if door == "badge" else "")
        if address.kind not in {Kind.WEB, Kind.NUMBER} or judgement.verdict is Verdict.GENUINE:
            return  # a badge on the wrong page of a genuine site is a defect for its owner (W3), nobody's crime
        is_fake = judgement.verdict in {Verdict.IMPERSONATION, Verdict.NOT_OFFICIAL}
        if door == "page" and not (is_fake and count >= PAGE_VISITS):
            return
        if await store.count_opened(conn, now - timedelta(hours=1), DOORS) >= MAX_CASES:
            return
        case = await open_case(conn, judgement, door, mark.id, now)
        if count == 1 or case.opened_at == now:
            await store.add_step(conn, case.id, now, "verifier", "seen", f"{door} {mark.id}")
