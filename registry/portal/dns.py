"""``/portal/dns``: what the zones are asked and how our name servers look from outside, for operators and auditors."""

from collections.abc import Mapping

from aiohttp import web

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.charts.bars import Bar, bars
from registry.portal.guard import Visit
from registry.published import dns_figures
from registry.published.dns_figures import DnsFigures, WatchedDoor

CHARTS = {
    "outcome": "按结果 By outcome",
    "type": "按类型 By type",
    "rcode": "按应答码 By response code",
    "transport": "按传输 By transport",
    "size": "按应答大小（字节） By size of the answer",
    "name": "查询最多的域名 Names asked for most",
    "missing": "查询最多的不存在的域名 Missing names asked for most",
}
MOST_BARS = 12


async def show_dns(visit: Visit) -> web.StreamResponse:
    """``?zone=`` an A-label; the first zone when absent. Refuses with NOT_FOUND what is no zone of ours."""
    wanted = visit.request.query.get("zone", "")

    async def read(act: Act) -> tuple[list[tuple[str, str]], str, DnsFigures, list[WatchedDoor]]:
        zones = await dns_figures.zones(act.conn)
        zone = wanted or (zones[0][0] if zones else "")
        if zone not in {name for name, _ in zones}:
            raise Refusal(Reason.NOT_FOUND, "没有这个区", "there is no such zone", where="zone", value=zone[:63])
        return zones, zone, await dns_figures.last_day(act.conn, zone, act.now), await dns_figures.watched(act.conn)

    zones, zone, figures, doors = await visit.run(read)
    return visit.page("dns.html", zones=zones, zone=zone, figures=figures, charts=_charts(figures), doors=doors)


def _charts(figures: DnsFigures) -> Mapping[str, str]:
    """Title to drawing, of every kind that has rows; the hours first."""
    hours = [(f"{hour.astimezone(BEIJING):%m-%d %H:00}", number) for hour, number in figures.hours]
    drawn = {"每小时应答 Answers an hour": _bars("每小时应答 Answers an hour", hours)} if hours else {}
    for kind, title in CHARTS.items():
        if rows := figures.sums.get(kind):
            drawn[title] = _bars(title, list(rows)[:MOST_BARS])
    return drawn


def _bars(title: str, rows: list[tuple[str, int]]) -> str:
    said = "; ".join(f"{key} {number}" for key, number in rows)
    return bars(title, said, [Bar(key, number, number, f"{number:,}") for key, number in rows])
