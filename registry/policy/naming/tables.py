"""Everything the decision knows that is not about one body: the registration table and the data files of
``registry/policy/tables``, compiled into keys. Load it once per process; it never changes afterwards.

``policy_version`` is a hash over the bytes of the data files, the registration table and :data:`VERSION`, so a decision
can be repeated with exactly what decided it. Raise ``VERSION`` whenever a rule changes in code.
"""

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from registry.kernel.names import MAX_LABEL_OCTETS, TLDS
from registry.model.body import Body
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import Label, a_form, index_of, simplified_of
from registry.policy.idn.table import Table
from registry.policy.naming.derivations import Derivation, read_derivations
from registry.policy.naming.keys import Keyring
from registry.policy.naming.places import Gazetteer
from registry.policy.naming.profile import Profile, build_profile
from registry.policy.naming.reserved_lists import ReservedLists, read_reserved
from registry.policy.naming.vocabulary import Vocabulary

VERSION = "1"
_FOLDER = "registry.policy.tables"
_FILES = (
    "gazetteer.csv",
    "places.toml",
    "generic.toml",
    "derivations.toml",
    "reserved.toml",
    "countries.csv",
    "prohibited.toml",
    "glyphs.txt",
    "eligibility.csv",
)
_CACHED_LABELS = 1 << 15  # labels that were tried out as suggestions; a few hundred bytes each
_CACHED_PROFILES = 4096  # a profile takes a few kilobytes; a busy door sees the same bodies again and again


@dataclass(frozen=True, slots=True)
class Eligibility:
    """One line of ``eligibility.csv``: what a kind of body may have under each TLD."""

    zhengwu: str
    gongyi: str
    zh: str
    en: str


class Tables:
    """The compiled tables. ``tlds`` maps the U-form of our TLDs to the A-form."""

    def __init__(self, contents: Mapping[str, bytes], idn: Table, tlds: Mapping[str, str]) -> None:
        self.idn = idn
        self.tlds = dict(tlds)
        self.ring = Keyring(idn)
        places, generic = _toml(contents["places.toml"]), _toml(contents["generic.toml"])
        self.words = Vocabulary(generic, self.ring)
        self.gazetteer = Gazetteer(_places(contents["gazetteer.csv"]), places, self.ring, self.words)
        self.derivations: tuple[Derivation, ...] = read_derivations(_toml(contents["derivations.toml"]))
        self.reserved: ReservedLists = read_reserved(
            _toml(contents["reserved.toml"]),
            _toml(contents["prohibited.toml"]),
            _rows(contents["countries.csv"]),
            self.ring,
        )
        self.eligibility = {
            row["kind"]: Eligibility(row["zhengwu"], row["gongyi"], row["zh"], row["en"])
            for row in _rows(contents["eligibility.csv"])
        }
        groups = _glyph_groups(contents["glyphs.txt"], self.ring)
        self.glyphs = {ord(c): group[0] for c, group in groups.items()}
        self._look_alikes = groups
        self.policy_version = _version(contents, idn)
        self.own_label = lru_cache(maxsize=_CACHED_LABELS)(self._own_label)
        self.profile = lru_cache(maxsize=_CACHED_PROFILES)(self._build_profile)

    def _build_profile(self, body: Body) -> Profile:
        return build_profile(body, self.ring, self.words, self.gazetteer, self.derivations)

    def _own_label(self, text: str) -> Label | None:
        """The label of a plain own name, or None where it is none. It carries no proposal for a traditional form."""
        a = a_form(text)
        sound = text and len(a) <= MAX_LABEL_OCTETS and self.idn.repertoire.issuperset(text)
        if not sound or self.idn.han.isdisjoint(text) or text[0] == "-" or text[-1] == "-" or text[2:4] == "--":
            return None
        return Label(text, a, index_of(text, self.idn), simplified_of(text, self.idn), text, len(a))

    def eligibility_of(self, kind: str) -> Eligibility:
        """The line of a kind, or of its department, or a refusal for a kind that no list knows."""
        found = self.eligibility.get(kind) or self.eligibility.get(kind[:1])
        return found or Eligibility("no", "no", "未列入办法的机构类别", "a kind of body that the rules do not list")

    def skeleton(self, key: str) -> str:
        """A key with every look-alike character replaced by the first of its group."""
        return key.translate(self.glyphs)

    def look_alikes(self, character: str) -> str:
        """The other characters that look like this one (all of them index characters)."""
        return self._look_alikes.get(character, "").replace(character, "")


@lru_cache(maxsize=1)
def shipped_tables() -> Tables:
    """The tables that ship with the product (0.2 s once, then shared)."""
    folder = files(_FOLDER)
    return Tables({name: folder.joinpath(name).read_bytes() for name in _FILES}, shipped_table(), TLDS)


def _toml(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode("utf-8"))


def _rows(content: bytes) -> list[dict[str, str]]:
    lines = (line for line in content.decode("utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines))


def _places(content: bytes) -> Iterable[tuple[str, str, str, str]]:
    return ((row["code"], row["name"], row["since"], row["until"]) for row in _rows(content))


def _glyph_groups(content: bytes, ring: Keyring) -> dict[str, str]:
    """Every character of a group → the group in code point order; groups with a common character are one."""
    groups: dict[str, set[str]] = {}
    for line in content.decode("utf-8").splitlines():
        if line and not line.startswith("#"):
            members = set(ring.key(line.strip()))
            joined = members.union(*(groups.get(c, set()) for c in members))
            groups.update(dict.fromkeys(joined, joined))
    return {c: "".join(sorted(group)) for c, group in groups.items()}


def _version(contents: Mapping[str, bytes], idn: Table) -> str:
    digest = hashlib.sha256(f"{VERSION}\0{idn.id}".encode())
    for name in sorted(contents):
        digest.update(name.encode() + b"\0" + hashlib.sha256(contents[name]).digest())
    return f"{VERSION}-{digest.hexdigest()[:16]}"
