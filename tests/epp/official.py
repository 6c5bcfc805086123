"""The official schemas, compiled once: what every answer of ours must fit."""

from functools import cache
from pathlib import Path

from lxml import etree

from tests.kit.shared import shared_path

# In an order in which each finds what it imports; the official files name no locations.
FILES = {
    "eppcom-1.0": "urn:ietf:params:xml:ns:eppcom-1.0",
    "epp-1.0": "urn:ietf:params:xml:ns:epp-1.0",
    "host-1.0": "urn:ietf:params:xml:ns:host-1.0",
    "contact-1.0": "urn:ietf:params:xml:ns:contact-1.0",
    "domain-1.0": "urn:ietf:params:xml:ns:domain-1.0",
    "secDNS-1.1": "urn:ietf:params:xml:ns:secDNS-1.1",
    "rgp-1.0": "urn:ietf:params:xml:ns:rgp-1.0",
    "xmldsig-core-schema": "http://www.w3.org/2000/09/xmldsig#",
    "mark-1.0": "urn:ietf:params:xml:ns:mark-1.0",
    "signedMark-1.0": "urn:ietf:params:xml:ns:signedMark-1.0",
    "launch-1.0": "urn:ietf:params:xml:ns:launch-1.0",
    "idn-1.0": "urn:ietf:params:xml:ns:idn-1.0",
    "b-dn": "urn:ietf:params:xml:ns:epp:b-dn",
    "verificationCode-1.0": "urn:ietf:params:xml:ns:verificationCode-1.0",
    "loginSec-1.0": "urn:ietf:params:xml:ns:epp:loginSec-1.0",
    "changePoll-1.0": "urn:ietf:params:xml:ns:changePoll-1.0",
    "allocationToken-1.0": "urn:ietf:params:xml:ns:allocationToken-1.0",
    "ttl-1.0": "urn:ietf:params:xml:ns:epp:ttl-1.0",
    "maintenance-1.0": "urn:ietf:params:xml:ns:epp:maintenance-1.0",
}


@cache
def official_schema() -> etree.XMLSchema:
    """All of them as one schema."""
    folder: Path = shared_path("conformance/epp-xsd")
    imports = "".join(
        f'<xs:import namespace="{uri}" schemaLocation="{(folder / name).as_uri()}.xsd"/>' for name, uri in FILES.items()
    )
    source = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(source))


def assert_official(document: bytes) -> etree._Element:
    """The root of a document, once the official schemas accept it."""
    root = etree.fromstring(document)
    official_schema().assertValid(root)
    return root
