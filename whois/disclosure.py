"""Who may see what: the one disclosure policy of port 43, RDAP and the web (pure).

The rule in one sentence: a public body is shown in full, a person is not shown at all.

* A name held by a public body shows the body as its registrant, with what the establishment database says of it (legal name,
  code, place, address, telephone). The registrant contact that a registrar keeps beside it names a person at that body, so
  nothing of it is shown but its ROID.
* A contact, whether registrant of a test name or technical contact, shows province and country. Its other elements are shown
  only when the contact itself allows them (RFC 5733, section 2.9, ``disclose`` with ``flag`` true).
* Administrative and billing contacts are not shown, as ICANN's Registration Data Policy (2024) asks; that they exist is said.
* Whoever is entitled to more (the body itself, the registrar of record, an authority that gave its reason) sees everything.

Whatever is not shown is named in ``hidden``, so that every door can say that something is withheld (RFC 9537). That counts for the
data that ICANN's profile wants of a registrant and a technical contact even when we hold none: silence would look like a gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry.published.records import BodyRecord, ContactRecord, DomainRecord, Phone, Postal

COUNTRY = "CN"  # every public body that holds a name lies in China (NAME-POLICY: the holder is in the 名录库)
NO_PHONE = Phone()


class Viewer(StrEnum):
    """Who asks. A door that cannot tell asks as ``PUBLIC``."""

    PUBLIC = "public"
    HOLDER = "holder"
    REGISTRAR = "registrar"
    AUTHORITY = "authority"


class Role(StrEnum):
    """What a party is to a name. The values are RDAP's (RFC 9083, section 10.2.4)."""

    REGISTRANT = "registrant"
    TECHNICAL = "technical"


class Datum(StrEnum):
    """What can be hidden. The values are the words of the RDAP redaction names (response profile of February 2024)."""

    ID = "ID"
    NAME = "Name"
    ORGANIZATION = "Organization"
    STREET = "Street"
    CITY = "City"
    POSTAL_CODE = "Postal Code"
    PHONE = "Phone"
    PHONE_EXT = "Phone Ext"
    FAX = "Fax"
    FAX_EXT = "Fax Ext"
    EMAIL = "Email"


# What the profile expects of each role: hidden when it is not there to be shown.
EXPECTED: dict[Role, frozenset[Datum]] = {
    Role.REGISTRANT: frozenset(
        {Datum.ID, Datum.NAME, Datum.STREET, Datum.CITY, Datum.POSTAL_CODE, Datum.PHONE, Datum.EMAIL}
    ),
    Role.TECHNICAL: frozenset({Datum.ID, Datum.NAME, Datum.PHONE, Datum.EMAIL}),
}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody as a viewer sees him; what is empty is not shown. ``body`` is the public body behind it, if any."""

    role: Role
    body: BodyRecord | None = None
    handle: str = ""
    name: str = ""
    organization: str = ""
    street: tuple[str, ...] = ()
    city: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""
    phone: Phone = NO_PHONE
    fax: Phone = NO_PHONE
    email: str = ""
    hidden: tuple[Datum, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a viewer sees of the people of a name. ``silent`` are the kinds of contacts that exist and are left out."""

    registrant: Party | None
    technical: tuple[Party, ...]
    silent: tuple[str, ...]

    @property
    def parties(self) -> tuple[Party, ...]:
        """All that are shown, the registrant first."""
        return (*((self.registrant,) if self.registrant else ()), *self.technical)


def people_of(record: DomainRecord, viewer: Viewer = Viewer.PUBLIC) -> Shown:
    """The registrant and the technical contacts of a name as ``viewer`` may see them."""
    technical = tuple(_contact(Role.TECHNICAL, contact, viewer) for kind, contact in record.contacts if kind == "tech")
    silent = sorted({kind for kind, _ in record.contacts if kind != "tech"})
    return Shown(_registrant(record, viewer), technical, tuple(silent))


def contact_of(contact: ContactRecord, viewer: Viewer = Viewer.PUBLIC) -> Party:
    """A contact that is asked for by its ROID."""
    return _contact(Role.REGISTRANT, contact, viewer)


def _registrant(record: DomainRecord, viewer: Viewer) -> Party | None:
    if record.body is not None:
        return _body(record.body, record.registrant)
    return _contact(Role.REGISTRANT, record.registrant, viewer) if record.registrant else None


