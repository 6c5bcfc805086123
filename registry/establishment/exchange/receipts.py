"""The answer to a package: applied, parked or refused, why, how many rows, and which were rejected."""

import csv
import hashlib
import io
import tempfile
from datetime import datetime
from pathlib import Path

from registry.establishment.exchange.keys import CentreKeys
from registry.establishment.exchange.manifest import Manifest, Part, Receipt, part_name
from registry.establishment.exchange.package import Package, write_package
from registry.establishment.exchange.packing import file_name
from registry.establishment.importing import ImportReport
from registry.kernel.clock import BEIJING
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.store import exchange_packages as packages

_STATES = {"applied": "acknowledged", "parked": "parked", "refused": "refused"}  # what it means to the sender


def write_receipt(
    package: Package, receipt: Receipt, report: ImportReport | None, keys: CentreKeys, folder: Path, now: datetime
) -> Path:
    """Write the receipt for a package into ``folder``; its part lists the rejected rows."""
    folder.mkdir(parents=True, exist_ok=True)
    data = _rejections(report)
    digest = hashlib.sha256(data).hexdigest()
    rows = len(report.rejections) if report else 0
    about = package.manifest
    manifest = Manifest(
        format="zhengming-exchange/1", kind="receipt", sender=keys.centre, receiver=about.sender, region=keys.centre,
        sequence=about.sequence, previous="", mode=about.mode, period_from=None,
        period_to=now.astimezone(BEIJING).date(), created_at=now, rows=rows,
        parts=[Part(part_name(1), rows, len(data), digest, len(data), digest)],
        signer=keys.sign_public.hex(), receipt=receipt,
    )  # fmt: skip
    with tempfile.NamedTemporaryFile(dir=folder) as part:
        part.write(data)
        part.flush()
        return write_package(folder / file_name(manifest), manifest, [Path(part.name)], keys).path


def _rejections(report: ImportReport | None) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("line", "uscc", "problems"))
    for row in report.rejections if report else ():
        writer.writerow((row.line, row.uscc, "; ".join(f"{one.where}: {one.text}" for one in row.problems)))
    return out.getvalue().encode()


async def take_receipt(conn: "Connection[Record]", package: Package, actor: str, now: datetime) -> None:
    """Note what the receiver made of a package of ours. Refuses a receipt for one that we did not send (``NOT_FOUND``)."""
    manifest, receipt = package.manifest, package.manifest.receipt
    sent = await packages.found(
        conn, "out", manifest.sender, manifest.sequence, ("packed", "acknowledged", "parked", "refused")
    )
    if receipt is None or sent is None or sent.manifest_sha256.hex() != receipt.manifest_sha256:
        zh, en = "回执所指的数据包不是本中心发出的", "the receipt answers a package that this centre did not send"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="receipt", value=str(manifest.sequence))
    if sent.state == "acknowledged" and receipt.state != "applied":
        return  # an older receipt that arrived late
    await packages.settle(
        conn, sent.id, _STATES[receipt.state], zh=receipt.reason_zh, en=receipt.reason_en, at=now, run=None,
        counts={**sent.counts, **receipt.counts},
    )  # fmt: skip
    detail = {"sender": manifest.sender, "sequence": manifest.sequence, "state": receipt.state, **receipt.counts}
    await append(conn, now, actor, "exchange.receipt", package.path.name, new_transaction_id(), detail)
