"""Allocation tokens: a name that is set aside goes to who shows the token, once (RFC 8495)."""

import asyncio
from datetime import timedelta

import pytest

from registry.flows.act import Caller
from registry.flows.domain.check import NO_TOKEN, CheckDomains, check_domains
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.transfer import TransferDomain, transfer_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.token.issue import IssueToken, issue_token
from registry.flows.token.revoke import RevokeToken, revoke_token
from registry.flows.token.show import ShowTokens, show_tokens
from registry.kernel.errors import Reason, Refusal
from registry.store.tokens import Token
from tests.flows.world import STRONG, TEST, A, B, World
from tests.kit.clock import FakeClock

NAME = f"set-aside.{TEST}"
OPERATOR = Caller("person", "operator", may_override=True)


async def issued(world: World, **fields: object) -> Token:
    return await world.do(OPERATOR, issue_token, IssueToken(NAME, "活动专用", **fields))  # type: ignore[arg-type]  # keywords


def order(token: str = "", name: str = NAME) -> CreateDomain:
    return CreateDomain(name, registrant="c-1", token=token)


async def test_a_name_that_is_set_aside_wants_its_token(world: World) -> None:
    """Without the token, with another, or from a registrar that it is not for: NOT_PERMITTED; then it is used up with the name."""
    token = await issued(world, registrar_id=A)
    await world.refused(A, create_domain, order(), Reason.NOT_PERMITTED)
    await world.refused(A, create_domain, order("another-token-altogether"), Reason.NOT_PERMITTED)
    await world.refused(B, create_domain, order(token.token), Reason.NOT_PERMITTED)
    created = await world.do(A, create_domain, order(token.token))
    (listed,) = await world.do(OPERATOR, show_tokens, ShowTokens())
    assert (listed.used_by, listed.used_for) == (A, created.roid)
    await world.refused(B, create_domain, order(token.token, f"other.{TEST}"), Reason.NOT_PERMITTED)


async def test_a_check_says_whether_the_token_fits(world: World) -> None:
    """RFC 8495 section 3.1.1: free with the right token, "Allocation Token mismatch" with none or a wrong one."""
    token = await issued(world)
    free = f"free.{TEST}"
    for shown, is_free in (("", False), (token.token, True), ("wrong-token-entirely", False)):
        found = await world.do(A, check_domains, CheckDomains((NAME,), shown))
        assert found[NAME].available is is_free
        assert found[NAME].reason == (None if is_free else NO_TOKEN)
    assert (await world.do(A, check_domains, CheckDomains((free,))))[free].available
    assert not (await world.do(A, check_domains, CheckDomains((free,), token.token)))[free].available


async def test_a_token_is_used_once_however_many_show_it(world: World) -> None:
    """Ten clients show the token at once: one gets the name, and the token is used exactly once."""
    token = await issued(world)

    async def attempt(registrar: str) -> Reason | None:
        try:
            await world.do(registrar, create_domain, order(token.token))
        except Refusal as refusal:
            return refusal.reason
        return None

    outcomes = await asyncio.gather(*(attempt(A if number % 2 else B) for number in range(10)))
    assert outcomes.count(None) == 1
    assert set(outcomes) <= {None, Reason.NOT_PERMITTED, Reason.ALREADY_EXISTS}
    assert await world.runner.db.fetchval("select count(*) from history where act = 'token.used'") == 1


async def test_a_token_of_a_create_that_fails_is_unused(world: World) -> None:
    """Whatever the create is refused for, the token is as good as before."""
    token = await issued(world)
    await world.refused(A, create_domain, CreateDomain(NAME, registrant="c-none", token=token.token), Reason.NOT_FOUND)
    assert await world.do(A, create_domain, order(token.token))


async def test_a_token_has_its_time(world: World, clock: FakeClock) -> None:
    """Before it begins and after it ends it neither opens nor holds the name."""
    later = await issued(world, valid_from=clock.now() + timedelta(days=1), days=2)
    await world.refused(A, create_domain, order(later.token), Reason.NOT_PERMITTED)
    await clock.move(days=2)
    await world.refused(A, create_domain, order(), Reason.NOT_PERMITTED)
    await clock.move(days=1)
    await world.refused(A, create_domain, order(later.token), Reason.NOT_PERMITTED)
    assert await world.do(B, create_domain, order())


async def test_a_token_can_be_revoked_until_it_is_used(world: World) -> None:
    """Then the name is everybody's again, and the token opens nothing."""
    token = await issued(world)
    await world.refused(A, revoke_token, RevokeToken(token.id, "误发"), Reason.NOT_PERMITTED)
    await world.do(OPERATOR, revoke_token, RevokeToken(token.id, "误发"))
    await world.refused(OPERATOR, revoke_token, RevokeToken(token.id, "误发"), Reason.STATUS_FORBIDS)
    await world.refused(A, create_domain, order(token.token), Reason.NOT_PERMITTED)
    assert await world.do(A, create_domain, order())


async def test_a_transfer_can_want_a_token(world: World) -> None:
    """While one for the transfer is alive the request wants it; the sponsor may ask for it (RFC 8495 section 3.1.2)."""
    await world.domain(NAME)
    await world.do(A, update_domain, UpdateDomain(NAME, auth=STRONG))
    await world.refused(A, info_domain, InfoDomain(NAME, wants_token=True), Reason.NOT_FOUND)
    token = await issued(world, act="transfer")
    assert (await world.do(A, info_domain, InfoDomain(NAME, wants_token=True))).token == token.token
    await world.refused(B, info_domain, InfoDomain(NAME, wants_token=True), Reason.NOT_PERMITTED)
    await world.refused(B, transfer_domain, TransferDomain("request", NAME, auth=STRONG), Reason.NOT_PERMITTED)
    asked = TransferDomain("request", NAME, auth=STRONG, token=token.token)
    assert (await world.do(B, transfer_domain, asked)).status == "pending"
    await world.refused(A, info_domain, InfoDomain(NAME, wants_token=True), Reason.NOT_FOUND)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": f"-bad-.{TEST}"}, Reason.NAME_INVALID),
        ({"name": "name.example"}, Reason.NAME_INVALID),
        ({"days": 0}, Reason.VALUE_OUT_OF_RANGE),
        ({"act": "renew"}, Reason.VALUE_INVALID),
        ({"registrar_id": "nobody"}, Reason.NOT_FOUND),
        ({"reason": " "}, Reason.PARAMETER_MISSING),
    ],
)
async def test_a_token_that_makes_no_sense_is_not_issued(
    world: World, fields: dict[str, object], reason: Reason
) -> None:
    """A name that cannot be, no days, an act without tokens, no such registrar, no reason."""
    said = IssueToken(**{"name": NAME, "reason": "x", **fields})  # type: ignore[arg-type]  # keywords
    await world.refused(OPERATOR, issue_token, said, reason)
    await world.refused(A, issue_token, IssueToken(NAME, "x"), Reason.NOT_PERMITTED)


async def test_no_secret_of_a_token_is_remembered(world: World) -> None:
    """Neither history nor audit nor the change feed holds the token, issued, used or refused."""
    token = await issued(world)
    await world.do(A, create_domain, order(token.token))
    for table, column in (("history", "snapshot"), ("audit_entry", "detail"), ("change", "detail")):
        rows = await world.runner.db.fetch(f"select {column}::text as said from {table}")
        assert not any(token.token in row["said"] for row in rows)
