"""One question as the rules see it: the label, the body, the facts under the label's key, and the basis of the name.

A case is built once for each label that is judged (the one asked for, and each suggestion), and every rule reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.model.body import Body
from registry.policy.idn.label import Label
from registry.policy.naming.places import Chain
from registry.policy.naming.profile import Base, Profile
from registry.policy.naming.request import Claim, Facts
from registry.policy.naming.tables import Tables

EXACT_ROLES = frozenset({"full", "short", "alias"})


@dataclass(frozen=True, slots=True)
class Basis:
    """On what the name rests: ``kind`` is the last part of the rule id (full … unrelated) in small letters."""

    kind: str
    name: str = ""
    steps: tuple[tuple[str, str], ...] = ()  # (zh, en) for each derivation
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """``code`` is the checked code, empty when it is not valid; ``profile`` is None when no body has it."""

    label: Label
    tld: str
    code: str
    kind: str
    facts: Facts
    tables: Tables
    today: date
    profile: Profile | None
    chain: Chain
    exact: Base | None
    basis: Basis | None

    @property
    def key(self) -> str:
        """The index label."""
        return self.label.index

    @property
    def own(self) -> Body | None:
        """The body that asks."""
        return self.facts.own

    @property
    def exempt(self) -> bool:
        """The exact name wins: exempt from NATIONAL.PREFIX, REGION.FOREIGN, RESERVED.* and CONTENT.*."""
        return self.exact is not None

    @property
    def basis_kind(self) -> str:
        """The kind of the basis, empty when there is no body."""
        return self.basis.kind if self.basis else ""

    def others_with(self, key: str, roles: Iterable[str] = EXACT_ROLES) -> tuple[Claim, ...]:
        """Names of other living bodies under ``key``."""
        own = self.own.uscc if self.own else self.code
        wanted = frozenset(roles)
        return tuple(
            claim
            for claim in self.facts.claims
            if claim.key == key and claim.living and claim.role in wanted and claim.uscc != own
        )
