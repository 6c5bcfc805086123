"""How much a registrar may do: sessions over all processes, commands a second, and what that costs."""

import asyncio
from dataclasses import replace

import pytest

from registry.epp.allowance import KEPT_SECONDS, Allowance
from registry.epp.places import Places
from registry.epp.server import EppServer
from registry.flows.registrar.lease import lease_commands
from registry.flows.registrar.limits import SetLimits, set_limits
from registry.flows.registrar.sessions import DEAD_AFTER
from registry.flows.registrar.standing import read_standing
from registry.flows.registrar.users import CreateUser, create_user
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Limits, Standing
from tests.epp import phrases as say
from tests.epp.tls_world import Door, login
from tests.epp.world import TEST_ZONE, build_world
from tests.kit.clock import FakeClock
from tests.registrars.place import OPERATOR, PASSWORD, A, B, act, ask, code_of, enter, soon

CHECK = say.named("domain", "check", f"free.{TEST_ZONE}")


async def standing_of(runner: Runner, login_id: str = A) -> Standing:
    found = await read_standing(runner, login_id, None)
    assert found
    return found


async def spent(runner: Runner, allowance: Allowance, login_id: str, tries: int) -> int:
    """How many of the tries were let through."""
    standing, through = await standing_of(runner, login_id), 0
    for _ in range(tries):
        try:
            await allowance.spend(standing)
        except Refusal as refusal:
            if refusal.reason is not Reason.RATE_LIMITED or not refusal.evidence["retry_after"]:
                raise
        else:
            through += 1
    return through


async def test_a_rate_holds_over_all_processes(runner: Runner, clock: FakeClock) -> None:
    """Three processes together let through the burst and then the rate, never more, however they take turns."""
    await build_world(runner)
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(rate=20.0, burst=40)))
    processes = [Allowance(runner) for _ in range(3)]
    through = sum([await spent(runner, process, A, 60) for process in processes])
    assert through == 40
    for second in range(1, 11):
        await clock.move(seconds=1)
        for process in processes:
            through += await spent(runner, process, A, 30)
        assert through <= 40 + 20 * second
    assert through >= 40 + 20 * 10 - 3 * 5


async def test_a_users_rate_is_its_own_and_below_the_registrars(runner: Runner) -> None:
    """A user over its rate is refused while another user of the registrar goes on; the registrar's bucket bounds both."""
    await build_world(runner)
    for user in ("clerk-1", "clerk-2"):
        await act(runner, A, create_user, CreateUser(A, user, PASSWORD))
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(rate=1.0, burst=8)))
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(rate=1.0, burst=2), "clerk-1"))
    allowance = Allowance(runner)
    assert await spent(runner, allowance, "clerk-1", 4) == 2
    assert 2 <= await spent(runner, allowance, "clerk-2", 20) <= 6


async def test_slices_keep_the_trips_few(runner: Runner, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand commands at a high rate cost a handful of trips to the database; without a rate they cost none."""
    await build_world(runner)
    trips = 0

    async def counted(*args: object) -> int:
        nonlocal trips
        trips += 1
        return await lease_commands(*args)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr("registry.epp.allowance.lease_commands", counted)
    allowance = Allowance(runner)
    assert await spent(runner, allowance, A, 1000) == 1000
    assert trips == 0
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(rate=1000.0, burst=2000)))
    assert await spent(runner, allowance, A, 1000) == 1000
    assert trips <= 5
    await clock.move(seconds=KEPT_SECONDS)
    await spent(runner, allowance, A, 1)
    assert trips <= 6


async def test_a_flood_is_told_2306_and_keeps_its_session(runner: Runner, clock: FakeClock) -> None:
    """Over its rate a client is refused with the time to wait, in order and without losing the session."""
    await build_world(runner)
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(rate=2.0, burst=4)))
    session = await enter(runner)
    codes = [code_of(await ask(session, CHECK)) for _ in range(8)]
    assert codes == [1000] * 4 + [2306] * 4
    await clock.move(seconds=2)
    assert code_of(await ask(session, CHECK)) == 1000
    other = await enter(runner, B, key=B)
    assert code_of(await ask(other, CHECK)) == 1000


async def test_the_number_of_sessions_holds_over_two_servers(door: Door) -> None:
    """Two processes on one port share the number; whoever leaves makes room in both; another registrar is not touched."""
    await act(door.runner, OPERATOR, set_limits, SetLimits(A, Limits(sessions=3)))
    second = EppServer(door.runner)
    await second.start()
    try:
        clients = [await door.connect(A) for _ in range(8)]
        answers = await asyncio.gather(*(client.ask(login(A)) for client in clients))
        assert sum(b'code="1000"' in answer for answer in answers) == 3
        assert sum(b'code="2502"' in answer for answer in answers) == 5
        await door.log_in(B)
        inside = next(client for client, answer in zip(clients, answers, strict=True) if b'code="1000"' in answer)
        await inside.close()

        async def has_room() -> bool:
            client = await door.connect(A)
            return b'code="1000"' in await client.ask(login(A))

        assert await soon(has_room)
    finally:
        await second.close()


async def test_a_users_number_of_sessions(door: Door) -> None:
    """A user has its own number beside the registrar's."""
    await act(door.runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    await act(door.runner, OPERATOR, set_limits, SetLimits(A, Limits(sessions=1), "clerk-1"))
    first, second = await door.connect(A), await door.connect(A)
    assert b'code="1000"' in await first.ask(login("clerk-1", PASSWORD))
    assert b'code="2502"' in await second.ask(login("clerk-1", PASSWORD))
    await door.log_in(A)


async def test_a_process_that_died_gives_its_places_back(runner: Runner, clock: FakeClock) -> None:
    """Places of a process that tells nothing any more are free after twenty seconds; those of one that lives are not."""
    await build_world(runner)
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(sessions=1)))
    dead, alive = Places(runner), Places(runner)
    await dead.begin()
    await alive.begin()
    assert await dead.of("192.0.2.1").take(await standing_of(runner))
    assert not await alive.of("192.0.2.2").take(await standing_of(runner))
    await clock.move(seconds=DEAD_AFTER.total_seconds() + 1)
    await alive.begin()
    assert await alive.of("192.0.2.2").take(await standing_of(runner))
    await dead.begin()
    assert not await dead.of("192.0.2.3").take(await standing_of(runner))
    await alive.end()
    assert await dead.of("192.0.2.3").take(await standing_of(runner))


async def test_a_place_that_was_lost_is_mended_by_the_next_beat(runner: Runner) -> None:
    """A session that the table still has but the process does not is gone with the process's next word."""
    await build_world(runner)
    places = Places(runner)
    await places.begin()
    assert await places.of("192.0.2.1").take(await standing_of(runner))
    places._held.clear()
    await places.begin()
    assert await runner.db.fetchval("select count(*) from registrar_session") == 0


async def test_sixty_logins_at_once_never_pass_the_number(runner: Runner) -> None:
    """The count is exact in a race: of sixty that ask at the same instant through four processes, seven get in."""
    await build_world(runner)
    await act(runner, OPERATOR, set_limits, SetLimits(A, Limits(sessions=7)))
    processes = [Places(runner) for _ in range(4)]
    for process in processes:
        await process.begin()
    standing = replace(await standing_of(runner), user_hash="")
    taken = await asyncio.gather(*(processes[n % 4].of(f"192.0.2.{n}").take(standing) for n in range(60)))
    assert sum(taken) == 7
