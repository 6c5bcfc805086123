"""What a data centre has to send, written as a signed package: everything of its own, or what changed since the package before."""

import asyncio
import csv
import hashlib
import io
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from registry.establishment.columns import COLUMNS, SEPARATOR, SUCCESSOR, write_cells
from registry.establishment.exchange.keys import CentreKeys
from registry.establishment.exchange.manifest import Manifest, Part, Sealing, part_name
from registry.establishment.exchange.package import SUFFIX, Package, write_package
from registry.establishment.exchange.sealing import Sealer
from registry.kernel.clock import BEIJING, Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.model.body import Body
from registry.store import exchange_packages as packages
from registry.store.body_import import IMPORT_LOCK

PART_ROWS = 20_000  # some six megabytes
PART_BYTES = 32 << 20  # a part is closed when it is larger: rows may be long


@dataclass(frozen=True, slots=True)
class PackOrder:
    """``snapshot``: everything, else what changed since the package before. ``seal``: encrypt to the receiver."""

    keys: CentreKeys
    receiver: str
    snapshot: bool
    seal: bool
    actor: str


@dataclass(slots=True)
class _Parts:
    """The parts of a package on their way into files."""

    folder: Path
    sealer: Sealer | None
    parts: list[Part] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    def add(self, text: str, rows: int) -> None:
        number = len(self.parts) + 1
        data = text.encode()
        stored = self.sealer.seal(number, data) if self.sealer else data
        digests = [hashlib.sha256(one).hexdigest() for one in (data, stored)]
        self.parts.append(Part(part_name(number), rows, len(data), digests[0], len(stored), digests[1]))
        self.paths.append(self.folder / f"{number}")
        self.paths[-1].write_bytes(stored)

    @property
    def sealing(self) -> Sealing | None:
        return self.sealer.sealing if self.sealer else None


async def pack(db: Database, order: PackOrder, folder: Path, clock: Clock) -> Package:
    """Write the next package to the receiver into ``folder``.

    Refuses an unknown receiver or one without a key to seal to (``NOT_FOUND``), and a delta with nothing in it
    (``STATUS_FORBIDS``). The same number is packed again when the receiver refused it.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as workshop:
        async with db.transaction() as conn:
            await conn.execute("set local statement_timeout = 0")
            await packages.lock(conn)
            await conn.execute("select pg_advisory_xact_lock($1)", IMPORT_LOCK)  # nothing is written while we read
            return await _pack(conn, order, folder, Path(workshop), clock.now())


async def _pack(conn: "Connection[Record]", order: PackOrder, folder: Path, workshop: Path, now: datetime) -> Package:
    sender = order.keys.centre
    number = await packages.next_number(conn, order.receiver)
    before = await packages.found(conn, "out", order.receiver, number - 1, ("packed", "acknowledged", "parked"))
    parts = _Parts(workshop, await _sealer(conn, order, number))
    base = None if order.snapshot else before
    await _fill(parts, packages.owned(conn, sender, base))
    rows = sum(part.rows for part in parts.parts)
    if not rows and not order.snapshot:
        zh, en = "上一个数据包之后没有变动，无需报送", "nothing changed since the package before"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="package")
    manifest = Manifest(
        format="zhengming-exchange/1", kind="data", sender=sender, receiver=order.receiver, region=sender, sequence=number,
        previous=before.manifest_sha256.hex() if before else "", mode="delta" if base else "snapshot",
        period_from=before.at.astimezone(BEIJING).date() if base and before else None,
        period_to=now.astimezone(BEIJING).date(), created_at=now, rows=rows, parts=parts.parts,
        signer=order.keys.sign_public.hex(), sealing=parts.sealing,
    )  # fmt: skip
    run = await packages.last_run(conn)
    made = write_package(folder / file_name(manifest), manifest, parts.paths, order.keys)
    await _record(conn, made, order.actor, run, now)
    return made


async def _sealer(conn: "Connection[Record]", order: PackOrder, number: int) -> Sealer | None:
    if await packages.centre_name(conn, order.receiver) is None or order.receiver == order.keys.centre:
        raise Refusal(
            Reason.NOT_FOUND, "没有这个数据中心", "there is no such data centre", where="receiver", value=order.receiver
        )
    if not order.seal:
        return None
    known = await packages.keys(conn, order.receiver, "seal")
    if not known:
        zh, en = "没有接收方的加密公钥，请先登记", "the receiver's key is not on file: trust it first"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="receiver", value=order.receiver)
    return Sealer(known[0], order.keys.centre, order.receiver, number)


async def _fill(parts: _Parts, bodies: AsyncIterator[tuple[Body, list[str]]]) -> None:
    out, rows = io.StringIO(), 0
    csv.writer(out, lineterminator="\n").writerow(COLUMNS)
    async for body, successors in bodies:
        csv.writer(out, lineterminator="\n").writerow(_cells(body, successors))
        rows += 1
        if rows == PART_ROWS or out.tell() > PART_BYTES // 4:  # a character has up to four bytes
            parts.add(out.getvalue(), rows)
            out, rows = io.StringIO(), 0
    if rows or not parts.parts:
        parts.add(out.getvalue(), rows)


def _cells(body: Body, successors: list[str]) -> list[str]:
    cells = write_cells(body)
    if len(successors) > 1:
        cells[SUCCESSOR] = SEPARATOR.join(successors)
    return cells


async def _record(conn: "Connection[Record]", made: Package, actor: str, run: int, now: datetime) -> None:
    manifest = made.manifest
    await packages.add(
        conn, "out", manifest.receiver, manifest.sequence, made.sha256, msgspec.to_builtins(manifest), "packed",
        zh="", en="", at=now, actor=actor, run=run, counts={"rows": manifest.rows},
    )  # fmt: skip
    detail = {
        "receiver": manifest.receiver,
        "sequence": manifest.sequence,
        "sha256": made.sha256.hex(),
        "rows": manifest.rows,
    }
    await append(conn, now, actor, "exchange.packed", made.path.name, new_transaction_id(), detail)


def file_name(manifest: Manifest) -> str:
    """``zhengming-43-00-00000012.zmx``, and ``receipt-…`` for the answer to it."""
    kind = "receipt" if manifest.kind == "receipt" else "zhengming"
    return f"{kind}-{manifest.sender}-{manifest.receiver}-{manifest.sequence:08d}{SUFFIX}"
