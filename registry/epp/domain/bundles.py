"""Bundled names in answers (RFC 9095): the registered name and its variants, each with its U-label."""

from registry.epp.answer import Piece
from registry.epp.markup import element, root, tag
from registry.epp.namespaces import BUNDLE
from registry.model.domain import Member


def write_bundle(members: tuple[Member, ...], name: str) -> tuple[Piece, ...]:
    """``b-dn:infData``, ``b-dn:creData``, … ; nothing when the name stands alone."""
    first = [member for member in members if member.role == "registered"]
    others = [member for member in members if member.role != "registered"]
    if not first or not others:
        return ()
    bundle = element("b-dn:bundle", _name("rdn", first[0]), *(_name("bdn", member) for member in others))
    return (Piece(BUNDLE, root(f"b-dn:{name}", bundle)),)


def _name(kind: str, member: Member) -> str:
    return tag(f"b-dn:{kind}", member.name, uLabel=member.unicode)
