"""robots.txt, read as RFC 9309 says. Pure.

The home page and what stands under ``/.well-known/`` are visited on the ground of the mark that the body asked for; everything
else on a site only as far as its robots.txt allows.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

MAX_BYTES = 500 * 1024  # RFC 9309 section 2.5: at least this much is parsed
MAX_LINES = 20_000
MAX_PATTERN = 2_000  # characters of one rule
MAX_STARS = 12  # wildcards of one rule: more would let a pattern cost more than the page


@dataclass(frozen=True, slots=True)
class Rule:
    """One line ``Allow`` or ``Disallow``."""

    allow: bool
    path: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of the group that speaks to us. ``delay`` is the crawl delay in seconds, 0 when none is asked."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether ``path`` (with query) may be visited: the longest rule decides, a tie allows (section 2.2.2)."""
        wanted = _plain(path or "/")
        if wanted == "/robots.txt":
            return True
        hits = [rule for rule in self.rules if rule.pattern.match(wanted)]
        best = max(hits, key=lambda rule: (len(rule.path), rule.allow), default=None)
        return best is None or best.allow


EVERYTHING = Robots()
NOTHING = Robots((Rule(False, "/", re.compile("/")),))


def robots_of(status: int, body: bytes, agent: str) -> Robots:
    """What applies to ``agent`` (its product token). Codes of the 400s open everything, of the 500s nothing (section 2.3.1)."""
    if status >= 500 or status == 0:
        return NOTHING
    if status >= 400:
        return EVERYTHING
    return read_robots(body[:MAX_BYTES].decode("utf-8", "replace"), agent)


def read_robots(text: str, agent: str) -> Robots:
    """The group of ``agent``, else that of ``*``; groups of one agent are one group (section 2.2.1)."""
    groups: dict[str, tuple[list[Rule], list[float]]] = {}
    named: list[str] = []
    in_rules = False
    for line in text.removeprefix("\ufeff").splitlines()[:MAX_LINES]:
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            named = [*([] if in_rules else named), value.lower()]
            in_rules = False
            groups.setdefault(value.lower(), ([], []))
        elif key in {"allow", "disallow", "crawl-delay"}:
            in_rules = True
            _add(groups, named, key, value)
    rules, delays = groups.get(agent.lower()) or groups.get("*") or ([], [])
    return Robots(tuple(rules), max(delays, default=0.0))


def _add(groups: dict[str, tuple[list[Rule], list[float]]], named: list[str], key: str, value: str) -> None:
    for name in named:
        rules, delays = groups[name]
        if key == "crawl-delay":
            if re.fullmatch(r"\d{1,5}(\.\d{1,3})?", value):
                delays.append(float(value))
        elif value and len(value) <= MAX_PATTERN and value.count("*") <= MAX_STARS:
            rules.append(Rule(key == "allow", value, _pattern(value)))


def _pattern(value: str) -> re.Pattern[str]:
    ends = value.endswith("$")
    parts = [re.escape(_plain(part)) for part in value.removesuffix("$").split("*")]
    return re.compile(".*?".join(parts) + ("$" if ends else ""), re.DOTALL)


def _plain(path: str) -> str:
    """Octets compared after percent-decoding (section 2.2.2)."""
    return unquote_to_bytes(path).decode("utf-8", "replace")
