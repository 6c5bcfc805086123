"""The elements that several contact commands share (RFC 5733 section 2)."""

from registry.epp.markup import NOTHING, element, optional, tag
from registry.epp.xml_node import Node
from registry.model.contact import Disclose, Phone, Postal

FORMED = ("name", "org", "addr")  # elements of disclose that are said for each postal form
PLAIN = ("voice", "fax", "email")


def read_postal(node: Node) -> dict[str, Postal]:
    """The postal forms under ``int`` and ``loc``. What an update leaves out comes as empty text."""
    return {form.attribute("type"): _read_form(form) for form in node.children("postalInfo")}


def _read_form(form: Node) -> Postal:
    address = form.child("addr")
    return Postal(
        name=_line(form, "name"),
        org=_line(form, "org"),
        street=tuple(street.line for street in address.children("street")) if address is not None else (),
        city=_line(address, "city"),
        province=_line(address, "sp"),
        postcode=address.text("pc") if address is not None else "",
        country=address.text("cc") if address is not None else "",
    )


def _line(node: Node | None, name: str) -> str:
    child = node.child(name) if node is not None else None
    return "" if child is None else child.line


def read_phone(node: Node, name: str) -> Phone | None:
    """``voice`` or ``fax``, None when the element is not there; an empty element is an empty number."""
    phone = node.child(name)
    return None if phone is None else Phone(phone.token, phone.attribute("x"))


def read_disclose(node: Node) -> Disclose | None:
    """RFC 5733 section 2.9; ``name``, ``org`` and ``addr`` carry their form: ``name:loc``."""
    disclose = node.child("disclose")
    if disclose is None:
        return None
    elements = (f"{one.name}:{one.attribute('type')}" if one.name in FORMED else one.name for one in disclose)
    return Disclose(disclose.attribute("flag") in ("1", "true"), frozenset(elements))


def write_postal(form: str, postal: Postal) -> str:
    """``contact:postalInfo``."""
    address = element(
        "contact:addr",
        *(tag("contact:street", street) for street in postal.street),
        tag("contact:city", postal.city),
        optional("contact:sp", postal.province),
        optional("contact:pc", postal.postcode),
        tag("contact:cc", postal.country),
    )
    return element(
        "contact:postalInfo", tag("contact:name", postal.name), optional("contact:org", postal.org), address, type=form
    )


def write_phone(name: str, phone: Phone) -> str:
    """``contact:voice`` or ``contact:fax``, nothing when there is no number."""
    if not phone.number:
        return NOTHING
    return tag(name, phone.number, x=phone.extension) if phone.extension else tag(name, phone.number)


def write_disclose(disclose: Disclose | None) -> str:
    """``contact:disclose``, or nothing when no wish was stated."""
    if disclose is None:
        return NOTHING
    formed = [
        element(f"contact:{name}", type=form)
        for name in FORMED
        for form in ("int", "loc")
        if f"{name}:{form}" in disclose.elements
    ]
    plain = [element(f"contact:{name}") for name in PLAIN if name in disclose.elements]
    return element("contact:disclose", *formed, *plain, flag="1" if disclose.flag else "0")
