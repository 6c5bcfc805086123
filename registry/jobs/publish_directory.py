"""The red pages as open data: once a day the whole and what changed, as JSON lines and CSV, and the list of official names for filters; all signed.

Below ``DATA/open/`` each day is a folder: it is made beside and moved in place when it is whole, so nobody ever reads half a file.
``manifest.json`` names every file with its size and SHA-256, and ``manifest.jws`` is a compact JWS (RFC 7515, EdDSA) over the bytes of the
manifest: one signature covers everything. The public key stands in ``keys.json`` (RFC 7517) beside. Days older than :data:`KEPT_DAYS` are removed.
"""

import base64
import csv
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Fault
from registry.kernel.xml.keys import write_once
from registry.published import directory
from registry.published.directory import Entry

KEPT_DAYS = 35  # a month of deltas and a few days: whoever was away longer takes the whole
HEADINGS = ("uscc", "name", "kind", "region", "level", "service", "names", "domains", "site", "changed_at", "state")
MANIFEST, SIGNATURE, KEYS = "manifest.json", "manifest.jws", "keys.json"
FORMAT = "zhengming-directory-1"


async def publish_directory(runner: Runner) -> int:
    """Make the folder of today, when there is none; 1 when it was made."""
    now = runner.clock.now()
    root = runner.config.data / "open"
    day = now.astimezone(BEIJING).date()
    folder = root / day.isoformat()
    if (folder / SIGNATURE).exists() or not await directory.counts(runner.db):
        return 0  # made already; or there is nothing yet, and an empty edition would stand for a day
    partial = root / f".{day.isoformat()}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    since = datetime.combine(day - timedelta(days=1), datetime.min.time(), BEIJING)
    async with runner.db.transaction("repeatable_read", readonly=True) as conn:
        whole = await _write(partial, "bodies", directory.everything(conn), lists=True)
        changed = await _write(partial, "changes", directory.everything(conn, since))
    manifest = _manifest(
        partial, day.isoformat(), now, {"bodies": whole, "changes": changed, "changes_since": since.isoformat()}
    )
    _sign(partial, manifest, _key(runner.config.secret("directory.pem")))
    partial.rename(folder)
    _forget(root, day.isoformat())
    return 1


async def _write(folder: Path, stem: str, entries: AsyncIterator[Entry], *, lists: bool = False) -> int:
    """``stem``.jsonl.gz and ``stem``.csv.gz; with ``lists`` the names for filters as well. How many entries there were."""
    count = 0
    with ExitStack() as files:
        lines, table = (files.enter_context(_packed(folder / f"{stem}.{kind}.gz")) for kind in ("jsonl", "csv"))
        names, allow = (
            files.enter_context(_packed(folder / f"allow.{kind}.gz")) if lists else io.StringIO()
            for kind in ("txt", "jsonl")
        )
        rows = csv.writer(table)
        rows.writerow(HEADINGS)
        async for entry in entries:
            count += 1
            record = _record(entry)
            lines.write(_json(record) + "\n")
            rows.writerow([_cell(record[name]) for name in HEADINGS])
            for name, text in zip(entry.wire, entry.names, strict=True) if lists else ():
                names.write(name + "\n")
                allow.write(
                    _json({"domain": name, "name": text, "include_subdomains": True, "uscc": entry.uscc}) + "\n"
                )
    return count


def _packed(path: Path) -> TextIO:
    return cast(TextIO, gzip.open(path, "wt", encoding="utf-8", newline=""))  # the caller's stack closes it


def _record(entry: Entry) -> dict[str, object]:
    values = (
        entry.uscc, entry.name, entry.kind, entry.region, entry.level, entry.service, list(entry.names), list(entry.wire), entry.site,
        entry.changed_at.isoformat(), "gone" if entry.gone_at else "listed",
    )  # fmt: skip
    return dict(zip(HEADINGS, values, strict=True))


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "|".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _manifest(folder: Path, day: str, now: datetime, figures: dict[str, object]) -> bytes:
    files = [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.iterdir())
    ]
    text = _json({"format": FORMAT, "day": day, "made_at": now.isoformat(), **figures, "files": files})
    (folder / MANIFEST).write_text(text)
    return text.encode()


def _sign(folder: Path, manifest: bytes, key: Ed25519PrivateKey) -> None:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    public = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": _base64(raw),
        "use": "sig",
        "alg": "EdDSA",
        "kid": hashlib.sha256(raw).hexdigest()[:16],
    }
    header = _json({"alg": "EdDSA", "kid": public["kid"], "typ": FORMAT})
    signed = f"{_base64(header.encode())}.{_base64(manifest)}"
    (folder / KEYS).write_text(_json({"keys": [public]}))
    (folder / SIGNATURE).write_text(f"{signed}.{_base64(key.sign(signed.encode()))}")


def _key(path: Path) -> Ed25519PrivateKey:
    write_once(
        path, lambda: Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Fault(f"the key in {path} must be Ed25519")
    return key


def _forget(root: Path, today: str) -> None:
    days: Iterable[Path] = sorted(path for path in root.iterdir() if path.name[:2] == "20" and path.name <= today)
    for path in list(days)[:-KEPT_DAYS]:
        shutil.rmtree(path, ignore_errors=True)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
