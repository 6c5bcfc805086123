"""``zhengming backup`` and ``zhengming restore``: one file with the database, the keys and a manifest that proves it whole.

The file holds private keys: it is created readable by its owner only, and belongs where such a thing may lie. A restore goes into an
empty database; it checks every SHA-256 of the manifest first, loads all or nothing, and verifies the audit chain against the head
that the manifest recorded.
"""

import argparse
import asyncio
import hashlib
import json
import os
import tarfile
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from registry.audit.sequencer import seal_once
from registry.audit.verify import verify_chain
from registry.cli.command import Command, configuration, open_database
from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.pg.archive import dump, load
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import current_revision, known_revisions, migrate

MANIFEST = "manifest.json"
DATABASE = "database.dump"
SAVED_FOLDERS = ("keys", "demo")


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FILE", help="备份文件，默认在数据目录的 backup 下 / backup file"
    )


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="备份文件 / backup file")


def _backup(args: argparse.Namespace) -> int:
    return asyncio.run(_make(configuration(args), args.out))


async def _make(config: Config, out: Path | None) -> int:
    now = SystemClock().now()
    target = out or config.data / "backup" / f"zhengming-{now:%Y%m%dT%H%M%SZ}.tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    async with open_database(config) as db:
        await seal_once(db)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = Path(folder) / DATABASE
            await asyncio.to_thread(dump, db.dsn, copy)
            files = {DATABASE: copy, **_saved_files(config)}
            manifest = {
                "made_at": now.isoformat(),
                "revision": await current_revision(db.dsn),
                "audit_head": await _head(db),
                "files": {name: _sha256(path) for name, path in files.items()},
            }
            _write_archive(target, manifest, files)
    print(json.dumps({"backup": str(target), "bytes": target.stat().st_size, **manifest}, ensure_ascii=False))  # noqa: T201  # the command's answer
    return 0


async def _head(db: Database) -> dict[str, Any]:
    row = await db.fetchrow("select position, hash from audit_head")
    return {"position": row["position"], "hash": row["hash"].hex()} if row else {}


def _saved_files(config: Config) -> dict[str, Path]:
    found = (path for name in SAVED_FOLDERS for path in sorted((config.data / name).rglob("*")) if path.is_file())
    return {str(path.relative_to(config.data)): path for path in found}


def _write_archive(target: Path, manifest: dict[str, Any], files: dict[str, Path]) -> None:
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as note, os.fdopen(descriptor, "wb") as raw:
        json.dump(manifest, note, ensure_ascii=False)
        note.flush()
        with tarfile.open(fileobj=raw, mode="w") as archive:
            archive.add(note.name, MANIFEST)
            for name, path in files.items():
                archive.add(path, name)
        raw.flush()
        os.fsync(raw.fileno())
    partial.replace(target)


def _restore(args: argparse.Namespace) -> int:
    config = configuration(args)
    with ExitStack() as stack:
        url = config.database.url or stack.enter_context(Cluster(config)).dsn
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        manifest = _unpack(args.file, folder)
        return asyncio.run(_load(config, url, folder, manifest))


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack and check every file against the manifest."""
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")  # refuses absolute paths, links out and devices
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise Refusal(
            Reason.VALUE_INVALID, f"不是完整的备份文件：{error}", f"not a whole backup file: {error}", value=str(file)
        ) from error
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file() or _sha256(path) != digest:
            raise Refusal(
                Reason.VALUE_INVALID, f"备份中的 {name} 已损坏", f"{name} in the backup is damaged", value=name
            )
    if manifest["revision"] not in known_revisions():
        raise Fault(
            f"备份来自更新的版本 {manifest['revision']} / the backup is from a newer program: {manifest['revision']}"
        )
    return manifest


async def _load(config: Config, url: str, folder: Path, manifest: dict[str, Any]) -> int:
    if await current_revision(url) is not None:
        raise Refusal(
            Reason.ALREADY_EXISTS,
            "目标库不是空的，恢复只写入空库",
            "the database is not empty: a restore goes into an empty one",
            value=url,
        )
    await asyncio.to_thread(load, url, folder / DATABASE)
    _put_back(config, folder, manifest)
    await migrate(url)
    db = await Database.open(url, size=2, statement_timeout_seconds=0)
    try:
        await db.execute(
            "truncate change"
        )  # its transaction numbers belong to the old server; followers begin with a snapshot
        verdict = await verify_chain(db)
        head = await _head(db)
    finally:
        await db.close()
    holds = verdict.holds and head == manifest["audit_head"]
    print(json.dumps({"restored": manifest["made_at"], "audit_holds": holds, "audit_entries": verdict.sealed}))  # noqa: T201  # the command's answer
    return 0 if holds else 1


def _put_back(config: Config, folder: Path, manifest: dict[str, Any]) -> None:
    """Keys and demo accounts go back where there are none; what lies there already is newer and stays."""
    for name in manifest["files"]:
        target = config.data / name
        if name != DATABASE and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((folder / name).read_bytes())
            target.chmod((folder / name).stat().st_mode & 0o777)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


BACKUP = Command(("backup",), "备份数据库与密钥 / back up database and keys", _backup_arguments, _backup)
RESTORE = Command(
    ("restore",), "从备份恢复到空库 / restore a backup into an empty database", _restore_arguments, _restore
)
