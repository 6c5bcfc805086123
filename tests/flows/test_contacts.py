"""Contacts by RFC 5733 and the rows of RST epp-06 to epp-10."""

from dataclasses import replace

from registry.flows.contact.check import CheckContacts, check_contacts
from registry.flows.contact.create import CreateContact, create_contact
from registry.flows.contact.delete import DeleteContact, delete_contact
from registry.flows.contact.info import InfoContact, info_contact
from registry.flows.contact.update import UpdateContact, update_contact
from registry.kernel.errors import Reason
from registry.model.contact import Disclose, Phone, Postal, statuses_of
from tests.flows.world import CHINESE, EMAIL, LATIN, STRONG, WEAK, A, B, World

LOCK = ("clientUpdateProhibited",)


def order(**fields: object) -> CreateContact:
    return replace(CreateContact("new-1", {"int": LATIN}, EMAIL), **fields)  # type: ignore[arg-type]


async def test_what_was_created_is_what_info_tells(world: World) -> None:
    """A contact comes back exactly as it was sent, with a ROID of the form of RFC 5730 and the status ok."""
    disclose = Disclose(flag=False, elements=frozenset({"voice", "name:loc"}))
    sent = order(
        postal={"int": LATIN, "loc": CHINESE}, voice=Phone("+86.1062770334", "8"), fax=Phone("+1.5"), disclose=disclose
    )
    created = await world.do(A, create_contact, sent)
    found = await world.do(A, info_contact, InfoContact("new-1"))

    assert (found.id, found.postal, found.voice, found.fax, found.email, found.disclose) == (
        "new-1", {"int": LATIN, "loc": CHINESE}, Phone("+86.1062770334", "8"), Phone("+1.5"), EMAIL, disclose,
    )  # fmt: skip
    assert created.roid.startswith("C")
    assert created.roid.endswith("-CONAC")
    assert found.roid == created.roid
    assert found.registrar_id == found.created_by == A
    assert found.created_at == created.created_at
    assert statuses_of(found) == {"ok"}
    assert await world.kinds(created.roid) == ["contact.created"]


BAD_POSTAL = [
    {"tni": LATIN}, {"": LATIN}, {"int": replace(LATIN, name="")}, {"int": replace(LATIN, name="n" * 256)},
    {"int": replace(LATIN, org="o" * 256)}, {"int": replace(LATIN, city="")}, {"int": replace(LATIN, city="c" * 256)},
    {"int": replace(LATIN, street=("s" * 256,))}, {"int": replace(LATIN, street=("1", "2", "3", "4"))},
    {"int": replace(LATIN, country="")}, {"int": replace(LATIN, country="XX")}, {"int": replace(LATIN, country="U")},
    {"int": replace(LATIN, country="USA")}, {"int": replace(LATIN, country="cn")}, {"int": replace(LATIN, postcode="1" * 17)},
    {"int": CHINESE}, {"loc": replace(CHINESE, province="省" * 256)}, {"loc": replace(CHINESE, name="\x07")},
]  # fmt: skip
BAD_NUMBERS = ["", "+12345", "+1111.1", "55", "+1.", "+1.123456789012345", "+1.a", "+a.1"]
BAD_EMAILS = [
    "",
    "example",
    "example.example",
    "@example.com",
    "@",
    "a" * 65 + "@example.com",
    "a@b",
    "a b@example.com",
]


async def test_a_bad_address_is_refused(world: World) -> None:
    """Every address that RST epp-07 and epp-09 refuse is refused at creation and at update."""
    for postal in BAD_POSTAL:
        await world.refused(A, create_contact, order(postal=postal), Reason.VALUE_INVALID)
        await world.refused(A, update_contact, UpdateContact("c-1", postal=postal), Reason.VALUE_INVALID)


async def test_a_bad_telephone_number_is_refused(world: World) -> None:
    """Numbers that are not +CC.NUMBER are refused; an element that is there but empty too, except where it removes."""
    for number in BAD_NUMBERS:
        await world.refused(A, create_contact, order(voice=Phone(number)), Reason.VALUE_INVALID)
        await world.refused(A, create_contact, order(fax=Phone(number)), Reason.VALUE_INVALID)
        if number:
            await world.refused(A, update_contact, UpdateContact("c-1", voice=Phone(number)), Reason.VALUE_INVALID)


