"""A bundle: the spellings of one name that stand in the DNS together, and what becomes of all the others.

Theory of operation (RFC 4713; RFC 3743). All labels with one index label are one name with one holder. Of
them at most three stand in the DNS: the label applied for, its simplified form and its traditional form. The rest is
never listed, because a label of fifteen characters can have 10^13 of them; it is judged when somebody asks:

* **registered**: the label applied for; any mixture of scripts is a fine original.
* **bundled**: the simplified or traditional form, where it differs and its A-label fits in 63 octets.
* **withheld**: every other label that consists of preferred simplified, or of preferred traditional, forms throughout.
  The holder may ask to have it in place of a bundled one; nobody else ever gets it.
* **blocked**: all the rest of the class; nobody gets it.
* **foreign**: a label of another class; this bundle says nothing about it.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import prod

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import MAX_LABEL_OCTETS
from registry.policy.idn.label import Label, a_form, index_of
from registry.policy.idn.table import Table
from registry.policy.idn.traditional import is_simplified_of, is_traditional_of


class Role(StrEnum):
    """Which spelling a member of the bundle is. The value is stored."""

    REGISTERED = "registered"
    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"


class Disposition(StrEnum):
    """What a bundle makes of a label (see above)."""

    REGISTERED = "registered"
    BUNDLED = "bundled"
    WITHHELD = "withheld"
    BLOCKED = "blocked"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Member:
    """One spelling. It is ``active`` (stands in the DNS) unless its A-label has more than 63 octets: then withheld."""

    role: Role
    u_label: str
    a_label: str

    @property
    def octets(self) -> int:
        """The length of the A-label, which the DNS limits to 63."""
        return len(self.a_label)

    @property
    def active(self) -> bool:
        """Whether this spelling stands in the DNS."""
        return self.octets <= MAX_LABEL_OCTETS


@dataclass(frozen=True, slots=True)
class Bundle:
    """The three spellings, and the different ones among them as ``members``, the registered one first."""

    registered: str
    simplified: str
    traditional: str
    members: tuple[Member, ...]

    @property
    def active(self) -> tuple[Member, ...]:
        """The members that stand in the DNS."""
        return tuple(member for member in self.members if member.active)


def bundle_of(label: Label, table: Table, traditional: str | None = None) -> Bundle:
    """The bundle of a label, with the traditional form that a person chose, or else the proposed one.

    Refuses (``VALUE_INVALID``) a choice that is not made of preferred traditional forms of the label's characters.
    """
    if traditional is None or traditional == label.traditional:
        return _bundle(label.u, label.simplified, label.traditional, {label.u: label.a})
    if not is_traditional_of(traditional, label.u, table):
        raise Refusal(
            Reason.VALUE_INVALID,
            f"“{traditional}”不是“{label.u}”的规范繁体写法，请从字表所列的繁体字中选择",
            f"“{traditional}” is no traditional form of “{label.u}”; choose among the forms of the table",
            where="traditional",
            value=traditional,
        )
    return _bundle(label.u, label.simplified, traditional, {label.u: label.a})


def stored_bundle(registered: str, simplified: str, traditional: str) -> Bundle:
    """The bundle as it was stored at registration: a later table or dictionary does not change it (RFC 3743, 3.6)."""
    return _bundle(registered, simplified, traditional, {registered: a_form(registered)})


def _bundle(registered: str, simplified: str, traditional: str, a_labels: dict[str, str]) -> Bundle:
    members = [Member(Role.REGISTERED, registered, a_labels[registered])]
    if simplified != registered:
        members.append(Member(Role.SIMPLIFIED, simplified, a_form(simplified)))
    if traditional not in (registered, simplified):
        members.append(Member(Role.TRADITIONAL, traditional, a_form(traditional)))
    return Bundle(registered, simplified, traditional, tuple(members))


def disposition(primary: Bundle, other_u: str, table: Table) -> Disposition:
    """What becomes of ``other_u`` (a U-label in any spelling) beside ``primary``. Takes any text."""
    if other_u == primary.registered:
        return Disposition.REGISTERED
    if index_of(other_u, table) != index_of(primary.registered, table):
        return Disposition.FOREIGN
    for member in primary.members:
        if member.u_label == other_u:
            return Disposition.BUNDLED if member.active else Disposition.WITHHELD
    if not table.repertoire.issuperset(other_u):
        return Disposition.BLOCKED
    pure = is_simplified_of(other_u, primary.registered, table) or is_traditional_of(other_u, primary.registered, table)
    return Disposition.WITHHELD if pure else Disposition.BLOCKED


def variant_count(u: str, table: Table) -> int:
    """How many registrable spellings the class of a label has, itself included; counted, never listed."""
    return prod(sum(1 for c in table.class_of(character) if c in table.repertoire) for character in u)