def _body(body: BodyRecord, contact: ContactRecord | None) -> Party:
    shown = Party(
        role=Role.REGISTRANT,
        body=body,
        handle=contact.roid if contact else "",
        name=body.name,
        organization=body.name,
        street=(body.address,) if body.address else (),
        city=_city(body),
        province=body.places[0].name if body.places else "",
        country=COUNTRY,
        phone=Phone(body.phone),
    )
    return _with_hidden(shown, ())


def _city(body: BodyRecord) -> str:
    """The city of a body; a municipality (北京市) is province and city at once."""
    if not body.places:
        return ""
    cities = [place.name for place in body.places if place.code.endswith("00") and not place.code.endswith("0000")]
    province = body.places[0].name
    return cities[0] if cities else province if province.endswith("市") else ""


def _contact(role: Role, contact: ContactRecord, viewer: Viewer) -> Party:
    form, postal = _postal(contact)
    allowed = _allowed(contact, viewer)
    whole = Party(
        role=role,
        handle=contact.roid,
        name=postal.name,
        organization=postal.org,
        street=postal.street,
        city=postal.city,
        province=postal.province,
        postal_code=postal.postcode,
        country=postal.country,
        phone=contact.voice,
        fax=contact.fax,
        email=contact.email,
    )
    if allowed is None:
        return _with_hidden(whole, ())
    return _reduced(whole, {datum for datum, elements in _ELEMENTS.items() if _is_listed(elements, form, allowed)})


# The element of RFC 5733 that allows each datum; with a colon and the form where there are two forms.
_ELEMENTS: dict[Datum, str] = {
    Datum.NAME: "name",
    Datum.ORGANIZATION: "org",
    Datum.STREET: "addr",
    Datum.CITY: "addr",
    Datum.POSTAL_CODE: "addr",
    Datum.PHONE: "voice",
    Datum.FAX: "fax",
    Datum.EMAIL: "email",
}


def _is_listed(element: str, form: str, allowed: frozenset[str]) -> bool:
    return element in allowed or f"{element}:{form}" in allowed


def _allowed(contact: ContactRecord, viewer: Viewer) -> frozenset[str] | None:
    """The elements that may be shown; None for all of them."""
    if viewer is not Viewer.PUBLIC:
        return None
    return contact.disclose.elements if contact.disclose and contact.disclose.flag else frozenset()


def _postal(contact: ContactRecord) -> tuple[str, Postal]:
    """The Chinese form before the ASCII one."""
    for form in ("loc", "int"):
        if form in contact.postal:
            return form, contact.postal[form]
    return "loc", Postal(name="", city="", country="")


def _reduced(whole: Party, shown: set[Datum]) -> Party:
    """The party with everything taken out that is not shown."""
    reduced = Party(
        role=whole.role,
        handle=whole.handle,
        name=whole.name if Datum.NAME in shown else "",
        organization=whole.organization if Datum.ORGANIZATION in shown else "",
        street=whole.street if Datum.STREET in shown else (),
        city=whole.city if Datum.CITY in shown else "",
        province=whole.province,
        postal_code=whole.postal_code if Datum.POSTAL_CODE in shown else "",
        country=whole.country,
        phone=whole.phone if Datum.PHONE in shown else NO_PHONE,
        fax=whole.fax if Datum.FAX in shown else NO_PHONE,
        email=whole.email if Datum.EMAIL in shown else "",
    )
    before, after = set(_present(whole)), set(_present(reduced))
    return _with_hidden(reduced, before - after)


def _with_hidden(shown: Party, taken: Iterable[Datum]) -> Party:
    missing = EXPECTED[shown.role] - set(_present(shown))
    hidden = tuple(datum for datum in Datum if datum in missing or datum in set(taken))
    return Party(
        **{name: getattr(shown, name) for name in Party.__dataclass_fields__ if name != "hidden"}, hidden=hidden
    )


def _present(party: Party) -> Iterable[Datum]:
    values = {
        Datum.ID: party.handle,
        Datum.NAME: party.name,
        Datum.ORGANIZATION: party.organization,
        Datum.STREET: "".join(party.street),
        Datum.CITY: party.city,
        Datum.POSTAL_CODE: party.postal_code,
        Datum.PHONE: party.phone.number,
        Datum.PHONE_EXT: party.phone.extension,
        Datum.FAX: party.fax.number,
        Datum.FAX_EXT: party.fax.extension,
        Datum.EMAIL: party.email,
    }
    return (datum for datum, value in values.items() if value)
