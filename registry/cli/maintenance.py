"""``zhengming maintenance``: announced windows of maintenance, which every registrar is told by poll (RFC 9167)."""

import argparse
import asyncio
from typing import Any

from registry.cli.acting import add_by, instant, operate_as
from registry.cli.command import Command
from registry.cli.registrar import print_json
from registry.flows.act import Act
from registry.flows.maintenance.announce import (
    AnnounceMaintenance,
    announce_maintenance,
    cancel_maintenance,
    change_maintenance,
)
from registry.flows.maintenance.info import InfoMaintenance, info_maintenance
from registry.model.maintenance import ENVIRONMENTS, REASONS, Impact, Maintenance, maintenance_json


def _system(text: str) -> Impact:
    """``EPP=full`` or ``EPP@epp.nic.example=partial``."""
    name, _, impact = text.rpartition("=")
    name, _, host = name.partition("@")
    return Impact(name, host, impact)


def _announce_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", default="", metavar="ID", help="编号，默认自动生成 / drawn when none is given")
    _common(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--title", required=True, metavar="TEXT", help="标题 / title")
    parser.add_argument(
        "--start", required=True, type=instant, metavar="TIME", help="开始，北京时间 / start, Beijing time"
    )
    parser.add_argument("--end", required=True, type=instant, metavar="TIME", help="结束 / end")
    parser.add_argument(
        "--system", required=True, action="append", type=_system, metavar="NAME[@HOST]=IMPACT",
        help="系统与影响 full、partial、none，可重复 / system and impact, may be repeated",
    )  # fmt: skip
    parser.add_argument("--zh", required=True, metavar="TEXT", help="中文说明 / description in Chinese")
    parser.add_argument("--en", required=True, metavar="TEXT", help="英文说明 / description in English")
    parser.add_argument("--reason", choices=REASONS, default="planned", help="计划内或紧急 / planned or emergency")
    parser.add_argument("--environment", choices=ENVIRONMENTS, default="production", help="环境 / environment")
    parser.add_argument(
        "--tld", action="append", default=[], metavar="TLD", help="后缀（A-label），默认全部 / zones, default all"
    )
    parser.add_argument("--detail", default="", metavar="URL", help="详情网址 / address with more")
    parser.add_argument("--reconnect", action="store_true", help="客户端须重连 / clients must connect anew")
    parser.add_argument(
        "--reimplement", action="store_true", help="客户端须改程序 / clients must change their programs"
    )
    add_by(parser)


def _order(args: argparse.Namespace) -> AnnounceMaintenance:
    return AnnounceMaintenance(
        title=args.title,
        systems=tuple(args.system),
        starts_at=args.start,
        ends_at=args.end,
        description_zh=args.zh,
        description_en=args.en,
        id=args.id,
        environment=args.environment,
        reason=args.reason,
        detail=args.detail,
        tlds=tuple(args.tld),
        reconnect=args.reconnect,
        reimplement=args.reimplement,
    )


def _announce(args: argparse.Namespace) -> int:
    _print(asyncio.run(operate_as(args, lambda act: announce_maintenance(act, _order(args)))))
    return 0


def _change_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="编号 / id")
    _common(parser)


def _change(args: argparse.Namespace) -> int:
    _print(asyncio.run(operate_as(args, lambda act: change_maintenance(act, _order(args)))))
    return 0


def _cancel_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="编号 / id")
    add_by(parser)


def _cancel(args: argparse.Namespace) -> int:
    _print(asyncio.run(operate_as(args, lambda act: cancel_maintenance(act, args.id))))
    return 0


def _list(args: argparse.Namespace) -> int:
    async def show(act: Act) -> list[dict[str, Any]]:
        found = await info_maintenance(act, InfoMaintenance())
        return [maintenance_json(one) for one in found] if isinstance(found, list) else []

    for line in asyncio.run(operate_as(args, show)):
        print_json(line)
    return 0


def _print(one: Maintenance) -> None:
    print_json(maintenance_json(one))


ANNOUNCE = Command(
    ("maintenance", "announce"), "发布系统维护通知 / announce maintenance", _announce_arguments, _announce
)
CHANGE = Command(("maintenance", "change"), "更改维护安排 / change announced maintenance", _change_arguments, _change)
CANCEL = Command(("maintenance", "cancel"), "取消维护 / call maintenance off", _cancel_arguments, _cancel)
LIST = Command(("maintenance", "list"), "列出维护安排 / list maintenance", add_by, _list)