async def test_a_bad_email_is_refused(world: World) -> None:
    """What is no address of RFC 5322 is refused at creation and at update."""
    for email in BAD_EMAILS:
        await world.refused(A, create_contact, order(email=email), Reason.VALUE_INVALID)
        await world.refused(A, update_contact, UpdateContact("c-1", email=email), Reason.VALUE_INVALID)


async def test_a_bad_identifier_is_refused(world: World) -> None:
    """Identifiers have 3 to 16 plain characters; a check says that others are not available."""
    for identifier in ("", "ab", "a" * 17, "a b c", "-abc", "联系人一", "a/b/c", "abc\n"):
        await world.refused(A, create_contact, order(id=identifier), Reason.SYNTAX_INVALID)
        checked = await world.do(A, check_contacts, CheckContacts((identifier,)))
        assert not checked[identifier].available


async def test_all_that_is_wrong_with_an_address_is_told(world: World) -> None:
    """A refusal lists every problem, not only the first."""
    refusal = await world.refused(A, create_contact, order(postal={"int": Postal("", "", "XX")}), Reason.VALUE_INVALID)
    assert [problem.where for problem in refusal.problems] == ["name", "city", "cc"]


async def test_a_contact_needs_an_address_and_a_free_identifier(world: World) -> None:
    """No postal information is a missing parameter; an identifier in use is taken."""
    await world.refused(A, create_contact, order(postal={}), Reason.PARAMETER_MISSING)
    await world.refused(B, create_contact, order(id="c-1"), Reason.ALREADY_EXISTS)


async def test_a_weak_secret_is_refused_and_a_strong_one_never_told(world: World) -> None:
    """RFC 9154: fewer than 128 bits are refused; what is stored is a salted hash, and history holds not even that."""
    await world.refused(A, create_contact, order(auth=WEAK), Reason.POLICY_FORBIDS)
    await world.refused(A, create_contact, order(auth="a" * 40), Reason.POLICY_FORBIDS)
    await world.do(A, create_contact, order(auth=STRONG))
    stored = await world.runner.db.fetchval("select auth_hash from contact where id = 'new-1'")
    told = await world.runner.db.fetchval("select string_agg(snapshot::text, '') from history")

    assert stored.startswith("sha256$")
    assert STRONG not in stored
    assert STRONG not in told
    assert stored not in told


async def test_only_the_sponsor_sees_and_changes_a_contact(world: World) -> None:
    """RST epp-08: info, update and delete by another registrar are refused with 2201; the right secret opens info."""
    await world.refused(B, info_contact, InfoContact("c-1"), Reason.NOT_PERMITTED)
    await world.refused(B, info_contact, InfoContact("c-1", ""), Reason.NOT_PERMITTED)
    await world.refused(B, info_contact, InfoContact("c-1", STRONG), Reason.AUTHINFO_WRONG)
    await world.refused(B, update_contact, UpdateContact("c-1", email="x@example.cn"), Reason.NOT_PERMITTED)
    await world.refused(B, delete_contact, DeleteContact("c-1"), Reason.NOT_PERMITTED)
    await world.do(A, update_contact, UpdateContact("c-1", auth=STRONG))

    assert (await world.do(B, info_contact, InfoContact("c-1", STRONG))).id == "c-1"
    await world.do(A, update_contact, UpdateContact("c-1", auth=""))
    await world.refused(B, info_contact, InfoContact("c-1", STRONG), Reason.AUTHINFO_WRONG)


async def test_an_unknown_contact_is_not_found(world: World) -> None:
    """Info, update and delete say 2303."""
    await world.refused(A, info_contact, InfoContact("nobody"), Reason.NOT_FOUND)
    await world.refused(A, update_contact, UpdateContact("nobody", email=EMAIL), Reason.NOT_FOUND)
    await world.refused(A, delete_contact, DeleteContact("nobody"), Reason.NOT_FOUND)


async def test_an_update_changes_what_it_names_and_nothing_else(world: World) -> None:
    """One postal form is replaced and the other stays; an empty number is removed; history has the new state."""
    moved = replace(LATIN, city="Tianjin")
    before = await world.do(A, info_contact, InfoContact("c-1"))
    await world.do(
        A, update_contact, UpdateContact("c-1", postal={"int": moved}, voice=Phone(), email="new@example.cn")
    )
    after = await world.do(A, info_contact, InfoContact("c-1"))

    assert after.postal == {"int": moved, "loc": CHINESE}
    assert after.voice == Phone()
    assert after.email == "new@example.cn"
    assert after.fax == before.fax
    assert after.updated_by == A
    assert await world.kinds(after.roid) == ["contact.created", "contact.updated"]
    await world.refused(A, update_contact, UpdateContact("c-1"), Reason.PARAMETER_MISSING)


