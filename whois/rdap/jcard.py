"""jCards (RFC 7095) as ICANN's profile wants them.

The schema of ICANN's conformance tool is narrower than the RFC: no parameter ``language``, no property that begins with ``x-``, ``org`` as
one text, addresses structured with an empty country name and the country as parameter ``cc`` (RFC 8605), telephones typed.
"""

import re
from typing import Any

from registry.published.records import Phone, RegistrarRecord
from whois.disclosure import Party

Property = list[Any]
VERSION: Property = ["version", {}, "text", "4.0"]
_E164 = re.compile(r"\+(\d{1,3})\.?(\d{1,14})")


def party_card(party: Party) -> list[Any]:
    """The card of a registrant or a technical contact; a name that is not shown is an empty ``fn``."""
    properties = [VERSION, ["fn", {}, "text", party.name]]
    if party.body is not None:
        properties.append(["kind", {}, "text", "org"])
    if party.organization:
        properties.append(["org", {}, "text", party.organization])
    if party.country:
        properties.append(_address(party.country, list(party.street), party.city, party.province, party.postal_code))
    properties += [
        _telephone(kind, phone) for kind, phone in (("voice", party.phone), ("fax", party.fax)) if phone.number
    ]
    if party.email:
        properties.append(["email", {}, "text", party.email])
    return ["vcard", properties]


def registrar_card(registrar: RegistrarRecord) -> list[Any]:
    """The card of a registrar."""
    properties = [VERSION, ["fn", {}, "text", registrar.name], ["kind", {}, "text", "org"]]
    if registrar.address:
        properties.append(_address("CN", [registrar.address], "", "", ""))
    return ["vcard", [*properties, *_reach(registrar)]]


def abuse_card(registrar: RegistrarRecord) -> list[Any]:
    """The card of a registrar's desk for abuse."""
    return ["vcard", [VERSION, ["fn", {}, "text", f"{registrar.name} 滥用举报 Abuse Contact"], *_reach(registrar)]]


def _reach(registrar: RegistrarRecord) -> list[Property]:
    found = [_telephone("voice", Phone(registrar.phone))] if registrar.phone else []
    return [*found, ["email", {}, "text", registrar.email]] if registrar.email else found


def _address(country: str, street: list[str], city: str, province: str, postal_code: str) -> Property:
    shown = street[0] if len(street) == 1 else street or ""
    return ["adr", {"cc": country}, "text", ["", "", shown, city, province, postal_code, ""]]


def number_of(phone: Phone) -> str:
    """The number as in a URI (RFC 3966): EPP's ``+86.10…``, or a Chinese number as people write it (010-62782015); empty for what holds no digit."""
    if known := _E164.fullmatch(phone.number):
        return f"+{known[1]}.{known[2]}"
    digits = re.sub(r"\D", "", phone.number)
    return f"+86.{digits.removeprefix('0')}" if digits else ""


def _telephone(kind: str, phone: Phone) -> Property:
    parameters, number = {"type": kind}, number_of(phone)
    if not number:
        return ["tel", parameters, "text", phone.number]
    return ["tel", parameters, "uri", f"tel:{number}" + (f";ext={phone.extension}" if phone.extension else "")]
