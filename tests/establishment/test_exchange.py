"""Offline exchange: a province packs, the centre applies; whatever is forged, altered, replayed or out of turn is not."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from registry.establishment.exchange.applying import Desk, Outcome, apply_package, inspect_package
from registry.establishment.exchange.keys import CentreKeys, load_keys
from registry.establishment.exchange.manifest import Manifest, decode, encode
from registry.establishment.exchange.package import Package, open_package
from registry.establishment.exchange.packing import PackOrder, pack
from registry.establishment.rollback import roll_back
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.store import exchange_packages as packages
from registry.store.bodies import find_body
from registry.store.body_past import successors_of
from tests.establishment.county import ACTOR, FAMILY, HEALTH, at, body, bring, code
from tests.kit.clock import FakeClock
from tests.kit.database import TestDatabases

ROOT = Path(__file__).resolve().parents[2]
RENAMED = replace(HEALTH, name="长沙县卫生健康局", changed_at=at(2019, 2, 10))
THIRD = replace(RENAMED, phone="0731-1", changed_at=at(2020, 2, 10))


@dataclass(frozen=True, slots=True)
class Post:
    """Hunan's data centre and the central one, each with its database and keys."""

    province: Database
    centre: Database
    hunan: CentreKeys
    central: CentreKeys
    folder: Path
    clock: FakeClock

    @property
    def desk(self) -> Desk:
        return Desk(self.centre, self.central, self.folder / "central", ACTOR, self.clock)

    @property
    def hunan_desk(self) -> Desk:
        return Desk(self.province, self.hunan, self.folder / "hunan", ACTOR, self.clock)

    async def send(self, *bodies: Body, snapshot: bool = False, seal: bool = False) -> Package:
        """Import into the province's register, and pack."""
        await self.clock.move(hours=1)
        await bring(self.province, self.clock, self.folder / "files", *bodies)
        order = PackOrder(self.hunan, "00", snapshot, seal, ACTOR)
        return await pack(self.province, order, self.folder / "hunan" / "out", self.clock)

    async def known(self, uscc: str) -> Body | None:
        async with self.centre.transaction() as conn:
            return await find_body(conn, uscc)


@pytest.fixture
async def post(databases: TestDatabases, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Post]:
    """Two centres that trust each other."""
    async with databases.clone() as province, databases.clone() as centre:
        made = Post(province, centre, CentreKeys.new("43"), CentreKeys.new("00"), tmp_path, clock)
        async with centre.transaction() as conn:
            await packages.trust(conn, "43", "sign", made.hunan.sign_public, ACTOR, clock.now())
        async with province.transaction() as conn:
            await packages.trust(conn, "00", "sign", made.central.sign_public, ACTOR, clock.now())
            await packages.trust(conn, "00", "seal", made.central.seal_public, ACTOR, clock.now())
        yield made


