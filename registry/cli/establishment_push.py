"""``zhengming establishment push``: a province's file to the registry, in batches that are safe to send again.

Each batch has a key of its own, made from the content of the file and where the batch begins. The same command after a break therefore
goes on where it was: what was taken is answered, not carried out again. ``--series`` makes other keys, for a file that is to
be sent anew (after its import was taken back).
"""

import argparse
import json
import os
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import Any

from registry.cli.command import Command
from registry.cli.progress import watching
from registry.cli.push_remote import Remote
from registry.establishment.files import Source, open_source
from registry.establishment.rows import Rejected
from registry.establishment.staging import Progress
from registry.flows.establishment.batch import MAX_BATCH_BYTES, MAX_BATCH_ROWS
from registry.kernel.errors import Fault, Reason, Refusal

SECRET = "ZHENGMING_CLIENT_SECRET"  # noqa: S105 - the name of the variable, not the secret
ROWS = 5_000  # a batch by default: answered in a second or two
COUNTED = ("inserted", "updated", "unchanged", "rejected")


@dataclass(slots=True)
class Parcel:
    """Rows that go together: JSON lines, and the line of the file that each of them comes from."""

    number: int
    content: bytearray = field(default_factory=bytearray)
    lines: list[int] = field(default_factory=list)


def parcels(source: Source, rows: int, unreadable: list[Rejected]) -> Iterator[Parcel]:
    """The rows of a file in parcels within the bounds of the server; what cannot even be read as a row goes to ``unreadable``."""
    parcel = Parcel(1)
    for row in source.rows():
        if isinstance(row, Rejected):
            unreadable.append(row)
            continue
        line = json.dumps({key: cell for key, cell in row.cells.items() if cell}, ensure_ascii=False).encode() + b"\n"
        if parcel.lines and (len(parcel.lines) >= rows or len(parcel.content) + len(line) > MAX_BATCH_BYTES):
            yield parcel
            parcel = Parcel(parcel.number + 1)
        parcel.content += line
        parcel.lines.append(row.line)
    if parcel.lines:
        yield parcel


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV、XLSX 或 JSON 行 / CSV, XLSX or JSON lines")
    parser.add_argument(
        "--url", required=True, help="注册局地址，如 https://registry.example / address of the registry"
    )
    parser.add_argument("--client-id", required=True, metavar="ID", help="客户端标识 / client id")
    parser.add_argument(
        "--secret-file", type=Path, metavar="FILE", help=f"密钥所在文件，默认取环境变量 {SECRET} / file with the secret"
    )
    parser.add_argument(
        "--ca", type=Path, metavar="PEM", help="服务器证书的签发机构 / authority of the server's certificate"
    )
    parser.add_argument(
        "--batch-rows", type=_rows, default=ROWS, metavar="N", help=f"每批行数，默认 {ROWS} / rows a batch"
    )
    parser.add_argument("--preview", action="store_true", help="预演，不写入 / tell what would change, write nothing")
    parser.add_argument(
        "--series", default="", metavar="TEXT", help="换一组幂等键，重新报送同一文件 / send the same file anew"
    )


def _rows(text: str) -> int:
    rows = int(text)
    if not 1 <= rows <= MAX_BATCH_ROWS:
        raise ValueError(text)
    return rows


def _run(args: argparse.Namespace) -> int:
    source = open_source(args.file)
    remote = Remote(args.url, args.client_id, _secret(args), sleep, _say, _trust(args))
    totals = dict.fromkeys(COUNTED, 0)
    unreadable: list[Rejected] = []
    sent = 0
    with watching(source.name) as watch:
        for parcel in parcels(source, args.batch_rows, unreadable):
            answer = remote.push(_key(source, args, parcel), bytes(parcel.content), preview=args.preview)
            _show(answer, parcel)
            totals = {name: totals[name] + answer["counts"][name] for name in COUNTED}
            sent += len(parcel.lines)
            watch(Progress(sent, None))
    for row in unreadable:
        _print(f"{row}")
    totals["rejected"] += len(unreadable)
    _print(json.dumps({"preview": totals} if args.preview else totals))
    return 0


def _key(source: Source, args: argparse.Namespace, parcel: Parcel) -> str:
    """The same for the same file cut the same way."""
    series = f"{args.series}-" if args.series else ""
    return f"{series}{source.sha256.hex()[:32]}-{args.batch_rows}-{parcel.number}"


def _secret(args: argparse.Namespace) -> str:
    try:
        secret = args.secret_file.read_text().strip() if args.secret_file else os.environ.get(SECRET, "")
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"密钥文件无法读取 / the secret cannot be read: {args.secret_file}: {error}") from error
    if not secret:
        zh, en = f"没有密钥：请设置 {SECRET} 或给出 --secret-file", f"no secret: set {SECRET} or give --secret-file"
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="secret")
    return secret


def _trust(args: argparse.Namespace) -> ssl.SSLContext | None:
    if args.ca is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(args.ca))
    except (OSError, ssl.SSLError) as error:
        raise Fault(f"证书文件无法使用 / the certificates cannot be used: {args.ca}: {error}") from error


def _show(answer: dict[str, Any], parcel: Parcel) -> None:
    """One line a batch on standard error, and one a refused row, by its line in the file, on standard output."""
    for row in answer["rejections"]:
        told = "; ".join(
            f"{one.get('where', '')}: {one['message']['zh']} / {one['message']['en']}" for one in row["problems"]
        )
        line = parcel.lines[row["row"] - 1]
        _print(f"第 {line} 行 / line {line} {row['uscc']}: {told}")
    if answer["state"] != "preview":
        first, last = parcel.lines[0], parcel.lines[-1]
        _say(
            f"第 {first}–{last} 行 / lines {first}–{last}: {answer['id']} {answer['state']} {json.dumps(answer['counts'])}"
        )

    if answer["state"] == "rolled_back":
        _say("注册局已回退此批；重新报送请用 --series / the registry took this batch back; send it anew with --series")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def _say(line: str) -> None:
    sys.stderr.write(f"\r\x1b[K{line}\n" if sys.stderr.isatty() else f"{line}\n")


PUSH = Command(("establishment", "push"), "联网报送机构 / push bodies to the registry online", _arguments, _run)
