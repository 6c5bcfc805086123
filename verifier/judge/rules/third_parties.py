"""Judges what the page takes in from others. Pure."""

from collections.abc import Iterator, Mapping

from verifier.checks.domains import registrable
from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

POWERFUL = frozenset({"script", "frame", "form", "style"})  # who gives these can change the page


def judge(site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``third_parties.*``."""
    facts = seen.facts
    free = [one["host"] for one in facts["hosts"] if one["free"] and POWERFUL & set(one["kinds"])]
    free += [one["host"] for one in facts["scripts"] if one["unclaimed"]]
    if free:
        yield found("third_parties.dangling", seen, hosts=sorted(set(free)))
    missing = [one["host"] for one in facts["hosts"] if one["missing"] and one["host"] not in free]
    if missing:
        yield found("third_parties.missing", seen, hosts=missing)
    if known.script_hosts:
        learned = {*known.script_hosts, *site.known_scripts}
        new = [
            one["host"]
            for one in facts["hosts"]
            if "script" in one["kinds"] and not one["public"] and one["host"] not in learned
        ]
        new = [host for host in new if registrable(host) not in {registrable(one) for one in learned}]
        if new:
            yield found("third_parties.new_script", seen, hosts=new)
    changed = [
        one["src"] for one in facts["scripts"] if one["digest"] and not one["integrity"] and _is_changed(known, one)
    ]
    if changed:
        yield found("third_parties.changed_script", seen, scripts=changed)


def _is_changed(known: Known, script: Mapping[str, str]) -> bool:
    return known.script_digests.get(script["src"], script["digest"]) != script["digest"]
