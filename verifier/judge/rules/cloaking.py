"""Judges what different visitors are shown. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.checks.domains import is_public, registrable
from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.baseline import ALARM, alike
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

ENOUGH = 200  # characters: shorter pages are shells that scripts fill
MORE_DOMAINS = 5
SEARCH = ("baidu", "google", "from_search")


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``cloaking.*``, each for the first visitor that shows it."""
    people = {
        name: row
        for name, row in seen.facts["personas"].items()
        if not row["failure"] and not row["blocked"] and 200 <= row["status"] < 300
    }
    plain = people.get("desktop") or people.get("honest")
    if plain is None:
        return
    told: set[str] = set()
    for name, row in people.items():
        for finding in (*_led(site, name, row, seen), *_shown(name, row, plain, seen)):
            if finding.rule not in told:
                told.add(finding.rule)
                yield finding


def _led(site: Site, name: str, row: Mapping[str, Any], seen: Observation) -> Iterator[Finding]:
    own = {registrable(host) for host in site.hosts}
    for host in (row["final_host"], row["refresh_host"]):
        if host and registrable(host) not in own and not is_public(host):
            yield found("cloaking.search_hijack", seen, persona=name, host=host)


def _shown(name: str, row: Mapping[str, Any], plain: Mapping[str, Any], seen: Observation) -> Iterator[Finding]:
    words = sorted(set(row["words"]) - set(plain["words"]))
    if words:
        yield found("cloaking.words", seen, persona=name, words=words)
    more = [domain for domain in row["outlinks"] if domain not in plain["outlinks"] and not is_public(domain)]
    if len(more) >= MORE_DOMAINS and name in SEARCH:
        yield found("cloaking.links", seen, persona=name, count=len(more), examples=more)
    if name == "mobile" or min(row["characters"], plain["characters"]) < ENOUGH:
        return  # another layout for a small screen, or a shell
    likeness = alike(row["text"], plain["text"])
    if likeness < ALARM and row["title"] != plain["title"]:
        yield found("cloaking.differs", seen, persona=name, title=row["title"], likeness=likeness)
