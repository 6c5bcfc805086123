"""Accounts of registrars: creating, certificates, logging in, passwords, REST clients."""

import asyncio
from datetime import timedelta

import pytest

from registry.flows.act import Caller
from registry.flows.registrar import password
from registry.flows.registrar.api_client import CreateApiClient, authenticate_api_client, create_api_client
from registry.flows.registrar.authenticate import Authenticate, authenticate
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.change_password import ChangePassword, change_password
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import RegistrarStatus
from tests.flows.world import PASSWORD, A, B, World
from tests.kit.clock import FakeClock

OPERATOR = Caller("person", "operator", may_override=True)
KEY_A, KEY_B = bytes(range(32)), bytes(range(1, 33))


async def bound(world: World, registrar: str = A, key: bytes = KEY_A, days: int = 90) -> None:
    until = world.runner.clock.now() + timedelta(days=days)
    await world.do(OPERATOR, bind_certificate, BindCertificate(registrar, key, f"CN={registrar}", until))


async def refuses(world: World, registrar: str, password: str, key: bytes | None) -> str:
    with pytest.raises(Refusal) as caught:
        await authenticate(world.runner, Authenticate(registrar, password, key))
    assert caught.value.reason is Reason.CREDENTIALS_WRONG
    return caught.value.text.en


async def test_id_password_and_key_must_belong_together(world: World) -> None:
    """RST epp-03: five of six logins are refused, in one and the same sentence; the one with all three right passes."""
    await bound(world)
    await bound(world, B, KEY_B)
    said = {
        await refuses(world, "registrar-x", PASSWORD, KEY_A),
        await refuses(world, A, "wrong-password", KEY_A),
        await refuses(world, A, PASSWORD, bytes(32)),
        await refuses(world, A, PASSWORD, KEY_B),
        await refuses(world, A, PASSWORD, None),
    }
    assert len(said) == 1
    found = await authenticate(world.runner, Authenticate(A, PASSWORD, KEY_A))
    assert (found.id, found.status) == (A, RegistrarStatus.ACTIVE)
    assert "argon2" not in repr(found)


