"""The listed derivations as data: what may stand in a name in the place of what, one rule after another."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_FORMS = 48  # of one name; the longest real name gives some twenty
MAX_NAME = 128  # characters; a label holds 20 at most, so nothing of use is derived from a longer name


@dataclass(frozen=True, slots=True)
class Derivation:
    """One rule of ``tables/derivations.toml``."""

    name: str
    zh: str
    en: str
    pattern: re.Pattern[str]
    to: tuple[str, ...]


def read_derivations(source: Mapping[str, Any]) -> tuple[Derivation, ...]:
    """The rules in the order of the file."""
    return tuple(
        Derivation(item["name"], item["zh"], item["en"], re.compile(item["pattern"]), tuple(item["to"]))
        for item in source["derivation"]
    )


def derive(name: str, rules: Iterable[Derivation]) -> dict[str, tuple[Derivation, ...]]:
    """All forms of a plain name, the name itself first, each with the rules that lead to it (fewest first)."""
    forms: dict[str, tuple[Derivation, ...]] = {name[:MAX_NAME]: ()}
    waiting = list(forms)
    listed = tuple(rules)
    for form in waiting:
        for rule in listed:
            for to in rule.to if rule.pattern.search(form) else ():
                shorter = rule.pattern.sub(to, form, count=1)
                if shorter not in forms and len(forms) < MAX_FORMS:
                    forms[shorter] = (*forms[form], rule)
                    waiting.append(shorter)
    return forms
