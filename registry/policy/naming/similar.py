"""SIMILAR.*: who else would have a claim, and what looks or sounds alike. Only an equal claim decides (review)."""

from collections.abc import Iterator
from functools import lru_cache

from registry.kernel.errors import Text
from registry.kernel.pinyin import sounds
from registry.model.decision import INFO, REVIEW, Finding
from registry.policy.naming.case import Case

MAX_SHOWN = 5  # competitors in one finding
MIN_SCORE = 0.7  # below this two names only share common words


def rules(case: Case) -> Iterator[Finding]:
    """``SIMILAR.BODY`` first; the rest is for the reviewer's eye."""
    yield from _equal_claims(case)
    yield from _look_alike_names(case)
    yield from _similar_names(case)


def _equal_claims(case: Case) -> Iterator[Finding]:
    others = case.others_with(case.key)
    if case.exact is None or not others:
        return
    named = list({c.uscc: {"uscc": c.uscc, "name": c.body_name, "role": c.role} for c in others}.values())[:MAX_SHOWN]
    text = Text(
        f"“{others[0].body_name}”等单位对同一名称有同等权利，须由审核人员裁量；可改用加有地名的名称。",
        f"{others[0].body_name} has an equal claim to this name; a reviewer decides. A name with the place avoids this.",
    )
    yield Finding("SIMILAR.BODY", REVIEW, text, {"bodies": named})


def _look_alike_names(case: Case) -> Iterator[Finding]:
    skeleton = case.tables.skeleton(case.key)
    own = case.own.uscc if case.own else case.code
    alike = [
        {"name": claim.name, "uscc": claim.uscc}
        for claim in case.facts.claims
        if claim.key != case.key and claim.uscc != own and case.tables.skeleton(claim.key) == skeleton
    ]
    registered = [
        {"name": held.registered, "holder": held.holder_name}
        for held in case.facts.registrations
        if held.key != case.key and held.holder_uscc != own and case.tables.skeleton(held.key) == skeleton
    ]
    if alike or registered:
        text = Text(
            "另有字形相近的名称，请审核人员留意。", "There are names that look like this one; reviewers may note."
        )
        yield Finding("SIMILAR.GLYPH", INFO, text, {"names": (alike + registered)[:MAX_SHOWN]})


def _similar_names(case: Case) -> Iterator[Finding]:
    scored = [(similarity(case.label.simplified, other), other) for other in case.facts.similar if other]
    near = sorted((pair for pair in scored if pair[0] >= MIN_SCORE), key=lambda pair: (-pair[0], pair[1]))
    if near:
        names = [{"name": name, "score": round(score, 2)} for score, name in near[:MAX_SHOWN]]
        text = Text("注册库中有相近的名称。", "The register holds similar names.")
        yield Finding("SIMILAR.NAME", INFO, text, {"names": names})


def similarity(a: str, b: str) -> float:
    """0 to 1: how alike two labels are, by writing or by sound, whichever is more. 1: the same, or homophones."""
    return max(_ratio(tuple(a), tuple(b)), _ratio(pinyin_key(a), pinyin_key(b)) if len(a) == len(b) else 0.0)


@lru_cache(maxsize=4096)
def pinyin_key(text: str) -> tuple[str, ...]:
    """The syllables of a label without tones: labels with equal keys are homophones."""
    return sounds(text)


def _ratio(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """One less the edit distance over the longer length."""
    if not a or not b:
        return 0.0
    return 1 - _distance(*_differing(a, b)) / max(len(a), len(b))


def _differing(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both without their common beginning and end, which no shortest edit touches."""
    shorter = min(len(a), len(b))
    start = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    a, b = a[start:], b[start:]
    shorter = min(len(a), len(b))
    end = next((i for i in range(shorter) if a[-1 - i] != b[-1 - i]), shorter)
    return a[: len(a) - end], b[: len(b) - end]


def _distance(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """Levenshtein's: insertions, removals and exchanges of one piece."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]
