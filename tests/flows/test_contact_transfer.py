"""Transfers of contacts (RFC 5733), their secrets, and statuses that the registry sets with a reason."""

from typing import Any

import pytest

from registry.flows.act import Caller
from registry.flows.contact.delete import DeleteContact, delete_contact
from registry.flows.contact.info import InfoContact, info_contact
from registry.flows.contact.settle import SettleContact, settle_contact
from registry.flows.contact.transfer import TransferContact, transfer_contact
from registry.flows.contact.update import UpdateContact, update_contact
from registry.flows.host.info import InfoHost, info_host
from registry.flows.host.update import UpdateHost, update_host
from registry.kernel.errors import Reason
from registry.model.contact import statuses_of
from tests.flows.world import STRONG, A, B, C, World
from tests.kit.clock import FakeClock

CONTACT = "c-1"
JOB = Caller("job", "settle-due")
OPERATOR = Caller("person", "operator", may_override=True)


def order(operation: str, auth: str | None = None) -> TransferContact:
    return TransferContact(operation, CONTACT, auth)  # type: ignore[arg-type]  # a word of the test's tables


@pytest.fixture
async def offered(world: World) -> World:
    """A contact of A whose secret B knows."""
    await world.do(A, update_contact, UpdateContact(CONTACT, auth=STRONG))
    return world


async def told(world: World, registrar: str) -> list[tuple[str, str]]:
    rows = await world.runner.db.fetch(
        "select kind, payload ->> 'status' as status from poll_message where registrar_id = $1 order by id", registrar
    )
    return [(row["kind"], row["status"]) for row in rows]


async def test_a_contact_moves_when_its_sponsor_agrees(offered: World) -> None:
    """Asked for with the secret it is pending and bound; then it is the other registrar's, without a secret; both are told."""
    assert (await offered.do(B, transfer_contact, order("request", STRONG))).status == "pending"
    assert "pendingTransfer" in statuses_of(await offered.do(A, info_contact, InfoContact(CONTACT)))
    await offered.refused(A, update_contact, UpdateContact(CONTACT, email="x@example.cn"), Reason.STATUS_FORBIDS)
    await offered.refused(A, delete_contact, DeleteContact(CONTACT), Reason.STATUS_FORBIDS)
    await offered.refused(B, transfer_contact, order("request", STRONG), Reason.TRANSFER_PENDING)
    assert (await offered.do(A, transfer_contact, order("approve"))).status == "clientApproved"
    moved = await offered.do(B, info_contact, InfoContact(CONTACT))
    assert (moved.registrar_id, moved.auth_hash, moved.transfer) == (B, "", None)
    await offered.refused(A, info_contact, InfoContact(CONTACT, STRONG), Reason.AUTHINFO_WRONG)
    assert await told(offered, A) == [("contact.transfer", "pending"), ("contact.transfer", "clientApproved")]
    assert await told(offered, B) == [("contact.transfer", "clientApproved")]


async def test_a_transfer_nobody_answers_is_done_by_time(offered: World, clock: FakeClock) -> None:
    """After five days it is so for whoever looks, and the job writes it down once and tells both."""
    await offered.do(B, transfer_contact, order("request", STRONG))
    await clock.move(days=5)
    assert (await offered.do(B, info_contact, InfoContact(CONTACT))).registrar_id == B
    assert await offered.do(JOB, settle_contact, SettleContact(CONTACT))
    assert not await offered.do(JOB, settle_contact, SettleContact(CONTACT))
    assert (await told(offered, A))[-1] == (await told(offered, B))[-1] == ("contact.transfer", "serverApproved")


@pytest.mark.parametrize(
    ("who", "operation", "status"),
    [(A, "reject", "clientRejected"), (B, "cancel", "clientCancelled"), (OPERATOR, "reject", "serverCancelled")],
)
async def test_a_transfer_can_end_without_a_move(offered: World, who: Any, operation: str, status: str) -> None:
    """Rejected by the sponsor, cancelled by who asked, or ended by the registry: the contact stays, the other side is told."""
    await offered.do(B, transfer_contact, order("request", STRONG))
    assert (await offered.do(who, transfer_contact, order(operation))).status == status
    assert (await offered.do(A, info_contact, InfoContact(CONTACT))).registrar_id == A
    assert (await told(offered, A if who == B else B))[-1] == ("contact.transfer", status)


