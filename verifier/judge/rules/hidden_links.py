"""Judges links that people do not see. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verifier.checks.domains import host_of, is_public, registrable
from verifier.checks.fact import Observation
from verifier.checks.lexicon import is_suspect_host
from verifier.checks.page import MENU_WAYS
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

A_BLOCK = 5  # links to strangers in one invisible block
A_MENU = 3  # links to suspect hosts in something that may be a menu
SEARCHES = frozenset(
    {"baidu.com", "so.com", "sogou.com", "bing.com", "haosou.com", "sm.cn", "google.com"}
)  # forms of theirs are search boxes
QUIET = MENU_WAYS | {"noscript"}


def judge(site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``hidden_links.*``."""
    facts = seen.facts
    strangers = [link for link in facts["links"] if not link["public"] and not _is_known(site, known, link["host"])]
    worst = _injected(strangers) or [link for link in facts["links"] if link["words"] and not link["public"]]
    if worst:
        yield found(
            "hidden_links.injected", seen, count=len(worst), examples=[_speak(link) for link in worst], links=worst
        )
    else:
        loud = [link for link in strangers if link["hidden"] not in QUIET]
        if loud:
            yield found("hidden_links.suspect", seen, count=len(loud), examples=[_speak(link) for link in loud])
    if facts["suspects"]:
        yield found("hidden_links.visible", seen, examples=[f"{one['text']} {one['url']}" for one in facts["suspects"]])
    yield from _elsewhere(site, known, seen)


def _injected(strangers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    loud = [link for link in strangers if link["hidden"] not in QUIET]
    suspects = [link for link in strangers if link["suspect"]]
    if any(link["suspect"] for link in loud) or len(suspects) >= A_MENU:
        return suspects
    blocks = Counter(link["block"] for link in loud if link["block"])
    return [link for link in loud if blocks[link["block"]] >= A_BLOCK]


def _is_known(site: Site, known: Known, host: str) -> bool:
    return registrable(host) in {*site.known_outlinks, *known.outlinks}


def _elsewhere(site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    allowed = {
        registrable(host) for host in (*site.known_scripts, *known.script_hosts, *site.known_outlinks)
    } | SEARCHES
    if facts["base"] and not is_public(host_of(facts["base"])):
        yield found("hidden_links.base", seen, base=facts["base"])
    frames = [frame["src"] for frame in facts["frames"] if _is_strange(host_of(frame["src"]), allowed, site)]
    if frames:
        yield found("hidden_links.frame", seen, examples=frames)
    forms = [host for host in facts["forms"] if _is_strange(host, allowed, site)]
    if forms:
        yield found("hidden_links.form", seen, hosts=forms)


def _is_strange(host: str, allowed: set[str], site: Site) -> bool:
    if host == host_of(site.mark_origin + "/"):
        return False
    return bool(is_suspect_host(host)) or (registrable(host) not in allowed and not is_public(host))


def _speak(link: Mapping[str, Any]) -> str:
    return f"{link['text']} → {link['host']} ({link['hidden']})"
