"""The label of a name that a registrar sends: an A-label directly below one of our zones, never mapped."""

from registry.kernel.errors import Problem, Reason, Refusal, Text
from registry.kernel.names import map_people, split
from registry.model.domain import Member
from registry.model.zone import Zone
from registry.policy.idn.bundle import bundle_of
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import Label, parse_a
from registry.policy.idn.violations import NO_HAN, LabelRules, Violation

# Whether a zone wants a Han character is known only when its row was read; for official zones the name decision says it.
_ANY_SCRIPT = LabelRules(han_required=False)


def label_of(name: str) -> Label:
    """The label before the last dot. ``NAME_INVALID`` with all that is wrong with it, each with its rule."""
    text, zone = split(name)
    found = parse_a(text, shipped_table(), _ANY_SCRIPT)
    if isinstance(found, Label) and zone:
        return found
    violations = () if isinstance(found, Label) else found
    problems = tuple(_problem(name, violation) for violation in violations)
    text_of = problems[0].text if problems else Text("域名须含后缀，例如 .政务", "a name ends in a zone of ours")
    raise Refusal(Reason.NAME_INVALID, text_of.zh, text_of.en, where="name", value=name, problems=problems)


def check_script(label: Label, zone: Zone) -> None:
    """Refuse (``NAME_INVALID``) a label without a Han character in a test zone that wants one.

    In an official zone the name decision says so, because it knows the registry's own names, which are excepted.
    """
    if zone.idn_only and not zone.is_official and label.u.isascii():
        raise Refusal(
            Reason.NAME_INVALID,
            "这个后缀下的域名至少要有一个汉字",
            "a name in this zone has at least one Han character",
            where="name",
            value=label.a,
            evidence={"rule": NO_HAN},
        )


def not_our_zone(name: str) -> Refusal:
    """The refusal of a name that lies in nobody's zone here."""
    return Refusal(
        Reason.NAME_INVALID,
        "这个后缀不由本注册局管理",
        "this registry does not register names in that zone",
        where="name",
        value=name,
    )


def members_of(label: Label, zone: Zone, traditional: str = "") -> tuple[Member, ...]:
    """The names of the bundle that stand in the DNS, the registered one first (RFC 4713, RFC 9095).

    ``traditional`` is the traditional spelling of the label that somebody chose, as a label or as a whole name; empty takes the proposed
    one. ``VALUE_INVALID`` for a choice that the table does not allow.
    """
    bundle = bundle_of(label, shipped_table(), map_people(traditional).text.partition(".")[0] or None)
    return tuple(
        Member(f"{member.a_label}.{zone.name}", f"{member.u_label}.{zone.unicode}", member.role.value)
        for member in bundle.active
    )


def _problem(name: str, violation: Violation) -> Problem:
    evidence = {"rule": violation.rule, "positions": list(violation.positions), "character": violation.character}
    return Problem(Reason.NAME_INVALID, violation.text, "name", name, evidence)