def only(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


@pytest.mark.parametrize("seal", [False, True])
async def test_what_a_province_packs_the_centre_knows(post: Post, seal: bool) -> None:
    """Bodies, names and chains of a split arrive as they are, open or sealed; a delta then carries only what changed."""
    parts = [body(11, "长沙县文化局"), body(12, "长沙县旅游局")]
    first = await post.send(HEALTH, FAMILY, *parts, seal=seal)
    assert (first.manifest.mode, first.manifest.rows, first.manifest.sequence) == ("snapshot", 4, 1)
    outcome = only(await apply_package(post.desk, first.path))
    assert (outcome.state, outcome.report and outcome.report.inserted) == ("applied", 4)
    assert await post.known(HEALTH.uscc) == HEALTH
    await post.province.execute(
        "insert into body_succession (predecessor, successor, kind) select $1, unnest($2::text[]), 'split'",
        FAMILY.uscc, [code(11), code(12)],
    )  # fmt: skip
    second = await post.send(
        RENAMED, replace(FAMILY, status="split", successor_uscc=code(12), changed_at=at(2019, 1, 1)), seal=seal
    )
    assert (second.manifest.mode, second.manifest.rows, second.manifest.previous) == ("delta", 2, first.sha256.hex())
    assert only(await apply_package(post.desk, second.path)).state == "applied"
    found = await post.known(HEALTH.uscc)
    assert found is not None
    assert (found.name, HEALTH.name in found.former_names) == (RENAMED.name, True)
    async with post.centre.transaction() as conn:
        assert [step.successor for step in await successors_of(conn, FAMILY.uscc)] == [code(12)]


async def test_a_sealed_package_shows_nothing(post: Post) -> None:
    """Sealed to the receiver, a package holds no name in the clear, and only the receiver's key opens it."""
    package = await post.send(HEALTH, seal=True)
    assert HEALTH.name.encode() not in package.path.read_bytes()
    other = replace(
        post.desk, keys=CentreKeys(post.central.centre, post.central.sign_key, CentreKeys.new("00").seal_key)
    )
    assert only(await apply_package(other, package.path)).state == "refused"
    assert only(await apply_package(post.desk, package.path)).state == "applied"


def rewritten(package: Package, change: Callable[[Manifest], Manifest], keys: CentreKeys | None = None) -> Path:
    """The package with another manifest, signed again with ``keys`` or with the old signature."""
    raw = encode(change(package.manifest))
    path = package.path.with_name("rewritten.zmx")
    with zipfile.ZipFile(package.path) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = raw
            elif name == "manifest.sig" and keys:
                data = keys.sign(raw)
            new.writestr(name, data)
    return path


async def refused(post: Post, path: Path) -> Reason:
    """The reason why the file is refused; nothing of it is in the register, and the audit log knows."""
    before = await post.centre.fetchval("select count(*) from audit_entry where act = 'exchange.refused'")
    with pytest.raises(Refusal) as caught:
        await apply_package(post.desk, path)
    assert caught.value.text.zh
    assert await post.centre.fetchval("select count(*) from audit_entry where act = 'exchange.refused'") == before + 1
    assert await post.centre.fetchval("select count(*) from exchange_package") == 0
    assert await post.centre.fetchval("select count(*) from body") == 0
    return caught.value.reason


async def test_forgeries_are_refused(post: Post) -> None:
    """A changed manifest, a stranger's signature and an unknown sender do not pass, and leave no row but in the audit log."""
    package = await post.send(HEALTH)
    later = rewritten(package, lambda manifest: msgspec.structs.replace(manifest, sequence=2))
    assert await refused(post, later) is Reason.CREDENTIALS_WRONG
    stranger = CentreKeys.new("43")
    forged = rewritten(package, lambda manifest: manifest, stranger)
    assert await refused(post, forged) is Reason.CREDENTIALS_WRONG
    signed = rewritten(
        package, lambda manifest: msgspec.structs.replace(manifest, signer=stranger.sign_public.hex()), stranger
    )
    assert await refused(post, signed) is Reason.CREDENTIALS_WRONG
    unknown = rewritten(package, lambda manifest: msgspec.structs.replace(manifest, sender="11", region="11"), stranger)
    assert await refused(post, unknown) is Reason.NOT_PERMITTED
    misdirected = rewritten(package, lambda manifest: msgspec.structs.replace(manifest, receiver="44"), post.hunan)
    assert await refused(post, misdirected) is Reason.NOT_PERMITTED


async def test_a_revoked_key_signs_nothing_any_more(post: Post) -> None:
    """Once a centre's key is not trusted any more its packages are refused."""
    package = await post.send(HEALTH)
    async with post.centre.transaction() as conn:
        assert await packages.distrust(conn, "43", "sign", post.hunan.sign_public, post.clock.now())
    assert await refused(post, package.path) is Reason.NOT_PERMITTED


async def test_alterations_are_refused(post: Post) -> None:
    """Whichever byte of the data is changed, a part added, removed or packed: the package is refused."""
    package = await post.send(HEALTH)
    raw = package.path.read_bytes()
    place = raw.index(HEALTH.name.encode())
    altered = package.path.with_name("altered.zmx")
    altered.write_bytes(raw[:place] + "长沙县卫生厅".encode() + raw[place + len(HEALTH.name.encode()) :])
    assert await refused(post, altered) in (Reason.VALUE_INVALID, Reason.SYNTAX_INVALID)  # zip sees it by its own sum
    with zipfile.ZipFile(package.path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    for change in ({"parts/0001.csv": members["parts/0001.csv"].replace("卫".encode(), "工".encode())}, {"parts/0002.csv": b"x"},
                   {"evil.txt": b"x"}):  # fmt: skip
        with zipfile.ZipFile(altered, "w") as new:
            for name, data in (members | change).items():
                new.writestr(name, data)
        assert await refused(post, altered) is Reason.VALUE_INVALID
    with zipfile.ZipFile(altered, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)
    assert await refused(post, altered) is Reason.SYNTAX_INVALID


@pytest.mark.parametrize("cut", [0, 10, 200, -30, -1])
async def test_torn_packages_are_refused(post: Post, cut: int) -> None:
    """A package that lacks its beginning or end is no package."""
    package = await post.send(HEALTH)
    torn = package.path.with_name("torn.zmx")
    torn.write_bytes(package.path.read_bytes()[:cut] if cut <= 0 else package.path.read_bytes()[:-cut])
    assert await refused(post, torn) is Reason.SYNTAX_INVALID


async def test_a_replay_is_refused(post: Post) -> None:
    """A package that was applied is not applied again, nor is another one under its number."""
    package = await post.send(HEALTH)
    assert only(await apply_package(post.desk, package.path)).state == "applied"
    again = only(await apply_package(post.desk, package.path))
    assert (again.state, "replay" in again.en) == ("refused", True)
    other = rewritten(
        package, lambda manifest: msgspec.structs.replace(manifest, created_at=at(2026, 1, 1)), post.hunan
    )
    twice = only(await apply_package(post.desk, other))
    assert (twice.state, "another package" in twice.en) == ("refused", True)
    assert await post.centre.fetchval("select count(*) from import_run where state = 'applied'") == 1


async def test_a_foreign_region_is_refused(post: Post) -> None:
    """A province speaks for itself: a manifest of another region is refused, and so are foreign rows one by one."""
    package = await post.send(HEALTH)
    foreign = rewritten(package, lambda manifest: msgspec.structs.replace(manifest, region="11"), post.hunan)
    outcome = only(await apply_package(post.desk, foreign))
    assert (outcome.state, "may not speak" in outcome.en) == ("refused", True)
    await post.province.execute("update body set region = '110105' where uscc = $1", HEALTH.uscc)
    await post.province.execute("update exchange_package set state = 'refused'")
    await bring(post.province, post.clock, post.folder / "files", FAMILY)
    mixed = await pack(
        post.province, PackOrder(post.hunan, "00", True, False, ACTOR), post.folder / "hunan" / "out", post.clock
    )
    assert mixed.manifest.rows == 1


async def test_a_gap_is_shown_until_it_is_filled(post: Post) -> None:
    """Packages that come early wait and the missing numbers are told; when the gap is filled all of them are applied in order."""
    sent = [await post.send(HEALTH), await post.send(RENAMED), await post.send(THIRD, FAMILY)]
    early = only(await apply_package(post.desk, sent[2].path))
    assert (early.state, early.en) == ("parked", "number 3 waits for: 1, 2")
    assert only(await apply_package(post.desk, sent[2].path)).state == "refused"
    async with post.centre.transaction() as conn:
        (state,) = await packages.peers(conn)
    assert (state.applied, state.parked, state.missing) == (0, (3,), (1, 2))
    assert only(await apply_package(post.desk, sent[0].path)).state == "applied"
    sent[2].path.unlink()
    filled = await apply_package(post.desk, sent[1].path)
    assert [(outcome.sequence, outcome.state) for outcome in filled] == [(2, "applied"), (3, "applied")]
    async with post.centre.transaction() as conn:
        (state,) = await packages.peers(conn)
    assert (state.applied, state.parked, state.missing) == (3, (), ())
    found = await post.known(HEALTH.uscc)
    assert found is not None
    assert found.phone == THIRD.phone
    assert not list((post.folder / "central" / "parked").iterdir())


async def test_a_receipt_goes_back(post: Post) -> None:
    """For every package there is a signed receipt; the sender sees what became of it, and packs a refused one again."""
    first, second = await post.send(HEALTH), await post.send(RENAMED)
    parked = only(await apply_package(post.desk, second.path))
    assert parked.receipt is not None
    assert only(await apply_package(post.hunan_desk, parked.receipt)).state == "acknowledged"
    async with post.province.transaction() as conn:
        assert [(one.sequence, one.state) for one in await packages.recent(conn)] == [(2, "parked"), (1, "packed")]
    for outcome in await apply_package(post.desk, first.path):
        assert outcome.receipt is not None
        await apply_package(post.hunan_desk, outcome.receipt)
    async with post.province.transaction() as conn:
        assert [(one.sequence, one.state) for one in await packages.recent(conn)] == [
            (2, "acknowledged"),
            (1, "acknowledged"),
        ]
        assert (await packages.recent(conn))[0].counts["updated"] == 1
    await post.province.execute("update exchange_package set state = 'refused' where sequence = 2")
    assert (await post.send(THIRD)).manifest.sequence == 2


async def test_a_receipt_for_nothing_is_refused(post: Post) -> None:
    """A receipt that answers a package which was not sent is refused."""
    package = await post.send(HEALTH)
    outcome = only(await apply_package(post.desk, package.path))
    await post.province.execute("update exchange_package set manifest_sha256 = decode(repeat('00', 32), 'hex')")
    assert outcome.receipt is not None
    with pytest.raises(Refusal) as caught:
        await apply_package(post.hunan_desk, outcome.receipt)
    assert caught.value.reason is Reason.NOT_FOUND


async def test_rejected_rows_come_back_by_line(post: Post) -> None:
    """A row that the receiver cannot take is named in the receipt with its code and reason; the others are applied."""
    await post.province.execute("alter table body drop constraint body_status_check")
    await bring(post.province, post.clock, post.folder / "files", HEALTH, FAMILY)
    await post.province.execute("update body set status = 'lively' where uscc = $1", FAMILY.uscc)
    package = await pack(
        post.province, PackOrder(post.hunan, "00", False, False, ACTOR), post.folder / "out", post.clock
    )
    outcome = only(await apply_package(post.desk, package.path))
    assert outcome.report is not None
    assert (outcome.report.inserted, outcome.report.rejected) == (1, 1)
    assert outcome.receipt is not None
    with zipfile.ZipFile(outcome.receipt) as archive:
        assert FAMILY.uscc in archive.read("parts/0001.csv").decode()


async def test_nothing_new_is_not_packed(post: Post) -> None:
    """A delta without a change is refused, and what a rollback put back is sent again."""
    await post.send(HEALTH)
    report = await bring(post.province, post.clock, post.folder / "files", RENAMED)
    order = PackOrder(post.hunan, "00", False, False, ACTOR)
    out = post.folder / "hunan" / "out"
    await post.clock.move(hours=1)
    assert (await pack(post.province, order, out, post.clock)).manifest.rows == 1
    await post.clock.move(hours=1)
    with pytest.raises(Refusal) as caught:
        await pack(post.province, order, out, post.clock)
    assert caught.value.reason is Reason.STATUS_FORBIDS
    await roll_back(post.province, report.run, actor=ACTOR, clock=post.clock)
    await post.clock.move(hours=1)
    assert (await pack(post.province, order, out, post.clock)).manifest.rows == 1


async def test_inspecting_changes_nothing(post: Post) -> None:
    """Inspection says what a package is and what would become of it, and writes nothing."""
    package = await post.send(HEALTH)
    found, verdict = await inspect_package(post.desk, package.path)
    assert (found.manifest.sender, verdict.state) == ("43", "apply")
    assert await post.centre.fetchval("select count(*) from exchange_package") == 0
    assert await post.centre.fetchval("select count(*) from audit_entry") == 0


@pytest.mark.parametrize("raw", [b"", b"{}", b"[" * 9999, b'{"format": "zhengming-exchange/2"}', b"\xff", b"null"])
def test_a_manifest_is_read_strictly(raw: bytes) -> None:
    """What is no manifest of this format is refused, not guessed at."""
    with pytest.raises(Refusal):
        decode(raw)


def test_keys_are_kept_from_others(tmp_path: Path) -> None:
    """Private keys come back as they were written, and only this account may read them."""
    keys = CentreKeys.new("43")
    keys.write(tmp_path)
    again = load_keys(tmp_path, "43")
    assert (again.sign_public, again.seal_public) == (keys.sign_public, keys.seal_public)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    with pytest.raises(Refusal):
        load_keys(tmp_path, "11")


async def test_the_command_line_carries_a_package(post: Post) -> None:
    """``zhengming exchange keys, trust, inspect, apply, status`` receive a package end to end, and ``establishment import`` takes one too."""
    first, second = await post.send(HEALTH), await post.send(RENAMED)
    environment = {**os.environ, "ZHENGMING_DATABASE_URL": post.centre.dsn}

    def zhengming(*words: str, code: int = 0) -> list[dict[str, object]]:
        command = [sys.executable, "-m", "registry.cli.main", *words, "--data", str(post.folder / "cli")]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    assert zhengming("exchange", "keys")[0]["centre"] == "00"
    assert zhengming("exchange", "trust", "--centre", "43", "--sign", post.hunan.sign_public.hex()) == []
    assert zhengming("exchange", "inspect", str(second.path), code=3)[0]["verdict"] == "parked"
    assert zhengming("exchange", "apply", str(first.path))[0]["state"] == "applied"
    assert zhengming("establishment", "import", str(second.path))[0]["state"] == "applied"
    assert zhengming("exchange", "apply", str(second.path), code=4)[0]["state"] == "refused"
    assert zhengming("exchange", "status")[0] == {"sender": "43", "applied": 2, "parked": [], "missing": []}
    assert open_package(
        Path(str(zhengming("exchange", "apply", str(first.path), code=4)[0]["receipt"]))
    ).manifest.receipt
