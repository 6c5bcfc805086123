"""Judges the marks that defacers leave. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.baseline import alike
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SMALL_PAGE = 2000  # characters: on a short page a boast is the page
BLANK_BYTES = 500
BLANK_CHARACTERS = 20
CAPTION_CHARACTERS = 60  # beside a single picture
FULL_CHARACTERS = 200  # a home page that had more and is blank now was emptied
WEAK_KINDS = 5  # different weak words before a person is asked
PICTURE_BITS = 16  # of 64 (verifier.md 3.2, check 14)


def judge(site: Site, known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``defacement.*``."""
    facts = seen.facts
    if facts.get("unchanged"):
        return
    yield from _words(site, seen)
    if _is_blank(facts):
        emptied = known.baseline is not None and known.baseline.settled and known.baseline.characters >= FULL_CHARACTERS
        yield found(
            "defacement.replaced" if emptied else "defacement.blank", seen, size=facts["size"], title=facts["title"]
        )
    picture = facts["picture"]
    if known.picture and picture.get("hash"):
        distance = 64 - round(alike(known.picture, picture["hash"]) * 64 / 100)
        if distance > PICTURE_BITS:
            yield found("defacement.picture", seen, changed=round(distance * 100 / 64))


def _words(site: Site, seen: Observation) -> Iterator[Finding]:
    facts = seen.facts
    hits = [hit for hit in facts["words"] if not hit["excused"] and not _is_trade(site, hit)]
    strong = [hit for hit in hits if hit["strong"]]
    words = sorted({hit["word"] for hit in strong})
    shown = any(hit["where"] in {"title", "meta"} for hit in strong)
    boast = any(hit["kind"] in {"defacer", "listed"} for hit in strong) and facts["characters"] < SMALL_PAGE
    if shown or boast or len(words) >= 2:
        yield found("defacement.words", seen, words=words, hits=strong)
        return
    weak = sorted({hit["word"] for hit in hits if not hit["strong"]})
    if words or len(weak) >= WEAK_KINDS or any(hit["where"] == "title" for hit in hits):
        yield found("defacement.doubtful_words", seen, words=words + weak, hits=hits)


def _is_trade(site: Site, hit: Mapping[str, Any]) -> bool:
    """A lottery administration speaks of its trade."""
    return (
        hit["kind"] == "gambling"
        and not hit["strong"]
        and any(word in site.body_name for word in ("彩票", "福彩", "体彩"))
    )


def _is_blank(facts: Mapping[str, Any]) -> bool:
    """Nothing to read, nothing to follow, nothing that a script could still bring."""
    if facts["links"] > 1 or facts["scripts"] or facts["frames"] or facts["refresh"]:
        return False
    empty = facts["characters"] < BLANK_CHARACTERS and facts["size"] < BLANK_BYTES and not facts["images"]
    return bool(empty or (facts["images"] == 1 and facts["characters"] < CAPTION_CHARACTERS))
