"""LABEL.*: from LABEL.TLD as it was typed to one label of ours, or to all that is wrong with it.

A broken label stops all further rules (NAME-POLICY, "Order and precedence"): there is nothing that they could judge.
"""

from dataclasses import dataclass
from functools import lru_cache

from registry.kernel.errors import Text
from registry.kernel.names import MAX_NAME_OCTETS, Mapped, map_people
from registry.model.decision import INFO, REFUSE, Finding
from registry.policy.idn.label import Label, a_form, parse
from registry.policy.idn.violations import LabelRules, Violation
from registry.policy.naming.request import NameRequest
from registry.policy.naming.tables import Tables

MAX_READ = 1024  # characters that are looked at; a name has 253 octets, so anything longer is refused anyway
MAX_SHOWN = 64  # characters of a bad name that a finding repeats
CACHED_READS = 256  # one decision reads its name several times; a megabyte at the most
_NO_HAN_NEEDED = LabelRules(han_required=False)


@dataclass(frozen=True, slots=True)
class Read:
    """``label`` is None when it is broken; ``tld`` is the U-form of one of ours, or empty."""

    name: str
    label: Label | None
    tld: str
    findings: tuple[Finding, ...]


@lru_cache(maxsize=CACHED_READS)
def read_name(request: NameRequest, tables: Tables) -> Read:
    """The label of a request. Takes any text; bounded by :data:`MAX_READ`."""
    mapped = map_people(request.name[:MAX_READ]) if request.mapped else Mapped(request.name[:MAX_READ])
    text = mapped.text
    told = (_told(request.name, mapped),) if mapped.changes else ()
    before, dot, last = text.rpartition(".")
    tld = _tld(last, tables) if dot else ""
    shown = _shown(text)
    if not tld:
        return Read(shown, None, "", (*told, _no_tld(text, last, dot, tables)))
    if len(request.name) > MAX_READ or _octets(before, tld, tables) > MAX_NAME_OCTETS:
        return Read(shown, None, tld, (*told, _too_long(), *_violations(before, tables)))
    parsed = parse_label(before, tables)
    if isinstance(parsed, Label):
        return Read(f"{parsed.u}.{tld}", parsed, tld, told)
    return Read(shown, None, tld, (*told, *map(_finding, parsed)))


def parse_label(text: str, tables: Tables) -> Label | tuple[Violation, ...]:
    """The label of either form; only the registry's own operational names need no Han character."""
    lowered = text.lower() if text.isascii() else text
    if lowered in tables.reserved.operational:
        return parse(text, tables.idn, _NO_HAN_NEEDED)
    return parse(text, tables.idn)


def _tld(text: str, tables: Tables) -> str:
    lowered = text.lower()
    return next((u for u, a in tables.tlds.items() if lowered in (u, a)), "")


def _octets(label: str, tld: str, tables: Tables) -> int:
    return sum(len(a_form(part)) + 1 for part in label.split(".")) + len(tables.tlds[tld])


def _violations(text: str, tables: Tables) -> tuple[Finding, ...]:
    parsed = parse_label(text, tables)
    return () if isinstance(parsed, Label) else tuple(map(_finding, parsed))


def _finding(violation: Violation) -> Finding:
    evidence = {"positions": list(violation.positions), "character": violation.character}
    return Finding(violation.rule, REFUSE, violation.text, evidence)


def _told(name: str, mapped: Mapped) -> Finding:
    changes = [
        {"position": c.position, "before": _shown(c.before), "after": c.after} for c in mapped.changes[:MAX_SHOWN]
    ]
    text = Text(
        "已按通常写法转换所填名称，请核对。", "What was typed has been mapped to its usual spelling; please check it."
    )
    return Finding(
        "LABEL.MAPPED", INFO, text, {"typed": _shown(name), "mapped": _shown(mapped.text), "changes": changes}
    )


def _no_tld(text: str, last: str, dot: str, tables: Tables) -> Finding:
    ours = "、".join("." + tld for tld in tables.tlds)
    if not text:
        zh, en = "名称为空，请填写拟申请的名称。", "The name is empty; please enter the name that is wanted."
    elif not dot:
        zh, en = f"名称没有后缀，请在末尾加上 {ours}。", f"The name has no top-level domain; please add {ours}."
    else:
        zh = f"后缀“{_shown(last)}”不由本注册局管理，请使用 {ours}。"
        en = f"The top-level domain {_shown(last)} is not one of this registry; please use {ours}."
    return Finding("LABEL.SYNTAX", REFUSE, Text(zh, en), {"name": _shown(text)})


def _too_long() -> Finding:
    text = Text(
        f"整个域名编码后超过 {MAX_NAME_OCTETS} 个八位组，请缩短名称。",
        f"The whole name has more than {MAX_NAME_OCTETS} octets; please choose a shorter one.",
    )
    return Finding("LABEL.SYNTAX", REFUSE, text, {"limit": MAX_NAME_OCTETS})


def _shown(text: str) -> str:
    cleaned = text[:MAX_SHOWN].encode("utf-8", "replace").decode("utf-8")
    return cleaned if len(text) <= MAX_SHOWN else cleaned + "…"
