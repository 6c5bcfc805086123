"""Dump and restore a database with PostgreSQL's own programs."""

import subprocess
from pathlib import Path

from registry.kernel.errors import Fault
from registry.kernel.pg.binaries import program


def dump(url: str, target: Path) -> None:
    """A consistent copy of the database, taken while everything runs, in PostgreSQL's custom format."""
    _run(
        "pg_dump",
        "--format=custom",
        "--compress=gzip:6",
        "--no-owner",
        "--no-privileges",
        f"--file={target}",
        f"--dbname={url}",
    )


def load(url: str, source: Path) -> None:
    """Load a dump into an empty database, all of it or nothing."""
    _run(
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={url}",
        str(source),
    )


def schema(url: str) -> str:
    """The structure of a database as SQL, without lines that differ from run to run; what ``schema.golden.sql`` holds."""
    text = _run("pg_dump", "--schema-only", "--no-owner", "--no-privileges", "--no-comments", f"--dbname={url}")
    kept = [
        line
        for line in text.splitlines()
        if not line.startswith(("--", "\\restrict", "\\unrestrict", "SET ", "SELECT pg_catalog"))
    ]
    lines = [line for line, before in zip(kept, ["", *kept], strict=False) if line or before]
    return "\n".join(lines).strip() + "\n"


def _run(name: str, *args: str) -> str:
    result = subprocess.run([str(program(name)), *args], check=False, capture_output=True)  # noqa: S603  # our own program
    if result.returncode:
        raise Fault(f"{name} failed: {result.stderr.decode(errors='replace').strip()}")
    return result.stdout.decode()
