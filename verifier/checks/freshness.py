"""Check 19: the newest day on the home page and in every column, item by item, so that false dates can be found by those who remember."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

from registry.kernel.clock import BEIJING
from verifier.checks.dates import date_of_url, dates_in
from verifier.checks.fact import Seen
from verifier.checks.items import Item, items_of
from verifier.checks.page import Page, rows_of, take_apart
from verifier.checks.site import Column
from verifier.checks.visit import Visit
from verifier.fetch.agents import PRODUCT
from verifier.fetch.blocking import blocked_by
from verifier.fetch.charset import Reading, read_page
from verifier.fetch.fetcher import Errand, parse
from verifier.fetch.limits import SMALL
from verifier.fetch.robots import Robots, robots_of

MAX_COLUMNS = 60  # of one site
KEPT_ITEMS = 60  # of one page: a list page holds twenty to forty
SAMPLES = 3  # newest articles whose own date is read, against lists that lie


async def observe(visit: Visit) -> Seen:
    """Facts: ``home`` and ``columns`` (newest day, dated and undated items, items), ``samples`` (day in the list, in the article, in the address)."""
    if why := await visit.why_no_page():
        return visit.not_run("freshness", why)
    today = visit.at.astimezone(BEIJING).date()
    page, reading = await visit.page(), await visit.reading()
    robots = await _robots(visit)
    columns = await asyncio.gather(
        *(_column(visit, column, today, robots) for column in visit.site.columns[:MAX_COLUMNS])
    )
    home = _home(page, reading, today)
    items = [item for column in columns for item in column["items"]] or home["items"]
    facts = {
        "today": today.isoformat(),
        "home": home,
        "columns": list(columns),
        "samples": await _samples(visit, items, today),
    }
    return visit.seen("freshness", facts)


def _home(page: Page, reading: Reading, today: date) -> dict[str, Any]:
    items = items_of(rows_of(page.url, reading), today)
    loose = [day for day in dates_in(page.text, today) if day <= today]
    facts = _facts(items, today)
    newest = max(
        [day for day in (facts["newest"], max(loose, default=date.min).isoformat() if loose else "") if day], default=""
    )
    return {**facts, "newest": facts["newest"] or newest}


def _facts(items: list[Item], today: date) -> dict[str, Any]:
    dated = [item for item in items if item.day is not None]
    past = [item.day for item in dated if item.day is not None and item.day <= today]
    return {
        "newest": max(past).isoformat() if past else "",
        "dated": len(dated),
        "undated": len(items) - len(dated),
        "items": [
            {"url": item.url[:500], "title": item.title[:120], "day": item.day.isoformat()}
            for item in dated[:KEPT_ITEMS]
            if item.day
        ],
    }


async def _column(visit: Visit, column: Column, today: date, robots: Robots) -> dict[str, Any]:
    head = {"url": column.url, "kind": column.kind.value, "title": column.title}
    read = parse(column.url)
    if read is None or not robots.allows(read.raw_path_qs):
        return {**head, "outcome": "refused", "newest": "", "dated": 0, "undated": 0, "items": []}
    answer = await visit.tools.fetcher.fetch(Errand(column.url))
    if blocked_by(answer.last, answer.body) or not answer.is_page:
        outcome = "blocked" if blocked_by(answer.last, answer.body) else "failed"
        return {
            **head,
            "outcome": outcome,
            "status": answer.status,
            "failure": str(answer.failure or ""),
            "newest": "",
            "dated": 0,
            "undated": 0,
            "items": [],
        }
    reading = read_page(answer.body, answer.last.header("content-type"))
    items = items_of(rows_of(answer.final_url, reading, main=True), today)
    return {**head, "outcome": "ran", "empty": not items, **_facts(items, today)}


async def _samples(visit: Visit, items: list[dict[str, str]], today: date) -> list[dict[str, str]]:
    newest = sorted(items, key=lambda item: item["day"], reverse=True)[:SAMPLES]
    return list(await asyncio.gather(*(_sample(visit, item, today) for item in newest)))


async def _sample(visit: Visit, item: dict[str, str], today: date) -> dict[str, str]:
    answer = await visit.tools.fetcher.fetch(Errand(item["url"]))
    facts = {"url": item["url"], "title": item["title"], "listed": item["day"], "article": "", "address": ""}
    in_address = date_of_url(item["url"])
    facts["address"] = in_address.isoformat() if in_address else ""
    if answer.is_page:
        page = take_apart(answer.final_url, read_page(answer.body, answer.last.header("content-type")))
        stated = (
            page.metas.get("pubdate") or page.metas.get("publishdate") or page.metas.get("article:published_time") or ""
        )
        day = next(dates_in(stated, today), None) or next(dates_in(page.text, today), None)
        facts["article"] = day.isoformat() if day else ""
        facts["text"] = f"{page.text_simhash:016x}"
    return facts


async def _robots(visit: Visit) -> Robots:
    limits = replace(SMALL, body_bytes=500 * 1024)
    answer = await visit.tools.fetcher.fetch(Errand(visit.site.origin + "/robots.txt", limits=limits))
    return robots_of(answer.status if answer.failure is None else 404, answer.body, PRODUCT)
