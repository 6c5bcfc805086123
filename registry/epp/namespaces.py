"""The services that this server offers, in one list each, as the greeting announces them (RFC 5730 section 2.4).

Only names out of IANA's EPP extension registry stand here; a private one would fail ICANN's registry system testing.
"""

from dataclasses import dataclass

EPP = "urn:ietf:params:xml:ns:epp-1.0"
DOMAIN = "urn:ietf:params:xml:ns:domain-1.0"
HOST = "urn:ietf:params:xml:ns:host-1.0"
CONTACT = "urn:ietf:params:xml:ns:contact-1.0"
SECDNS = "urn:ietf:params:xml:ns:secDNS-1.1"
RGP = "urn:ietf:params:xml:ns:rgp-1.0"
LAUNCH = "urn:ietf:params:xml:ns:launch-1.0"
IDN = "urn:ietf:params:xml:ns:idn-1.0"
BUNDLE = "urn:ietf:params:xml:ns:epp:b-dn"
VERIFICATION = "urn:ietf:params:xml:ns:verificationCode-1.0"
LOGIN_SECURITY = "urn:ietf:params:xml:ns:epp:loginSec-1.0"
CHANGE_POLL = "urn:ietf:params:xml:ns:changePoll-1.0"
ALLOCATION = "urn:ietf:params:xml:ns:allocationToken-1.0"
TTL = "urn:ietf:params:xml:ns:epp:ttl-1.0"
MAINTENANCE = "urn:ietf:params:xml:ns:epp:maintenance-1.0"
SECURE_AUTH = "urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0"
UNHANDLED = "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"


@dataclass(frozen=True, slots=True)
class Service:
    """``prefix`` is what our answers write it with; ``source`` where it is defined."""

    uri: str
    prefix: str
    source: str


OBJECTS = (
    Service(DOMAIN, "domain", "RFC 5731"),
    Service(HOST, "host", "RFC 5732"),
    Service(CONTACT, "contact", "RFC 5733"),
    Service(MAINTENANCE, "maint", "RFC 9167"),
)

EXTENSIONS = (
    Service(SECDNS, "secDNS", "RFC 5910"),
    Service(RGP, "rgp", "RFC 3915"),
    Service(LAUNCH, "launch", "RFC 8334"),
    Service(IDN, "idn", "draft-ietf-eppext-idnmap-02"),
    Service(BUNDLE, "b-dn", "RFC 9095"),
    Service(VERIFICATION, "verificationCode", "draft-ietf-regext-verificationcode-06"),
    Service(LOGIN_SECURITY, "loginSec", "RFC 8807"),
    Service(CHANGE_POLL, "changePoll", "RFC 8590"),
    Service(ALLOCATION, "allocationToken", "RFC 8495"),
    Service(TTL, "ttl", "RFC 9803"),
    Service(SECURE_AUTH, "", "RFC 9154"),  # a practice without elements of its own
    Service(UNHANDLED, "", "RFC 9038"),  # likewise
)

OBJECT_URIS = frozenset(service.uri for service in OBJECTS)
EXTENSION_URIS = frozenset(service.uri for service in EXTENSIONS)
PREFIXES = {service.uri: service.prefix for service in (*OBJECTS, *EXTENSIONS) if service.prefix} | {EPP: "epp"}
