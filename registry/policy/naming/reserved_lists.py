"""The reserved and prohibited words as keys, so that one entry guards all spellings (simplified, traditional, mixed)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.kernel.errors import Text
from registry.policy.naming.keys import Keyring

OWN_COUNTRY = "CN"  # 中国政府 is no name of a foreign country; NATIONAL.PREFIX guards it


@dataclass(frozen=True, slots=True)
class Prohibited:
    """A word and the class of content that it belongs to."""

    key: str
    word: str
    class_id: str
    text: Text


@dataclass(frozen=True, slots=True)
class ReservedLists:
    """``countries``: key of every form → ISO 3166-1 code; ``anywhere``: refused wherever they stand in a label."""

    countries: Mapping[str, str]
    country_tails: tuple[str, ...]
    anywhere: tuple[tuple[str, str], ...]
    alone: Mapping[str, str]
    registry_words: frozenset[str]
    registry_fillers: frozenset[str]
    operational: frozenset[str]
    prohibited: tuple[Prohibited, ...]

    def country_of(self, key: str) -> str:
        """The ISO code of the country that a label names, alone or with a word that only means its authorities."""
        for tail in self.country_tails:
            if tail and not key.endswith(tail):
                continue
            code = self.countries.get(key[: len(key) - len(tail)])
            if code is not None and not (tail and code == OWN_COUNTRY):
                return code
        return ""

    def organisation_of(self, key: str) -> str:
        """The protected word in a label, or empty."""
        return self.alone.get(key) or next((word for part, word in self.anywhere if part in key), "")

    def prohibited_in(self, key: str) -> tuple[Prohibited, ...]:
        """Every prohibited word in a label."""
        return tuple(entry for entry in self.prohibited if entry.key in key)

    def is_registry_name(self, key: str, generic: frozenset[str]) -> bool:
        """Whether a label consists of the registry's own words, alone or with fillers and generic words."""
        if not any(word in key for word in self.registry_words):
            return False
        reached: list[bool | None] = [False] + [None] * len(key)  # None: not reached; True: a registry word was used
        for start in range(len(key)):
            used = reached[start]
            for end in range(start + 1, len(key) + 1) if used is not None else ():
                word = key[start:end]
                if word in self.registry_words:
                    reached[end] = True
                elif word in self.registry_fillers or word in generic:
                    reached[end] = bool(reached[end]) or used
        return bool(reached[len(key)])


def read_reserved(
    reserved: Mapping[str, Any],
    prohibited: Mapping[str, Any],
    countries: Iterable[Mapping[str, str]],
    ring: Keyring,
) -> ReservedLists:
    """The lists of ``reserved.toml``, ``prohibited.toml`` and ``countries.csv``."""
    by_key = {}
    for row in countries:
        for form in (*row["zh"].split("|"), *row["en"].split("|")):
            by_key[ring.key(form)] = row["code"]
    organisations, registry = reserved["organisations"], reserved["registry"]
    return ReservedLists(
        countries={key: code for key, code in by_key.items() if key},
        country_tails=tuple(map(ring.key, reserved["countries"]["tails"])),
        anywhere=tuple((ring.key(word), word) for word in organisations["anywhere"].split()),
        alone={ring.key(word): word for word in organisations["alone"]},
        registry_words=frozenset(map(ring.key, registry["words"])),
        registry_fillers=frozenset(map(ring.key, registry["fillers"])),
        operational=frozenset(registry["operational"]),
        prohibited=tuple(
            Prohibited(ring.key(word), word, item["id"], Text(item["zh"], item["en"]))
            for item in prohibited["class"]
            for word in item["words"].split()
        ),
    )
