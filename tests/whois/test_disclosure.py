"""The disclosure policy: pure, one for all doors."""

from dataclasses import replace

import pytest

from registry.kernel.db import Database
from registry.published import domains
from registry.published.records import DomainRecord
from tests.whois.world import PLAIN, TSINGHUA, UNIVERSITY
from whois.disclosure import Datum, Role, Viewer, people_of


async def record_of(db: Database, name: str) -> DomainRecord:
    found = await domains.find(db, name)
    assert isinstance(found, DomainRecord)
    return found


async def test_a_public_body_is_shown_and_its_contact_person_is_not(db: Database) -> None:
    """The registrant of an official name is the body itself; of the contact only its ROID is seen."""
    shown = people_of(await record_of(db, UNIVERSITY))

    registrant = shown.registrant
    assert registrant
    assert registrant.body
    assert (registrant.name, registrant.body.uscc) == ("清华大学", TSINGHUA)
    assert registrant.handle.startswith("C")
    assert not registrant.email
    assert not registrant.phone.number
    assert set(registrant.hidden) == {Datum.STREET, Datum.CITY, Datum.POSTAL_CODE, Datum.PHONE, Datum.EMAIL}


async def test_a_person_is_not_shown(db: Database) -> None:
    """Of a contact that is a person, only province and country remain, and every datum that was taken out is named."""
    shown = people_of(await record_of(db, PLAIN))

    registrant = shown.registrant
    assert registrant
    assert (registrant.name, registrant.organization, registrant.street, registrant.city) == ("", "", (), "")
    assert (registrant.province, registrant.country) == ("北京市", "CN")
    assert set(registrant.hidden) == set(Datum) - {Datum.ID, Datum.FAX_EXT}


async def test_a_contact_may_open_itself(db: Database) -> None:
    """What a contact allows by ``disclose`` is shown, the rest stays hidden."""
    (technical,) = people_of(await record_of(db, PLAIN)).technical

    assert (technical.name, technical.email, technical.phone.number) == ("值班台", "noc@open.example", "+86.1012345678")
    assert (technical.organization, technical.street) == ("", ())
    assert Datum.ORGANIZATION in technical.hidden
    assert Datum.NAME not in technical.hidden


async def test_other_contacts_are_only_known_to_exist(db: Database) -> None:
    """Administrative and billing contacts are left out and said to be left out."""
    shown = people_of(await record_of(db, UNIVERSITY))
    assert shown.silent == ("admin", "billing")
    assert {party.role for party in shown.parties} == {Role.REGISTRANT, Role.TECHNICAL}


@pytest.mark.parametrize("viewer", [Viewer.HOLDER, Viewer.REGISTRAR, Viewer.AUTHORITY])
async def test_who_is_entitled_sees_everything(db: Database, viewer: Viewer) -> None:
    """The body itself, the registrar of record and an authority see the contact whole."""
    registrant = people_of(await record_of(db, PLAIN), viewer).registrant
    assert registrant
    assert (registrant.name, registrant.email, registrant.phone.extension) == (
        "张晓明",
        "zhang.xiaoming@hidden.example",
        "47118294",
    )
    assert not set(registrant.hidden) & {Datum.NAME, Datum.EMAIL, Datum.PHONE}


async def test_a_name_without_people_shows_nobody(db: Database) -> None:
    """Without registrant and contacts there is nobody to show and nothing to hide."""
    record = replace(await record_of(db, PLAIN), registrant=None, contacts=())
    shown = people_of(record)
    assert shown.parties == ()
    assert shown.silent == ()
