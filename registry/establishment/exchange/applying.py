"""A package from another data centre into the register: proved, in its turn, as one import, answered with a receipt.

Theory of operation. Nothing of a package counts before its signature holds against a key that this register trusts for the sender; what
fails that is refused and only the audit log hears of it. A proved package is then judged by its region and its number
(``sequence``). The numbers of a sender are applied without a gap: one that comes early is kept and waits (*parked*), the
gap is shown, and when it is filled what waits is applied at once. The import and the note that the package is
applied are one transaction, so a crash leaves a package either applied or not; the number cannot be applied twice, the database
sees to that. Rows of bodies that the sender does not own are rejected by row, like any other bad row.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from registry.establishment.exchange.keys import CentreKeys, signed_by
from registry.establishment.exchange.manifest import Receipt
from registry.establishment.exchange.package import Package, open_package, stored_parts
from registry.establishment.exchange.packing import file_name
from registry.establishment.exchange.receipts import take_receipt, write_receipt
from registry.establishment.exchange.sealing import unseal
from registry.establishment.exchange.sequence import Record as Known
from registry.establishment.exchange.sequence import Verdict, judge
from registry.establishment.files import open_source
from registry.establishment.importing import ImportReport, import_source
from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.store import exchange_packages as packages

State = Literal["applied", "parked", "refused"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where packages arrive: the keys of this centre, a folder for what waits and what goes back, who acts."""

    db: Database
    keys: CentreKeys
    folder: Path
    actor: str
    clock: Clock

    def parked(self, package: Package) -> Path:
        """Where a package waits for those before it."""
        return self.folder / "parked" / file_name(package.manifest)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one package: ``state`` is applied, parked, refused, or ``acknowledged`` for a receipt."""

    sender: str
    sequence: int
    state: str
    zh: str = ""
    en: str = ""
    report: ImportReport | None = None
    receipt: Path | None = None


async def inspect_package(desk: Desk, path: Path) -> tuple[Package, Verdict]:
    """What the package is and what would become of it; nothing is written. Refuses what cannot be proved, as :func:`apply_package`."""
    package = open_package(path)
    async with desk.db.transaction(readonly=True) as conn:
        await _prove(conn, desk, package)
        if package.manifest.kind == "receipt":
            return package, Verdict("apply")
        return package, judge(package.manifest, package.sha256, await _known(conn, package))


async def apply_package(desk: Desk, path: Path) -> list[Outcome]:
    """Apply a package, and those that waited for it. One outcome for each.

    Refuses (and writes an audit entry) what is no package (``SYNTAX_INVALID``), is for another receiver or of an unknown sender
    (``NOT_PERMITTED``), is forged (``CREDENTIALS_WRONG``) or altered (``VALUE_INVALID``). What is proved but
    replayed, of a foreign region or out of turn is an outcome ``refused`` or ``parked`` with its reason.
    """
    try:
        package = open_package(path)
        async with desk.db.transaction() as conn:
            await _prove(conn, desk, package)
            if package.manifest.kind == "receipt":
                await take_receipt(conn, package, desk.actor, desk.clock.now())
                return [Outcome(package.manifest.sender, package.manifest.sequence, "acknowledged")]
    except Refusal as refusal:
        await _note_refusal(desk, path, refusal)
        raise
    outcomes = [await _receive(desk, package)]
    while outcomes[-1].state == "applied":
        waiting = await _next_parked(desk, package.manifest.sender)
        if waiting is None:
            break
        outcomes.append(await _receive(desk, waiting))
    return outcomes


async def _prove(conn: "Connection[Record]", desk: Desk, package: Package) -> None:
    """Receiver, sender, signature, and the bytes of every part."""
    manifest = package.manifest
    if manifest.receiver != desk.keys.centre:
        zh, en = (
            f"数据包的接收方是 {manifest.receiver}，不是本中心",
            f"the package is for {manifest.receiver}, not for this centre",
        )
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="receiver", value=manifest.receiver)
    trusted = await packages.keys(conn, manifest.sender, "sign")
    if not trusted:
        zh, en = "不认识的报送单位：没有登记其签名公钥", "an unknown sender: no key of it is trusted here"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="sender", value=manifest.sender)
    signer = bytes.fromhex(manifest.signer)
    if signer not in trusted or not signed_by(signer, package.raw, package.signature):
        zh, en = (
            "签名不符：不是所称单位签发的，或签发后被改动",
            "the signature does not hold: not of the sender it names, or altered since",
        )
        raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="signature", value=manifest.sender)
    for _ in stored_parts(package):
        pass  # each is held against its hash


async def _known(conn: "Connection[Record]", package: Package) -> Known:
    sender, number = package.manifest.sender, package.manifest.sequence
    state = await packages.peer_state(conn, sender)
    same = await packages.found(conn, "in", sender, number, ("applied", "parked"))
    waiting = same is not None and same.state == "parked" and number == state.applied + 1
    if same is not None and waiting and same.manifest_sha256 == package.sha256:
        same = None  # its turn has come
    return Known(state, same, await packages.found(conn, "in", sender, number - 1, ("applied",)))


async def _receive(desk: Desk, package: Package) -> Outcome:
    async with desk.db.transaction() as conn:
        await packages.lock(conn)
        verdict = judge(package.manifest, package.sha256, await _known(conn, package))
        if verdict.state != "apply":
            await _record(conn, desk, package, verdict.state, verdict.zh, verdict.en, None)
        if verdict.state == "parked":
            _keep(desk, package)
    if verdict.state != "apply":
        return _answer(desk, package, verdict.state, verdict.zh, verdict.en, None)
    try:
        report = await _import(desk, package)
    except Refusal as refusal:
        async with desk.db.transaction() as conn:
            await _record(conn, desk, package, "refused", refusal.text.zh, refusal.text.en, None)
        return _answer(desk, package, "refused", refusal.text.zh, refusal.text.en, None)
    return _answer(desk, package, "applied", "", "", report)


async def _import(desk: Desk, package: Package) -> ImportReport:
    manifest = package.manifest

    async def note(conn: "Connection[Record]", report: ImportReport) -> None:
        await packages.lock(conn)
        if (await packages.peer_state(conn, manifest.sender)).applied != manifest.sequence - 1:
            zh, en = (
                "另一操作刚刚处理了同一单位的数据包，请重试",
                "another package of this sender was just applied; try again",
            )
            raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="sequence")
        await _record(conn, desk, package, "applied", "", "", report)

    desk.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=desk.folder) as workshop:
        plain = Path(workshop) / f"{file_name(manifest)}.csv"
        with plain.open("wb") as file:
            for number, stored in stored_parts(package):
                file.write(_opened(desk, package, number, stored))
        source = open_source(plain)
        return await import_source(
            desk.db, source, snapshot=manifest.mode == "snapshot", actor=desk.actor, clock=desk.clock,
            scope=manifest.sender, also=note,
        )  # fmt: skip


def _opened(desk: Desk, package: Package, number: int, stored: bytes) -> bytes:
    data = unseal(package.manifest, number, stored, desk.keys.seal_key)
    if hashlib.sha256(data).hexdigest() != package.manifest.parts[number - 1].sha256:
        zh, en = "解密后的内容与清单不符", "the unsealed content differs from the manifest"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="parts")
    return data


def _keep(desk: Desk, package: Package) -> None:
    place = desk.parked(package)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place != package.path:
        partial = place.with_suffix(".partial")
        shutil.copyfile(package.path, partial)
        partial.replace(place)


async def _next_parked(desk: Desk, sender: str) -> Package | None:
    """The parked package whose turn has come; one whose file is gone or damaged is refused, so that it can be sent again."""
    async with desk.db.transaction() as conn:
        state = await packages.peer_state(conn, sender)
        row = await packages.found(conn, "in", sender, state.applied + 1, ("parked",))
        if row is None:
            return None
        path = desk.folder / "parked" / f"zhengming-{sender}-{desk.keys.centre}-{row.sequence:08d}.zmx"
        try:
            package = open_package(path)
            await _prove(conn, desk, package)
        except Refusal as refusal:
            await packages.settle(
                conn,
                row.id,
                "refused",
                zh=refusal.text.zh,
                en=refusal.text.en,
                at=desk.clock.now(),
                run=None,
                counts={},
            )
            return None
        return package


async def _record(
    conn: "Connection[Record]",
    desk: Desk,
    package: Package,
    state: State,
    zh: str,
    en: str,
    report: ImportReport | None,
) -> None:
    """Note the outcome, on the row of the parked package if it waited, and in the audit log."""
    manifest, now = package.manifest, desk.clock.now()
    counts: Mapping[str, int] = report.counts() if report else {}
    run = report.run if report else None
    waited = await packages.found(conn, "in", manifest.sender, manifest.sequence, ("parked",))
    if waited is not None and waited.manifest_sha256 == package.sha256 and state != "parked":
        if not (state == "refused" and _still_waits(waited, await packages.peer_state(conn, manifest.sender))):
            await packages.settle(conn, waited.id, state, zh=zh, en=en, at=now, run=run, counts=counts)
    else:
        await packages.add(
            conn, "in", manifest.sender, manifest.sequence, package.sha256, msgspec.to_builtins(manifest), state,
            zh=zh, en=en, at=now, actor=desk.actor, run=run, counts=counts,
        )  # fmt: skip
    detail = {
        "sender": manifest.sender,
        "sequence": manifest.sequence,
        "sha256": package.sha256.hex(),
        "reason": en,
        **counts,
    }
    await append(conn, now, desk.actor, f"exchange.{state}", file_name(manifest), new_transaction_id(), detail)


def _still_waits(waited: packages.Exchanged, state: packages.PeerState) -> bool:
    """Whether a second copy of a parked package was refused, and not the parked one in its turn."""
    return waited.sequence != state.applied + 1


def _answer(desk: Desk, package: Package, state: State, zh: str, en: str, report: ImportReport | None) -> Outcome:
    now = desk.clock.now()
    manifest = package.manifest
    receipt = Receipt(package.sha256.hex(), state, zh, en, report.counts() if report else {})
    path = write_receipt(package, receipt, report, desk.keys, desk.folder / "out", now)
    if state != "parked" and package.path == desk.parked(package):
        package.path.unlink(missing_ok=True)
    return Outcome(manifest.sender, manifest.sequence, state, zh, en, report, path)


async def _note_refusal(desk: Desk, path: Path, refusal: Refusal) -> None:
    """An unproved package leaves a trace in the audit log alone: whoever sends garbage must not fill our tables."""
    async with desk.db.transaction() as conn:
        detail = {"reason": refusal.reason.value, "where": refusal.where, "text": refusal.text.en}
        await append(conn, desk.clock.now(), desk.actor, "exchange.refused", path.name, new_transaction_id(), detail)