async def test_statuses_follow_the_table_of_rst(world: World) -> None:
    """RST epp-09: adding twice and removing what is absent are errors; a lock allows its own removal alone."""

    async def add(*statuses: str) -> None:
        await world.do(A, update_contact, UpdateContact("c-1", add_statuses=statuses))

    async def rem(*statuses: str) -> None:
        await world.do(A, update_contact, UpdateContact("c-1", rem_statuses=statuses))

    async def no_add(status: str, reason: Reason) -> None:
        await world.refused(A, update_contact, UpdateContact("c-1", add_statuses=(status,)), reason)

    async def no_rem(status: str, reason: Reason) -> None:
        await world.refused(A, update_contact, UpdateContact("c-1", rem_statuses=(status,)), reason)

    await add(*LOCK)
    await no_add(LOCK[0], Reason.STATUS_FORBIDS)
    await world.refused(
        A, update_contact, UpdateContact("c-1", rem_statuses=LOCK, email="x@example.cn"), Reason.STATUS_FORBIDS
    )
    await rem(*LOCK)
    await add("clientDeleteProhibited")
    await no_add("clientDeleteProhibited", Reason.POLICY_FORBIDS)
    await world.refused(A, delete_contact, DeleteContact("c-1"), Reason.STATUS_FORBIDS)
    for status in ("clientHold", "linked", "ok", "pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate",
                   "serverDeleteProhibited", "serverUpdateProhibited", "invalidStatusCode"):  # fmt: skip
        await no_add(status, Reason.VALUE_INVALID)
        await no_rem(status, Reason.VALUE_INVALID)
    await no_rem("clientUpdateProhibited", Reason.POLICY_FORBIDS)
    await rem("clientDeleteProhibited")
    await no_rem("clientDeleteProhibited", Reason.POLICY_FORBIDS)
    assert statuses_of(await world.do(A, info_contact, InfoContact("c-1"))) == {"ok"}


async def test_a_server_lock_stops_the_sponsor(world: World) -> None:
    """What the registry has locked, its sponsor neither updates nor deletes."""
    await world.runner.db.execute("update contact set statuses = '{serverUpdateProhibited,serverDeleteProhibited}'")
    await world.refused(A, update_contact, UpdateContact("c-1", email=EMAIL), Reason.STATUS_FORBIDS)
    await world.refused(A, delete_contact, DeleteContact("c-1"), Reason.STATUS_FORBIDS)


async def test_a_contact_in_use_stays(world: World) -> None:
    """RST epp-15: a contact that a domain uses is linked and cannot be deleted; free again, it can, and info is 2303."""
    await world.contact("c-2")
    await world.domain("name.zz--main-1234", contacts=frozenset({("tech", "c-2")}))
    for identifier in ("c-1", "c-2"):
        assert statuses_of(await world.do(A, info_contact, InfoContact(identifier))) == {"ok", "linked"}
        await world.refused(A, delete_contact, DeleteContact(identifier), Reason.LINKED)
    await world.contact("c-3")
    await world.do(A, delete_contact, DeleteContact("c-3"))
    await world.refused(A, info_contact, InfoContact("c-3"), Reason.NOT_FOUND)


async def test_a_check_tells_free_taken_and_impossible(world: World) -> None:
    """Answers come under the identifiers as asked; every reason fits the 32 characters of the schema."""
    checked = await world.do(A, check_contacts, CheckContacts(("c-1", "free-1", "!")))

    assert [one.available for one in checked.values()] == [False, True, False]
    reasons = [one.reason for one in checked.values() if one.reason]
    assert len(reasons) == 2
    assert all(max(len(reason.zh), len(reason.en)) <= 32 for reason in reasons)


async def test_a_suspended_registrar_creates_nothing(world: World) -> None:
    """A suspended registrar may look, and may not create."""
    await world.runner.db.execute("update registrar set status = 'suspended' where id = $1", A)
    await world.refused(A, create_contact, order(), Reason.NOT_PERMITTED)
    assert (await world.do(A, info_contact, InfoContact("c-1"))).id == "c-1"
