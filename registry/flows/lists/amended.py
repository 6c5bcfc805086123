"""The tables of the decision with the operators' entries in them. Pure.

The shipped tables are shared, never changed: what an entry adds stands in a copy that differs from them in
``reserved`` and ``policy_version`` (``…+SEAL``) only. A place is known to the gazetteer itself, so entries of that class
need the whole compilation (0.2 s); there are a few in a year.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from registry.flows.lists import words
from registry.kernel.errors import Text
from registry.model.decision import REFUSE, REVIEW, Decision, Finding, gravest
from registry.policy.naming.reserved_lists import Prohibited, ReservedLists
from registry.policy.naming.tables import Tables
from registry.store.lists import Word

SEAL_SHOWN = 12  # of the seal in a policy version: 48 bits tell the versions of one registry apart
_SHIPPED = "registry.policy.tables"
_GAZETTEER = "gazetteer.csv"
_BY_WORD = frozenset({"RESERVED.ORGANISATION", "CONTENT.PROHIBITED"})  # their evidence names the word


@dataclass(frozen=True, slots=True, eq=False)
class Amended:
    """``tables`` with the entries; ``reviewed``: words that a reviewer may let pass."""

    version: int
    seal: str
    tables: Tables
    reviewed: frozenset[str] = frozenset()


def amend(shipped: Tables, entries: Sequence[Word], version: int, seal: str) -> Amended:
    """The tables of one version of the lists."""
    if not version:
        return Amended(version, seal, shipped)
    places = [entry for entry in entries if entry.list_class == words.PLACE]
    tables = _with_places(shipped, places) if places else copy.copy(shipped)
    tables.reserved = _with_words(shipped.reserved, entries)
    tables.policy_version = f"{shipped.policy_version}+{seal[:SEAL_SHOWN]}"
    return Amended(
        version, seal, tables, frozenset(entry.word for entry in entries if entry.unlocked_by == words.REVIEWER)
    )


def soften(decision: Decision, reviewed: frozenset[str]) -> Decision:
    """Where an entry leaves it to a reviewer, its refusal is a review; the whole decision follows from that."""
    if not reviewed:
        return decision
    findings = tuple(_softened(finding, reviewed) for finding in decision.findings)
    return replace(decision, findings=findings, decision=gravest(findings))


def _softened(finding: Finding, reviewed: frozenset[str]) -> Finding:
    left_to_reviewer = (
        finding.outcome == REFUSE and finding.rule in _BY_WORD and finding.evidence.get("word") in reviewed
    )
    if not left_to_reviewer:
        return finding
    zh, en = "经审核人员确认可以使用。", " A reviewer may let it pass."
    return replace(finding, outcome=REVIEW, message=Text(finding.message.zh + zh, finding.message.en + en))


def _with_words(shipped: ReservedLists, entries: Iterable[Word]) -> ReservedLists:
    of = {name: [entry for entry in entries if entry.list_class == name] for name in words.CLASSES}
    organisations = of[words.ORGANISATION]
    texts = {entry.class_id: entry.text for entry in shipped.prohibited}
    return replace(
        shipped,
        countries={**shipped.countries, **{entry.index_label: entry.detail for entry in of[words.COUNTRY]}},
        anywhere=shipped.anywhere
        + tuple((entry.index_label, entry.word) for entry in organisations if entry.detail == words.ANYWHERE),
        alone={
            **shipped.alone,
            **{entry.index_label: entry.word for entry in organisations if entry.detail == words.ALONE},
        },
        registry_words=shipped.registry_words.union(entry.index_label for entry in of[words.REGISTRY]),
        prohibited=shipped.prohibited
        + tuple(
            Prohibited(entry.index_label, entry.word, entry.detail, texts[entry.detail]) for entry in of[words.CONTENT]
        ),
    )


def _with_places(shipped: Tables, places: Iterable[Word]) -> Tables:
    """Compiled anew, with the places as living rows of the gazetteer."""
    contents = {file.name: file.read_bytes() for file in files(_SHIPPED).iterdir() if file.is_file()}
    rows = "".join(f"{place.detail},{place.word},,\n" for place in places)
    contents[_GAZETTEER] = contents[_GAZETTEER].rstrip(b"\n") + b"\n" + rows.encode()
    return Tables(contents, shipped.idn, shipped.tlds)
