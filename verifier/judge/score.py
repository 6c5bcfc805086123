"""The score of 100 points and the official veto, with every deduction explained. Pure.

The frame is the official one (国办秘函〔2019〕19号, domain-rules.md 5.1): any veto fails the site without further scoring; deductions never exceed
the total of their indicator; below 60 fails; a bonus counts only above 80; a body without outward services is scored on 75 points times four
thirds. The full official table of deductions is not public, so the totals of the groups and the points of the rules are ours; they stand in
``CAPS`` and in ``tables/rules.toml``, where anybody can read and dispute them. Sums are whole tenths of a point.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verifier.judge.finding import Finding
from verifier.judge.rulebook import BY_ID

FULL = 1000
CAPS: Mapping[str, int] = {  # tenths; the sum is 100 points
    "availability": 200,  # 网站可用性
    "freshness": 200,  # 信息更新
    "functions": 150,  # 功能设计
    "security": 200,  # 安全
    "services": 250,  # 办事与互动: dropped for a body without outward services
}
SERVICES = "services"
PASS = 600
BONUS_FROM = 800
BONUS_CAP = 300
GROUP_WORDS: Mapping[str, tuple[str, str]] = {
    "availability": ("网站可用性", "availability"),
    "freshness": ("信息更新", "freshness"),
    "functions": ("功能设计", "functions"),
    "security": ("网站安全", "security"),
    "services": ("办事与互动", "services and interaction"),
}


@dataclass(frozen=True, slots=True)
class Deduction:
    """``asked`` by the finding, ``taken`` under the cap of its group; tenths."""

    rule: str
    group: str
    asked: int
    taken: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` in tenths, of 1000 (a bonus may pass it); ``vetoes`` are rules. ``passed`` is the official 合格."""

    points: int
    deductions: tuple[Deduction, ...]
    vetoes: tuple[str, ...]
    bonus: int
    passed: bool


def score(
    findings: Iterable[Finding],
    *,
    outward_services: bool = True,
    bonus: int = 0,
    confirmed: frozenset[str] | None = None,
) -> Score:
    """The score of a site. ``confirmed``: the veto rules that quorum (or a person) confirmed; ``None`` takes every veto finding as confirmed."""
    ordered = _once(findings)
    vetoes = tuple(
        dict.fromkeys(one.rule for one in ordered if one.veto and (confirmed is None or one.rule in confirmed))
    )
    caps = {group: cap for group, cap in CAPS.items() if outward_services or group != SERVICES}
    deductions = tuple(_deduct(ordered, caps))
    total = sum(caps.values())
    left = total - sum(one.taken for one in deductions)
    points = left if outward_services else left * FULL // total
    added = min(bonus, BONUS_CAP) if points > BONUS_FROM else 0
    return Score(points + added, deductions, vetoes, added, not vetoes and points >= PASS)


def _once(findings: Iterable[Finding]) -> Sequence[Finding]:
    """What several places or visits found alike counts once: the dearest of them."""
    best: dict[tuple[str, str], Finding] = {}
    for one in findings:
        key = one.rule, str(one.evidence.get("title") or one.evidence.get("host") or "")
        if key not in best or one.deduction > best[key].deduction:
            best[key] = one
    return list(best.values())


def _deduct(findings: Sequence[Finding], caps: Mapping[str, int]) -> Iterable[Deduction]:
    left = dict(caps)
    for one in findings:
        group = BY_ID[one.rule].group
        if group in left and one.deduction:
            taken = min(one.deduction, left[group])
            left[group] -= taken
            yield Deduction(one.rule, group, one.deduction, taken, one.zh, one.en)
