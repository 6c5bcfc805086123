"""The learned look of a home page, against which tampering is judged. Pure.

The last versions that were accepted are kept, and a page is as alike as it is to the most alike of them, so a page that alternates is
no alarm. How much a page changes by itself is learned as well (``spread``): a page that is half new every day is allowed to be. Confidence
rises after three and after seven rounds; before that a change is watched and not accused.
"""

from dataclasses import dataclass, replace

KEPT = 8  # versions
SETTLED = 3  # rounds after which the baseline counts
SURE = 7  # rounds after which it counts fully
SAME = 95  # percent alike: the same page (verifier.md 3.2, check 13)
DOUBTFUL = 85
ALARM = 70
FLOOR = 58  # two unrelated pages are about 50 percent alike; nothing is allowed to differ that much


@dataclass(frozen=True, slots=True)
class Version:
    """``text`` and ``outline`` are similarity hashes in hexadecimal."""

    text: str
    outline: str
    scripts: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """See the module. ``rounds`` since the last great change; ``spread`` the least likeness of two accepted neighbours."""

    versions: tuple[Version, ...]
    title: str
    names_body: bool
    site_codes: tuple[str, ...]
    script_hosts: tuple[str, ...]
    characters: int
    rounds: int = 1
    spread: int = 100

    @property
    def settled(self) -> bool:
        """Whether it may accuse."""
        return self.rounds >= SETTLED

    @property
    def alarm(self) -> int:
        """Below this a text is another one: :data:`ALARM`, or less for a page that changes much by itself."""
        return max(FLOOR, min(ALARM, self.spread - 8)) if self.rounds >= SURE else ALARM


def alike(one: str, other: str) -> int:
    """Percent of equal bits of two hashes in hexadecimal (see ``verifier.checks.likeness``)."""
    return round(100 * (64 - (int(one, 16) ^ int(other, 16)).bit_count()) / 64)


def nearest(baseline: Baseline, text: str, outline: str) -> tuple[int, int]:
    """How alike the page is, in text and outline, to the most alike version of each."""
    return (
        max(alike(version.text, text) for version in baseline.versions),
        max(alike(version.outline, outline) for version in baseline.versions),
    )


def learn(baseline: Baseline | None, seen: Baseline, *, clean: bool) -> Baseline:
    """The baseline after a round. ``seen`` holds one version; a page on which checks 14 to 17 found something is not learned."""
    if not clean:
        return baseline or replace(seen, rounds=0)
    if baseline is None or baseline.rounds == 0:
        return seen
    version = seen.versions[0]
    text, outline = nearest(baseline, version.text, version.outline)
    known = version in baseline.versions
    changed_all = text < ALARM and outline < ALARM
    return replace(
        seen,
        versions=baseline.versions if known else (version, *baseline.versions)[: 1 if changed_all else KEPT],
        rounds=1 if changed_all else baseline.rounds + 1,
        spread=100 if changed_all else min(baseline.spread, text),
        script_hosts=tuple(sorted({*baseline.script_hosts, *seen.script_hosts})),
    )
