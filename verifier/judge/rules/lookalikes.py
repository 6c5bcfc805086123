"""Judges hosts that look like the site. Pure."""

from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

COPY = 70  # percent alike (verifier.md 3.2, check 20)


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``lookalikes.*``. A likeness of names alone is no accusation: the content must copy."""
    for one in seen.facts["candidates"]:
        if "likeness" not in one or one["leads_home"]:
            continue
        signs = {
            "标识/mark": one["mark_copied"],
            "标识码/site code": one["site_code_copied"],
            f"内容/content {one['likeness']}%": one["likeness"] >= COPY,
            "名称并索取敏感信息/name and asks for secrets": one["names_body"] and one["passwords"],
        }
        why = [sign for sign, is_there in signs.items() if is_there]
        if why:
            yield found("lookalikes.copy", seen, host=one["host"], why=why, title=one["title"])
        elif one["names_body"]:
            yield found("lookalikes.name", seen, host=one["host"], title=one["title"])
