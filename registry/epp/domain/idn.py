"""Internationalised names in commands and answers: idn-1.0 (table and U-form) and the create of b-dn (RFC 9095).

Both only say again what the A-label says already, so they are checked against it and decide nothing.
"""

from registry.epp.answer import Piece
from registry.epp.markup import optional, root, tag
from registry.epp.namespaces import BUNDLE, IDN
from registry.epp.request import Asked
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from registry.model.domain import Domain

DATA = (IDN, "data")
BUNDLED = (BUNDLE, "create")
LANGUAGE = "zh"  # the tag of every table of ours; the part after it is the version (idn.md)


def check_unicode(asked: Asked) -> None:
    """Refuses a table of another language, and a U-form or a bundle name that is not the name that is to be created."""
    name = asked.node.text("name").lower()
    data = asked.extensions.get(DATA)
    if data is not None:
        _check_table(data.text("table"))
        _check_same(name, data.text("uname"), "idn:uname")
    bundled = asked.extensions.get(BUNDLED)
    registered = bundled.child("rdn") if bundled is not None else None
    if registered is not None:
        _check_same(name, registered.token, "b-dn:rdn")
        _check_same(name, registered.attribute("uLabel"), "b-dn:rdn")


def write_unicode(domain: Domain) -> tuple[Piece, ...]:
    """``idn:data`` for a name that has another form than its A-label."""
    shown = next((member.unicode for member in domain.members if member.role == "registered"), domain.name)
    if shown == domain.name:
        return ()
    return (Piece(IDN, root("idn:data", tag("idn:table", domain.table_id), optional("idn:uname", shown))),)


def _check_table(table: str) -> None:
    if table.partition("-")[0].lower() != LANGUAGE:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"没有字表 {table}，可用：{LANGUAGE}",
            f"there is no table {table}; there is {LANGUAGE}",
            where="idn:table",
            value=table,
        )


def _check_same(name: str, text: str, where: str) -> None:
    if text and _a_form(text) != name:
        raise Refusal(
            Reason.VALUE_INVALID,
            "该名称与 domain:name 不是同一个名称",
            "this is not the same name as domain:name",
            where=where,
            value=text,
        )


def _a_form(text: str) -> str:
    try:
        return to_a(text)
    except ValueError:
        return ""
