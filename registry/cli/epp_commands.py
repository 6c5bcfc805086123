"""``zhengming epp dry-run|act|log``: a command without a session, and the log of all of them."""

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from registry.cli.command import Command, configuration, open_database
from registry.cli.registrar import print_json, run_act
from registry.epp.on_behalf import Desk, Wish
from registry.flows.act import Caller
from registry.flows.command_log.search import Found, Wanted, cursor_from, search_commands
from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING, SystemClock
from registry.kernel.errors import Reason, Refusal

MAX_FILE = 1 << 17  # octets; a frame holds half of it


def _document_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE.xml", help="EPP 文档，- 为标准输入 / EPP document, - for standard input"
    )
    parser.add_argument("--registrar", required=True, metavar="ID", help="以哪家机构的名义 / in whose name")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="答复语言 / language of the answer")


def _dry_run(args: argparse.Namespace) -> int:
    sys.stdout.write(asyncio.run(_rehearse(args)).decode() + "\n")
    return 0


async def _rehearse(args: argparse.Namespace) -> bytes:
    config = configuration(args)
    async with open_database(config) as db:
        return await Desk(Runner(db, SystemClock(), config)).rehearse(_wish(args), asker="person:cli")


def _act_arguments(parser: argparse.ArgumentParser) -> None:
    _document_arguments(parser)
    parser.add_argument("--by", required=True, metavar="USER", help="系统管理员的用户名 / user name of the operator")
    parser.add_argument(
        "--reason", required=True, metavar="TEXT", help="理由，写入审计并告知该机构 / reason, audited and told"
    )


def _act(args: argparse.Namespace) -> int:
    sys.stdout.write(asyncio.run(_carry_out(args)).decode() + "\n")
    return 0


async def _carry_out(args: argparse.Namespace) -> bytes:
    config = configuration(args)
    async with open_database(config) as db:
        operator = Caller("person", args.by, may_override=True)
        return await Desk(Runner(db, SystemClock(), config)).act_for(operator, _wish(args), args.reason)


def _wish(args: argparse.Namespace) -> Wish:
    try:
        raw = sys.stdin.buffer.read(MAX_FILE) if str(args.file) == "-" else args.file.read_bytes()
    except OSError as error:
        zh, en = f"文件读不出：{args.file}", f"the file cannot be read: {error}"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="file", value=str(args.file)) from error
    return Wish(args.registrar, raw, args.language, "cli")


def _log_arguments(parser: argparse.ArgumentParser) -> None:
    for name, metavar, words in (
        ("--registrar", "ID", "注册服务机构 / registrar"),
        ("--object", "NAME", "域名、主机或联系人 / object"),
        ("--trid", "ID", "服务器或客户端事务编号 / transaction id of either side"),
        ("--command", "WORD", "命令 / command"),
        ("--since", "TIME", "自，ISO 8601 / from"),
        ("--until", "TIME", "至 / to"),
        ("--after", "CURSOR", "上一页给出的位置 / where the page before ended"),
    ):
        parser.add_argument(name, default="", metavar=metavar, help=words)
    parser.add_argument("--code", type=int, default=None, metavar="N", help="结果码 / result code")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="条数 / lines")
    parser.add_argument("--json", action="store_true", help="输出 JSON，含文档 / print JSON with the documents")


def _log(args: argparse.Namespace) -> int:
    wanted = Wanted(
        args.registrar, args.object, args.trid, args.command, args.code, _instant(args.since), _instant(args.until),
        cursor_from(args.after),
    )  # fmt: skip
    found: Found = asyncio.run(run_act(args, lambda act: search_commands(act, wanted, limit=args.limit)))
    for line in found.lines:
        if args.json:
            print_json({name: getattr(line, name) for name in line.__dataclass_fields__ if name != "seq"})
        else:
            at = line.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
            who = f"{line.registrar_id or '-'}{'/' + line.user_id if line.user_id else ''}"
            sys.stdout.write(
                f"{at} {who} {line.command} {line.kind} {' '.join(line.objects[:3])} {line.code} {line.mode} {line.trid}\n"
            )
    if found.cursor:
        sys.stderr.write(f"--after {found.cursor}\n")
    return 0


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        zh, en = "时间请写作 2026-06-01 或 2026-06-01T08:00", "write a time like 2026-06-01 or 2026-06-01T08:00"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="time", value=text[:40]) from error
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


DRY_RUN = Command(
    ("epp", "dry-run"), "试运行一条命令，不改变任何数据 / rehearse a command", _document_arguments, _dry_run
)
ACT = Command(("epp", "act"), "以注册服务机构的名义执行一条命令 / act for a registrar", _act_arguments, _act)
LOG = Command(("epp", "log"), "查命令记录 / search the command log", _log_arguments, _log)
