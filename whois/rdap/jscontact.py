"""The same people as JSContact cards (RFC 9553), which stand beside the jCards for those who ask for them (extension ``jscard``).

Values carry no language of their own: the card says once that they are Chinese. An address is a list of components, a name one text.
"""

from typing import Any

from registry.published.records import Phone, RegistrarRecord
from whois.disclosure import Party
from whois.rdap.jcard import number_of

Card = dict[str, Any]
VERSION = "1.0"  # RFC 9553, section 2.1.2
LANGUAGE = "zh-CN"


def party_jscard(party: Party, uid: str) -> Card:
    """The card of a registrant or a technical contact; what is not shown is left out."""
    card = _card("org" if party.body is not None else "individual", party.name, uid)
    if party.organization and party.organization != party.name:
        card["organizations"] = {"org": {"name": party.organization}}
    if party.country:
        card["addresses"] = {"addr": _address(party)}
    phones = {
        feature: _phone(feature, phone)
        for feature, phone in (("voice", party.phone), ("fax", party.fax))
        if phone.number
    }
    return card | ({"phones": phones} if phones else {}) | _emails(party.email)


def registrar_jscard(registrar: RegistrarRecord) -> Card:
    """The card of a registrar."""
    card = _card("org", registrar.name, f"registrar-{registrar.handle}")
    if registrar.address:
        card["addresses"] = {"addr": {"full": registrar.address, "countryCode": "CN"}}
    if registrar.phone:
        card["phones"] = {"voice": _phone("voice", Phone(registrar.phone))}
    if registrar.url:
        card["links"] = {"site": {"uri": registrar.url}}
    return card | _emails(registrar.email)


def _card(kind: str, name: str, uid: str) -> Card:
    card: Card = {"@type": "Card", "version": VERSION, "uid": uid, "kind": kind, "language": LANGUAGE}
    return card | ({"name": {"full": name}} if name else {})


def _address(party: Party) -> Card:
    """RFC 9553, section 2.5.1: components from the largest to the smallest, as a Chinese address is written."""
    parts = [
        ("region", party.province),
        ("locality", party.city),
        ("name", " ".join(party.street)),
        ("postcode", party.postal_code),
    ]
    components = [{"kind": kind, "value": value} for kind, value in parts if value]
    return {"countryCode": party.country, **({"components": components} if components else {})}


def _phone(feature: str, phone: Phone) -> Card:
    extension = f";ext={phone.extension}" if phone.extension else ""
    number = number_of(phone)
    return {"features": {feature: True}, "number": f"tel:{number}{extension}" if number else phone.number}


def _emails(address: str) -> Card:
    return {"emails": {"email": {"address": address}}} if address else {}
