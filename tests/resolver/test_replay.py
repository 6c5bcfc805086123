"""A zone that followed the changes equals one that was built anew."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.feed import Feed
from resolver.chain import fast
from resolver.export import lines, signed_sets
from resolver.following.follower import Follower, build_zone, touched
from resolver.signing.signing import Signing
from resolver.zone.delegation import Delegation
from resolver.zone.records import to_wire
from resolver.zone.serial import is_after, next_serial
from resolver.zone.zone import Zone
from tests.kit.clock import START, FakeClock
from tests.resolver.made import DIGEST, GOV, KEY, ORG, apex_of, ask, delegation, make_zones, meaning
from tests.resolver.register import delegate, put_domain, put_host, tell_domain, tell_host

LABELS = ["a", "b", "c", "d", "e", "f", "nic"]


@st.composite
def states(draw: st.DrawFn) -> tuple[str, Delegation | None]:
    """A label and what it becomes."""
    label = draw(st.sampled_from(LABELS))
    if draw(st.booleans()):
        return label, None
    servers = draw(
        st.lists(st.sampled_from(["ns1.example.com", "ns2.example.com", f"ns.{label}.{GOV}"]), min_size=1, unique=True)
    )
    glue = {server: [draw(st.sampled_from(["192.0.2.1", "192.0.2.2"]))] for server in servers if server.endswith(GOV)}
    signers = [(draw(st.integers(0, 3)), 13, 2, DIGEST)] if draw(st.booleans()) else []
    return label, delegation(label, servers, glue, signers)


QUESTIONS = [ask(f"{prefix}{label}.{GOV}", kind, edns=0, do=do)
             for label in [*LABELS, "none"] for prefix in ("", "www.") for kind in ("A", "DS") for do in (False, True)]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(states(), max_size=4), max_size=8))
def test_a_zone_after_any_changes_equals_one_built_from_the_last_state(
    batches: list[list[tuple[str, Delegation | None]]],
) -> None:
    """Whatever came in whatever order, with questions asked in between: the same answers and the same master file."""
    zones = make_zones(signed=True, serial=1)
    followed = zones[to_wire(GOV)]
    last: dict[str, Delegation | None] = {}
    for number, batch in enumerate(batches):
        for question in QUESTIONS[:: 1 + number]:
            fast.answer(question, zones)
        followed.apply({to_wire(label)[:-1]: each for label, each in batch}, 2 + number)
        last |= dict(batch)
    built = make_zones([each for each in last.values() if each], signed=True, serial=followed.serial)

    assert master_file(followed) == master_file(built[followed.origin])
    for question in QUESTIONS:
        one, other = fast.answer(question, zones), fast.answer(question, built)
        assert (one and meaning(one)) == (other and meaning(other))


def master_file(zone: Zone) -> list[str]:
    return [line for records in signed_sets(zone) for line in lines(records)]


async def test_following_the_feed_equals_loading_anew(zones_db: Database, config: Config, clock: FakeClock) -> None:
    """Three hundred random acts on names, bundles, hosts, holds and DS, in batches: memory and database agree after each batch."""
    chance = random.Random(20260601)  # noqa: S311  # the same acts every run
    follower = Follower(config, zones_db, clock)
    cursor = await follower.load()
    feed = Feed(zones_db)
    async with zones_db.transaction() as conn:
        for host in ("ns1.example.com", "ns2.example.com", "ns3.example.com"):
            await put_host(conn, host)
    acts = Acts(zones_db, chance)
    for _ in range(30):
        for _ in range(10):
            await acts.one()
        changes, cursor = await feed.read(cursor)
        await follower.refresh(touched(changes))
        for name in (GOV, ORG):
            async with feed.snapshot() as (conn, _):
                built = await build_zone(conn, config, name, clock.now())
            assert built is not None
            followed = follower.zones[built.origin]
            assert master_file(followed) == master_file(built)
    assert len(acts.names) > 20


class Acts:
    """Random acts of the register, each one transaction with its change row."""

    def __init__(self, db: Database, chance: random.Random) -> None:
        self.db, self.chance, self.names = db, chance, list[tuple[str, ...]]()
        self.hosts = ["ns1.example.com", "ns2.example.com", "ns3.example.com"]

    async def one(self) -> None:
        await self.chance.choice((self.create, self.create, self.change, self.address, self.hold, self.remove))()

    async def create(self) -> None:
        zone, number = self.chance.choice((GOV, ORG)), len(self.hosts) + len(self.names)
        names = (f"n{number}.{zone}", f"v{number}.{zone}")[: self.chance.choice((1, 2))]
        if any(names[0] == known[0] for known in self.names):
            return
        async with self.db.transaction() as conn:
            await put_domain(conn, *names)
            if self.chance.random() < 0.4:
                await put_host(conn, f"ns.{names[0]}", ["192.0.2.1"])
                self.hosts.append(f"ns.{names[0]}")
            await tell_domain(conn, "created", *names)
        self.names.append(names)
        await self.change(names)

    async def change(self, names: tuple[str, ...] | None = None) -> None:
        if names is None and not self.names:
            return
        names = names or self.chance.choice(self.names)
        servers = self.chance.sample(self.hosts, self.chance.choice((0, 1, 2)))
        if f"ns.{names[0]}" in self.hosts and self.chance.random() < 0.7:
            servers.append(f"ns.{names[0]}")
        signers = [(self.chance.randrange(9), 13, 2, DIGEST)] if self.chance.random() < 0.3 else []
        async with self.db.transaction() as conn:
            await delegate(conn, names[0], sorted(set(servers)), signers)
            await tell_domain(conn, "updated", *names)

    async def address(self) -> None:
        host = self.chance.choice(self.hosts)
        if "example" in host:
            return
        async with self.db.transaction() as conn:
            address = f"192.0.2.{self.chance.randrange(1, 255)}"
            await conn.execute("update host set addresses = array[$2::text::inet] where name = $1", host, address)
            await tell_host(conn, "updated", host)

    async def hold(self) -> None:
        if self.names:
            names = self.chance.choice(self.names)
            statuses = self.chance.choice(([], ["serverHold"], ["clientHold"], ["clientTransferProhibited"]))
            async with self.db.transaction() as conn:
                await conn.execute("update domain set statuses = $2 where name = $1", names[0], statuses)
                await tell_domain(conn, "updated", *names)

    async def remove(self) -> None:
        free = [names for names in self.names if f"ns.{names[0]}" not in self.hosts]
        if free and self.chance.random() < 0.3:
            names = self.chance.choice(free)
            async with self.db.transaction() as conn:
                await delegate(conn, names[0], [])
                await conn.execute("delete from domain where name = $1", names[0])
                await tell_domain(conn, "purged", *names)
            self.names.remove(names)


def test_serials_grow_in_the_arithmetic_of_rfc_1982() -> None:
    """By the clock when it is ahead, by one when it is not, and past the wrap."""
    now = int(START.timestamp())

    assert next_serial(None, START) == now
    assert next_serial(now - 100, START) == now
    assert next_serial(now, START) == now + 1
    assert next_serial(now + 5, START) == now + 6
    assert next_serial((1 << 32) - 1, START - timedelta(seconds=now)) == 0
    assert is_after(0, (1 << 32) - 1)
    assert not is_after(5, 5)
    assert not is_after((1 << 31) + 5, 5)


def test_one_change_in_a_large_zone_takes_less_than_ten_milliseconds() -> None:
    """200,000 signed and unsigned delegations; a change, with its answer signed anew, is measured (issue: a million, 10 ms)."""
    import time

    zone = Zone(apex_of(GOV), 1, Signing(to_wire(GOV), KEY, START))
    for number in range(200_000):
        signers = [(number & 0xFFFF, 13, 2, DIGEST)] if number % 10 == 0 else []
        zone.load(delegation(f"n{number}", ["ns1.example.com"], ds=signers))
    zones = {zone.origin: zone}
    fast.answer(QUESTIONS[1], zones)
    took = []
    for number in range(50):
        change = delegation(f"m{number}", ["ns2.example.com"], ds=[(1, 13, 2, DIGEST)])
        start = time.perf_counter()
        zone.apply({change.owner: change}, 2 + number)
        assert fast.answer(ask(f"www.m{number}.{GOV}", edns=0, do=True), zones)
        took.append(time.perf_counter() - start)

    assert sorted(took)[25] < 0.010