async def test_who_may_not_is_refused(offered: World) -> None:
    """No secret, a wrong one, one's own contact, the wrong side, nothing pending, a status that forbids, no such contact."""
    await offered.refused(A, transfer_contact, order("request", STRONG), Reason.NOT_TRANSFERABLE)
    await offered.refused(B, transfer_contact, order("request"), Reason.AUTHINFO_WRONG)
    await offered.refused(B, transfer_contact, order("request", STRONG + "x"), Reason.AUTHINFO_WRONG)
    for operation in ("query", "approve", "reject", "cancel"):
        await offered.refused(A, transfer_contact, order(operation), Reason.TRANSFER_NOT_PENDING)
    await offered.do(A, update_contact, UpdateContact(CONTACT, add_statuses=("clientTransferProhibited",)))
    await offered.refused(B, transfer_contact, order("request", STRONG), Reason.STATUS_FORBIDS)
    await offered.do(A, update_contact, UpdateContact(CONTACT, rem_statuses=("clientTransferProhibited",)))
    await offered.do(B, transfer_contact, order("request", STRONG))
    await offered.refused(B, transfer_contact, order("approve"), Reason.NOT_PERMITTED)
    await offered.refused(A, transfer_contact, order("cancel"), Reason.NOT_PERMITTED)
    await offered.refused(C, transfer_contact, order("query"), Reason.AUTHINFO_WRONG)
    assert (await offered.do(C, transfer_contact, order("query", STRONG))).status == "pending"
    await offered.refused(B, transfer_contact, TransferContact("request", "c-none", STRONG), Reason.NOT_FOUND)


async def test_the_secret_of_a_contact_ends(offered: World, clock: FakeClock) -> None:
    """Thirty days after it was set it opens nothing (RFC 9154 section 4.3)."""
    await clock.move(days=29)
    assert await offered.do(B, info_contact, InfoContact(CONTACT, STRONG))
    await clock.move(days=1)
    await offered.refused(B, info_contact, InfoContact(CONTACT, STRONG), Reason.AUTHINFO_WRONG)
    await offered.refused(B, transfer_contact, order("request", STRONG), Reason.AUTHINFO_WRONG)


async def test_the_registry_sets_statuses_with_a_reason(world: World) -> None:
    """Of contacts and hosts: the sponsor sees the reason, is told who and why, and cannot take it off."""
    await world.host("ns1.rst.icann")
    status, why = ("serverUpdateProhibited",), "公安协查"
    await world.do(OPERATOR, update_contact, UpdateContact(CONTACT, add_statuses=status, reason=why))
    await world.do(OPERATOR, update_host, UpdateHost("ns1.rst.icann", add_statuses=status, reason=why))
    contact = await world.do(A, info_contact, InfoContact(CONTACT))
    host = await world.do(A, info_host, InfoHost("ns1.rst.icann"))
    assert contact.status_reasons == host.status_reasons == {"serverUpdateProhibited": "公安协查"}
    locked: tuple[tuple[Any, Any], ...] = (
        (update_contact, UpdateContact(CONTACT, email="x@example.cn")),
        (update_host, UpdateHost("ns1.rst.icann", add_statuses=("clientDeleteProhibited",))),
    )
    for flow, change in locked:
        await world.refused(A, flow, change, Reason.STATUS_FORBIDS)
    rows = await world.runner.db.fetch("select kind, payload from poll_message where registrar_id = $1 order by id", A)
    assert [(row["kind"], row["payload"]["who"], row["payload"]["reason"]) for row in rows] == [
        ("contact.changed", "person:operator", "公安协查"),
        ("host.changed", "person:operator", "公安协查"),
    ]
    await world.do(OPERATOR, update_contact, UpdateContact(CONTACT, rem_statuses=status, reason="解除"))
    assert (await world.do(A, info_contact, InfoContact(CONTACT))).status_reasons == {}
