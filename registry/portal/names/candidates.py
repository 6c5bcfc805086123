"""The form of the live check as it was sent, and each answer as the page shows it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import DOTS, MAX_LABEL_OCTETS, TLDS
from registry.model.decision import Decision, Finding

MAX_CANDIDATES = 5  # lines of one form; an office weighs a handful of names, a list belongs to the REST interface
MAX_LINE = 300  # characters; a name has 253 octets
MAX_CODE = 64  # a code has 18 characters; a pasted one may be spaced or full width
DEFAULT_TLD = "政务"
TONES = {"pass": "good", "review": "warn", "refuse": "bad", "info": "plain"}
VERDICTS = {
    "pass": ("通过", "Pass"),
    "review": ("需人工审核", "Review"),
    "refuse": ("不予通过", "Refused"),
    "info": ("提示", "Note"),
}
MAPPED = "LABEL.MAPPED"


@dataclass(frozen=True, slots=True)
class Form:
    """``lines`` as typed, without empty ones; ``tld`` (U-form) goes behind a line that has none."""

    uscc: str
    tld: str
    lines: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The whole names to ask for."""
        return tuple(whole_name(line, self.tld) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate on the page. ``octets`` is the length of the A-label, 0 where there is no label."""

    typed: str
    decision: Decision
    octets: int
    mapped: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What decides first, then the rest; the mapping is shown in a place of its own."""
        told = [finding for finding in self.decision.findings if finding.rule != MAPPED]
        deciding = [finding for finding in told if finding.outcome == self.decision.decision]
        return (*deciding, *(finding for finding in told if finding not in deciding))


def read_form(query: Mapping[str, str]) -> Form:
    """The form of a query. Refuses with TOO_LARGE (lines, characters); a strange TLD is the first of ours."""
    uscc, text = query.get("uscc", ""), query.get("names", "")
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(lines) > MAX_CANDIDATES or any(len(line) > MAX_LINE for line in lines):
        zh = f"一次最多核对 {MAX_CANDIDATES} 个名称，每个不超过 {MAX_LINE} 个字符"
        en = f"at most {MAX_CANDIDATES} names at once, each of at most {MAX_LINE} characters"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="names")
    if len(uscc) > MAX_CODE:
        raise Refusal(
            Reason.TOO_LARGE, f"代码最多 {MAX_CODE} 个字符", f"a code has at most {MAX_CODE} characters", where="uscc"
        )
    tld = query.get("tld", "")
    return Form(uscc.strip(), tld if tld in TLDS else DEFAULT_TLD, lines)


def whole_name(line: str, tld: str) -> str:
    """The line with a TLD behind it, when nothing in it separates labels."""
    return line if any(dot in line for dot in ("." + DOTS)) else f"{line}.{tld}"


def shown(typed: str, decision: Decision) -> Shown:
    """A decision as the page shows it."""
    mapping = next((finding for finding in decision.findings if finding.rule == MAPPED), None)
    label = decision.a_label.partition(".")[0]
    return Shown(typed, decision, len(label), str(mapping.evidence["mapped"]) if mapping else "")


LIMITS: dict[str, Any] = {"octets": MAX_LABEL_OCTETS, "lines": MAX_CANDIDATES, "line": MAX_LINE, "code": MAX_CODE}
