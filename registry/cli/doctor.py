"""``zhengming doctor``: looks at everything that an operator would look at, and says what to do."""

import argparse
import asyncio
import shutil
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from registry.audit.verify import verify_chain
from registry.cli.command import Command, configuration, open_database
from registry.kernel.clock import SystemClock
from registry.kernel.config import PORTS, Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault, Refusal
from registry.kernel.pg.migrate import current_revision, known_revisions

MIN_FREE_BYTES = 2 << 30  # PostgreSQL stops writing when the disk is full; this is a day of a busy registry
CERTIFICATE_WARNING = timedelta(days=30)
MAX_CLOCK_SKEW = timedelta(seconds=5)  # ICANN's test allows 30 s between svDate and true time


@dataclass(frozen=True, slots=True)
class Finding:
    """``fine`` or what to do about it."""

    fine: bool
    what: str
    remedy: str = ""


def _run(args: argparse.Namespace) -> int:
    return asyncio.run(_examine(configuration(args)))


async def _examine(config: Config) -> int:
    findings = [finding for look in (_python, _disk, _keys, _certificates, _ports) for finding in look(config)]
    try:
        async with open_database(config) as db:
            findings += [finding async for finding in _database(db)]
    except (Fault, Refusal, OSError) as error:
        findings.append(
            Finding(False, f"数据库 / database: {error}", "检查 database.url 与磁盘 / check database.url and the disk")
        )
    for finding in findings:
        print(f"{'✓' if finding.fine else '✗'} {finding.what}" + (f" → {finding.remedy}" if finding.remedy else ""))  # noqa: T201  # the command's answer
    return 0 if all(finding.fine for finding in findings) else 1


def _python(_: Config) -> Iterator[Finding]:
    fine = sys.version_info >= (3, 11)
    yield Finding(
        fine,
        f"Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}",
        "" if fine else "需要 Python 3.11 以上 / needs 3.11 or newer",
    )


def _disk(config: Config) -> Iterator[Finding]:
    place = next(path for path in (config.data, *config.data.parents) if path.exists())
    free = shutil.disk_usage(place).free
    fine = free >= MIN_FREE_BYTES
    yield Finding(fine, f"磁盘余量 / free disk {free >> 20} MiB", "" if fine else "清理或扩容 / make room")


def _keys(config: Config) -> Iterator[Finding]:
    for path in sorted((config.data / "keys").rglob("*")) if (config.data / "keys").exists() else ():
        if (
            path.is_file()
            and path.stat().st_mode & 0o077
            and path.suffix in {".key", ".pem", ".private"}
            and _is_private(path)
        ):
            yield Finding(False, f"密钥可被他人读取 / key readable by others: {path}", f"chmod 600 {path}")


def _is_private(path: Path) -> bool:
    return b"PRIVATE KEY" in path.read_bytes()


def _certificates(config: Config) -> Iterator[Finding]:
    now = SystemClock().now()
    for path in sorted((config.data / "keys").glob("*.pem")):
        with suppress(ValueError):
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
            left = certificate.not_valid_after_utc - now
            fine = left > CERTIFICATE_WARNING
            yield Finding(
                fine, f"证书 / certificate {path.name}: {left.days} 天 / days", "" if fine else "更换证书 / renew it"
            )


def _ports(config: Config) -> Iterator[Finding]:
    for door in PORTS:
        with socket.socket() as probe:
            taken = probe.connect_ex((config.address, config.port(door))) == 0
        yield Finding(True, f"端口 / port {config.port(door)} {door}: {'使用中 / in use' if taken else '空闲 / free'}")


async def _database(db: Database) -> AsyncIterator[Finding]:
    revision = await current_revision(db.dsn)
    yield Finding(
        revision == known_revisions()[-1],
        f"数据库版本 / revision {revision}",
        "" if revision else "zhengming db migrate",
    )
    skew = abs(await db.fetchval("select now()") - SystemClock().now())
    yield Finding(
        skew < MAX_CLOCK_SKEW,
        f"数据库时钟偏差 / clock skew {skew.total_seconds():.1f} s",
        "" if skew < MAX_CLOCK_SKEW else "校时 / sync the clock",
    )
    durable = await db.fetchval("select current_setting('fsync') || current_setting('synchronous_commit')")
    yield Finding(
        durable == "onon", "持久写入 / durable commits", "" if durable == "onon" else "fsync=on, synchronous_commit=on"
    )
    verdict = await verify_chain(db)
    what = f"审计链 / audit chain: {verdict.sealed} 条 / entries, {verdict.unsealed} 待封 / unsealed"
    yield Finding(verdict.holds, what, "" if verdict.holds else "zhengming audit verify")


COMMAND = Command(("doctor",), "体检 / examine the installation", lambda _: None, _run)
