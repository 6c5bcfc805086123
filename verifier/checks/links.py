"""Check 18: the links of the home page and of the pages below it: broken, slow, dangerous. A bot challenge is not a broken link."""

import asyncio
from dataclasses import dataclass, replace

from verifier.checks.domains import host_of, is_public, registrable
from verifier.checks.fact import Seen
from verifier.checks.lexicon import is_suspect_host, scan
from verifier.checks.page import take_apart
from verifier.checks.visit import Visit
from verifier.fetch.agents import PRODUCT
from verifier.fetch.answer import Fetched
from verifier.fetch.blocking import blocked_by
from verifier.fetch.charset import read_page
from verifier.fetch.fetcher import Errand, parse
from verifier.fetch.limits import PAGE, SMALL
from verifier.fetch.robots import Robots, robots_of

MAX_HOME = 300  # links of the home page in one round
MAX_SECOND = 200  # links of the second level (verifier.md 3.2: at least 200 a week)
MAX_PAGES = 10  # pages of the second level whose links are read
AT_ONCE = 4  # the fetcher's turns hold each host to one; this bounds what is open
SLOW_MS = 5000
MAX_HOPS = 8  # more redirects than this is a broken link (verifier.md 1.13)
LIMITS = replace(PAGE, body_bytes=SMALL.body_bytes * 8)


@dataclass(frozen=True, slots=True)
class Tried:
    """A link that was followed. ``kind``: good, broken, blocked, slow, danger, unsure (an error that may pass)."""

    url: str
    kind: str
    why: str
    status: int
    at: str  # the page that holds it
    level: int


async def observe(visit: Visit) -> Seen:
    """Facts: ``tried`` (all that are not good), ``counts`` by level and kind, ``refused`` (by robots.txt)."""
    if why := await visit.why_no_page():
        return visit.not_run("links", why)
    page = await visit.page()
    robots = await _robots(visit)
    home = list(dict.fromkeys(link.url for link in page.links if parse(link.url)))[:MAX_HOME]
    allowed = [url for url in home if _may(visit, robots, url)]
    walk = _Walk(visit, asyncio.Semaphore(AT_ONCE))
    first = await asyncio.gather(*(walk.follow(url, page.url, 1) for url in allowed))
    second = await _second(walk, [one for one in first if one.kind == "good"], robots, set(home))
    tried = [*first, *second]
    facts = {
        "tried": [_facts(one) for one in tried if one.kind != "good"],
        "counts": {
            f"{level}.{kind}": sum(one.level == level and one.kind == kind for one in tried)
            for level in (1, 2)
            for kind in _KINDS
        },
        "refused": len(home) - len(allowed),
    }
    return visit.seen("links", facts)


_KINDS = ("good", "broken", "blocked", "slow", "danger", "unsure")


class _Walk:
    """Follows links, each once."""

    def __init__(self, visit: Visit, slots: asyncio.Semaphore) -> None:
        self.visit = visit
        self._slots = slots
        self.pages: dict[str, Fetched] = {}

    async def follow(self, url: str, at: str, level: int) -> Tried:
        if danger := danger_of(url):
            return Tried(url, "danger", danger, 0, at, level)
        async with self._slots:
            answer = await self.visit.tools.fetcher.fetch(Errand(url, limits=LIMITS))
        self.pages[url] = answer
        kind, why = judge_answer(answer)
        return Tried(url, kind, why, answer.status, at, level)


def danger_of(url: str) -> str:
    """Why a link is dangerous before it is followed: ``shortener``; empty otherwise (a cheap TLD alone proves nothing)."""
    return "shortener" if is_suspect_host(host_of(url)) == "shortener" else ""


def judge_answer(answer: Fetched) -> tuple[str, str]:
    """The class of a link and why."""
    if blocked_by(answer.last, answer.body):
        return "blocked", str(answer.status)
    if answer.failure is not None:
        return ("unsure" if answer.failure.value in _PASSING else "broken"), str(answer.failure)
    if answer.status >= 400:
        return ("unsure" if answer.status >= 500 else "broken"), str(answer.status)
    if len(answer.hops) > MAX_HOPS:
        return "broken", "too_many_hops"
    if words := _words(answer):
        return "danger", words
    return ("slow", str(answer.total_ms)) if answer.total_ms > SLOW_MS else ("good", "")


_PASSING = frozenset(
    {"timeout", "name_failed", "unreachable", "reset", "too_large"}
)  # may be gone at the next look, or ours


def _words(answer: Fetched) -> str:
    """What a page elsewhere sells, by its title alone: strong words, or the page moved to another owner and speaks of gambling."""
    if is_public(host_of(answer.final_url)) or "html" not in answer.last.header("content-type"):
        return ""
    page = take_apart(answer.final_url, read_page(answer.body[:65536], answer.last.header("content-type")))
    hits = [hit for hit in scan(page.title, "title") if not hit.excused]
    return ",".join(hit.word for hit in hits)[:200]


async def _robots(visit: Visit) -> Robots:
    answer = await visit.tools.fetcher.fetch(
        Errand(visit.site.origin + "/robots.txt", limits=replace(SMALL, body_bytes=500 * 1024))
    )
    return robots_of(answer.status if answer.failure is None else 404, answer.body, PRODUCT)


def _may(visit: Visit, robots: Robots, url: str) -> bool:
    """robots.txt speaks for its own host; links elsewhere are looked at once, as any reader would."""
    read = parse(url)
    if read is None or host_of(url) != host_of(visit.site.origin + "/"):
        return True
    return robots.allows(read.raw_path_qs)


async def _second(walk: _Walk, good: list[Tried], robots: Robots, known: set[str]) -> list[Tried]:
    own = {registrable(host) for host in walk.visit.site.hosts}
    pages = [one for one in good if registrable(host_of(one.url)) in own][:MAX_PAGES]
    wanted: dict[str, str] = {}
    for one in pages:
        answer = walk.pages[one.url]
        page = take_apart(answer.final_url, read_page(answer.body, answer.last.header("content-type")))
        for link in page.links:
            if link.url not in known and parse(link.url) and _may(walk.visit, robots, link.url):
                wanted.setdefault(link.url, one.url)
    return list(await asyncio.gather(*(walk.follow(url, at, 2) for url, at in list(wanted.items())[:MAX_SECOND])))


def _facts(one: Tried) -> dict[str, object]:
    return {
        "url": one.url[:500],
        "kind": one.kind,
        "why": one.why,
        "status": one.status,
        "at": one.at[:500],
        "level": one.level,
    }