async def test_an_unknown_account_costs_the_same_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether an account exists cannot be told from the work of the refusal: one hash of the same cost either way."""
    await bound(world)
    hashed: list[str] = []
    verify = password._HASHER.__class__.verify

    def counted(hasher: object, stored: str, given: str) -> bool:
        hashed.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, stored, given)  # type: ignore[arg-type]  # the hasher itself

    monkeypatch.setattr(password._HASHER.__class__, "verify", counted)
    for registrar in (A, "registrar-x"):
        await refuses(world, registrar, "wrong-password", KEY_A)

    assert len(hashed) == 2
    assert hashed[0] == hashed[1]


async def test_a_login_holds_no_connection_while_it_hashes(world: World) -> None:
    """Sixty logins at once, three times as many as the pool has connections, leave it free for others."""
    await bound(world)
    logins = [asyncio.create_task(authenticate(world.runner, Authenticate(A, PASSWORD, KEY_A))) for _ in range(60)]
    await asyncio.sleep(0.05)
    assert await asyncio.wait_for(world.runner.db.fetchval("select 1"), 30) == 1
    assert {one.id for one in await asyncio.gather(*logins)} == {A}


async def test_a_certificate_speaks_until_it_ends_and_beside_others(world: World, clock: FakeClock) -> None:
    """Keys overlap while they are rotated; an ended certificate and a revoked key speak no more; a renewed one does again."""
    await bound(world, days=10)
    await bound(world, key=KEY_B, days=100)
    await clock.move(days=11)
    await refuses(world, A, PASSWORD, KEY_A)
    assert (await authenticate(world.runner, Authenticate(A, PASSWORD, KEY_B))).id == A
    await bound(world, days=10)
    assert (await authenticate(world.runner, Authenticate(A, PASSWORD, KEY_A))).id == A
    await world.runner.db.execute("update registrar_certificate set revoked_at = now() where spki_sha256 = $1", KEY_A)
    await refuses(world, A, PASSWORD, KEY_A)
    assert (await world.kinds(A))[-1] == "registrar.certificate_bound"


async def test_a_binding_needs_a_registrar_and_a_sha_256(world: World) -> None:
    """An unknown registrar is not found; a hash of another length is none."""
    until = world.runner.clock.now()
    await world.refused(OPERATOR, bind_certificate, BindCertificate("nobody", KEY_A, "CN=x", until), Reason.NOT_FOUND)
    await world.refused(OPERATOR, bind_certificate, BindCertificate(A, b"short", "CN=x", until), Reason.VALUE_INVALID)


@pytest.mark.parametrize(
    ("status", "enters"), [("pending", False), ("active", True), ("suspended", True), ("terminated", False)]
)
async def test_the_state_of_an_account_says_who_enters(world: World, status: str, enters: bool) -> None:
    """Active and suspended registrars log in, pending and terminated ones do not, and are not told why."""
    await bound(world)
    client = await world.do(OPERATOR, create_api_client, CreateApiClient(A))
    await world.runner.db.execute("update registrar set status = $2 where id = $1", A, status)
    if enters:
        assert (await authenticate(world.runner, Authenticate(A, PASSWORD, KEY_A))).id == A
        assert (
            await world.do(
                OPERATOR, lambda act, one: authenticate_api_client(act, *one), (client.client_id, client.secret)
            )
            == A
        )
    else:
        await refuses(world, A, PASSWORD, KEY_A)
        await world.refused(
            OPERATOR, lambda act, one: authenticate_api_client(act, *one), (client.client_id, client.secret), Reason.CREDENTIALS_WRONG
        )  # fmt: skip


async def test_a_new_password_replaces_the_old(world: World) -> None:
    """From the next login on; too short or too long is refused, an unknown account not found, nothing is told back."""
    await bound(world)
    caller = Caller("registrar", A)
    await world.do(caller, change_password, ChangePassword(A, "another-password"))
    await refuses(world, A, PASSWORD, KEY_A)
    assert (await authenticate(world.runner, Authenticate(A, "another-password", KEY_A))).id == A
    for bad in ("", "short", "x" * 129):
        refusal = await world.refused(caller, change_password, ChangePassword(A, bad), Reason.VALUE_OUT_OF_RANGE)
        assert refusal.value == ""
    await world.refused(caller, change_password, ChangePassword("nobody", "another-password"), Reason.NOT_FOUND)
    assert "another-password" not in await world.runner.db.fetchval(
        "select string_agg(snapshot::text, '') from history"
    )


async def test_an_account_needs_an_identifier_a_name_and_a_password(world: World) -> None:
    """Each is checked; an id, and an IANA id, is given once; the new registrar is active and on record."""
    for order, reason in (
        (CreateRegistrar("x", "名称", PASSWORD), Reason.SYNTAX_INVALID),
        (CreateRegistrar("registrar-n", " ", PASSWORD), Reason.VALUE_INVALID),
        (CreateRegistrar("registrar-n", "名" * 256, PASSWORD), Reason.VALUE_INVALID),
        (CreateRegistrar("registrar-n", "名称", "short"), Reason.VALUE_OUT_OF_RANGE),
        (CreateRegistrar(A, "名称", PASSWORD), Reason.ALREADY_EXISTS),
    ):
        await world.refused(OPERATOR, create_registrar, order, reason)
    made = await world.do(OPERATOR, create_registrar, CreateRegistrar("registrar-n", " 新注册商 ", PASSWORD, 9998))
    assert (made.name, made.status, made.iana_id) == ("新注册商", RegistrarStatus.ACTIVE, 9998)
    assert await world.kinds("registrar-n") == ["registrar.created"]
    twin = CreateRegistrar("registrar-m", "名称", PASSWORD, 9998)
    await world.refused(OPERATOR, create_registrar, twin, Reason.ALREADY_EXISTS)


async def test_a_rest_client_is_known_by_its_secret_alone(world: World) -> None:
    """Id and secret open the registrar's door; a wrong one, an unknown id and a revoked client do not."""
    client = await world.do(OPERATOR, create_api_client, CreateApiClient(A))

    async def knock(client_id: str, secret: str) -> str:
        return await world.do(OPERATOR, lambda act, one: authenticate_api_client(act, *one), (client_id, secret))

    async def refuse(client_id: str, secret: str) -> None:
        pair = (client_id, secret)
        await world.refused(
            OPERATOR, lambda act, one: authenticate_api_client(act, *one), pair, Reason.CREDENTIALS_WRONG
        )

    assert await knock(client.client_id, client.secret) == A
    await refuse(client.client_id, client.secret + "x")
    await refuse(client.client_id, "")
    await refuse("nobody", client.secret)
    await refuse("nobody", "nobody")
    await world.runner.db.execute("update api_client set revoked_at = now()")
    await refuse(client.client_id, client.secret)
    await world.refused(OPERATOR, create_api_client, CreateApiClient("nobody"), Reason.NOT_FOUND)
    given = await world.do(OPERATOR, create_api_client, CreateApiClient(B, "demo-b", "demo-secret-of-b"))
    assert await knock(given.client_id, given.secret) == B
