"""Judges the mark on the home page. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

LEAST = 40  # CSS pixels


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``badge.*``."""
    facts = seen.facts
    if not site.mark_id:
        return
    ours = [frame for frame in facts["frames"] if frame["is_ours"]]
    foreign = [frame["src"] for frame in facts["frames"] if not frame["is_ours"]]
    other = [frame["id"] for frame in ours if frame["id"] != site.mark_id]
    if foreign:
        yield found("badge.foreign_frame", seen, src=foreign)
    if other:
        yield found("badge.other_id", seen, ids=other)
    right = [frame for frame in ours if frame["id"] == site.mark_id]
    if not right:
        if not other and not foreign:
            yield found("badge.missing", seen, pictures=facts["pictures"])
        return
    if len(right) > 1:
        yield found("badge.several", seen, count=len(right))
    if right[0]["referrerpolicy"] != "origin":
        yield found("badge.referrer", seen)
    why = _unseen(right[0], facts["rendered"])
    if why:
        yield found("badge.unseen", seen, why=why)


def _unseen(frame: Mapping[str, Any], drawn: list[Mapping[str, Any]] | None) -> str:
    """What was drawn decides; without a browser what the source says."""
    if drawn is not None:
        box = next((one for one in drawn if one["src"] == frame["src"]), None)
        if box is None:
            return "removed"
        if box["hidden"] or box["covered"]:
            return str(box["hidden"] or "covered")
        return "" if box["width"] >= LEAST and box["height"] >= LEAST else f"{box['width']}x{box['height']}"
    sizes = [frame[side] for side in ("width", "height")]
    small = [size for size in sizes if size.isdigit() and int(size) < LEAST]
    return str(frame["hidden"] or ("x".join(sizes) if small else ""))
