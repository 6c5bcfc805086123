"""The real examiner: makes the checks of a round on one site, by the catalogue, and never lets one of them take the others along.

Canaries are sites of our own on the loopback; they have tools of their own, so that no other site can aim the watch at this machine.
"""

import asyncio
from dataclasses import dataclass

from registry.kernel.log import get_logger
from verifier.checks.catalogue import BY_ID, Needs
from verifier.checks.fact import Seen
from verifier.checks.visit import Tools, Visit, digest
from verifier.fetch.answer import Failure
from verifier.fetch.blocking import blocked_by
from verifier.monitor.look import Look, Order
from verifier.monitor.rounds import PULSE

CANARY = "canary:"
VISITING = frozenset({Needs.PAGE, Needs.RENDERING})  # checks that have the home page fetched
OF_LEASE = 0.8  # of the lease may be spent looking; the rest is for writing


@dataclass(slots=True)
class SiteExaminer:
    """See ``verifier.monitor.look.Examiner``. ``staged`` serves the sites of our own stage, those whose names end in ``.invalid``."""

    tools: Tools
    staged: Tools | None = None

    async def look(self, order: Order) -> Look:
        """Make the checks; one that breaks, or comes too late, says so in its place."""
        is_staged = self.staged is not None and order.site.hosts[0].endswith(".invalid")
        tools = self.staged if is_staged and self.staged else self.tools
        taken = order.taken
        pulse = order.round.id == PULSE
        visit = Visit(
            order.site, order.vantage, order.at, tools, etag=taken.etag if pulse else "", modified=taken.modified if pulse else "",
            candidates=order.candidates,
        )  # fmt: skip
        seen: list[Seen] = []
        try:
            async with asyncio.timeout(order.round.lease.total_seconds() * OF_LEASE):
                for check in order.round.checks:
                    seen.append(await _observed(visit, check))
        except TimeoutError:
            made = {one.observation.check for one in seen}
            seen.extend(visit.not_run(check, "too_long") for check in order.round.checks if check not in made)
        return await _look(
            visit, tuple(seen), is_asked=any(BY_ID[check].needs in VISITING for check in order.round.checks)
        )

    async def close(self) -> None:
        """Let go of connections and the browser."""
        for tools in (self.tools, self.staged):
            if tools is not None:
                await tools.fetcher.close()
                if tools.renderer is not None and hasattr(tools.renderer, "close"):
                    await tools.renderer.close()


async def _observed(visit: Visit, check: str) -> Seen:
    try:
        return await BY_ID[check].observe(visit)
    except Exception:  # noqa: BLE001 - whatever it is, a fault of ours in one check must not cost the others
        get_logger().exception("a check broke", check=check, site=visit.site.id)
        return visit.not_run(check, "fault")


async def _look(visit: Visit, seen: tuple[Seen, ...], *, is_asked: bool) -> Look:
    """What the fleet needs to know. A round that did not visit the home page says nothing about it."""
    if not is_asked:
        return Look(opened=True, seen=seen)
    home = await visit.home()
    last = home.last
    blocked = bool(blocked_by(last, home.body))
    opened = not blocked and home.failure is None and 200 <= home.status < 400
    asked = last.header("retry-after")
    return Look(
        opened=opened, blocked=blocked, ms=home.total_ms, why=_why(home.failure, home.status), address=last.address,
        retry_after=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0,
        etag=last.header("etag")[:1000], modified=last.header("last-modified")[:100],
        body=digest(home.body) if home.is_page and home.status != 304 else "", seen=seen,
    )  # fmt: skip


def _why(failure: Failure | None, status: int) -> str:
    return str(failure or (status if status >= 400 else ""))
