"""``zhengming exchange``: keys, trust, pack, inspect, apply, status; the offline way between data centres."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from registry.cli.command import Command, configuration, open_database
from registry.establishment.exchange.applying import Desk, Outcome, apply_package, inspect_package
from registry.establishment.exchange.keys import CentreKeys, load_keys
from registry.establishment.exchange.packing import PackOrder, pack
from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.store import exchange_packages as packages

ACTOR = "operator:cli"
PARKED, REFUSED = 3, 4  # exit codes, as those of a name decision: wait, no


def _keys_folder(config: Config) -> Path:
    return config.data / "keys" / "exchange"


def _exchange_folder(config: Config) -> Path:
    return config.data / "exchange"


def _centre(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--centre", default="00", metavar="NN",
        help="本数据中心：00 为中央，省级为区划代码前两位，默认 00 / this data centre: 00 or the first two digits of a province",
    )  # fmt: skip


def _with_database(
    work: Callable[[Database, Config, argparse.Namespace], Awaitable[int]],
) -> Callable[[argparse.Namespace], int]:
    async def run(args: argparse.Namespace) -> int:
        config = configuration(args)
        async with open_database(config) as db:
            return await work(db, config, args)

    return lambda args: asyncio.run(run(args))


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _make_keys(args: argparse.Namespace) -> int:
    folder = _keys_folder(configuration(args))
    try:
        keys = load_keys(folder, args.centre)
    except Refusal:
        keys = CentreKeys.new(args.centre)
        keys.write(folder)
    _print({"centre": keys.centre, "sign": keys.sign_public.hex(), "seal": keys.seal_public.hex()})
    return 0


def _trust_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--centre", required=True, metavar="NN", help="对方数据中心 / the other data centre")
    parser.add_argument("--sign", type=_key, metavar="HEX", help="其签名公钥 / its signing key")
    parser.add_argument("--seal", type=_key, metavar="HEX", help="其加密公钥 / its sealing key")
    parser.add_argument("--revoke", action="store_true", help="不再信任 / trust no longer")


def _key(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != 32:
        raise ValueError(text)
    return raw


async def _trust(db: Database, _: Config, args: argparse.Namespace) -> int:
    now = SystemClock().now()
    async with db.transaction() as conn:
        if await packages.centre_name(conn, args.centre) is None:
            zh, en = "没有这个数据中心", "there is no such data centre"
            raise Refusal(Reason.NOT_FOUND, zh, en, where="centre", value=args.centre)
        for purpose, key in (("sign", args.sign), ("seal", args.seal)):
            if key and args.revoke:
                await packages.distrust(conn, args.centre, purpose, key, now)
            elif key:
                await packages.trust(conn, args.centre, purpose, key, ACTOR, now)
    return 0


def _pack_arguments(parser: argparse.ArgumentParser) -> None:
    _centre(parser)
    parser.add_argument(
        "--to", default="00", metavar="NN", help="接收方，默认 00 中央 / receiver, the central one by default"
    )
    parser.add_argument("--snapshot", action="store_true", help="全部机构，默认只报变动 / everything, not only changes")
    parser.add_argument("--seal", action="store_true", help="加密给接收方 / encrypt to the receiver")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="写到，默认 DATA/exchange/out / folder")


async def _pack(db: Database, config: Config, args: argparse.Namespace) -> int:
    keys = load_keys(_keys_folder(config), args.centre)
    order = PackOrder(keys, args.to, args.snapshot, args.seal, ACTOR)
    made = await pack(db, order, args.out or _exchange_folder(config) / "out", SystemClock())
    _print(
        {
            "file": str(made.path),
            "sequence": made.manifest.sequence,
            "rows": made.manifest.rows,
            "sha256": made.sha256.hex(),
        }
    )
    return 0


def _file_arguments(parser: argparse.ArgumentParser) -> None:
    _centre(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="数据交换包或回执 / exchange package or receipt")


def desk_of(db: Database, config: Config, centre: str) -> Desk:
    """Where packages for this centre are received."""
    return Desk(db, load_keys(_keys_folder(config), centre), _exchange_folder(config), ACTOR, SystemClock())


async def _inspect(db: Database, config: Config, args: argparse.Namespace) -> int:
    package, verdict = await inspect_package(desk_of(db, config, args.centre), args.file)
    _print({"sha256": package.sha256.hex(), "verdict": verdict.state, "zh": verdict.zh, "en": verdict.en,
            "manifest": msgspec.to_builtins(package.manifest)})  # fmt: skip
    return {"apply": 0, "parked": PARKED, "refused": REFUSED}[verdict.state]


async def _apply(db: Database, config: Config, args: argparse.Namespace) -> int:
    return await receive(db, config, args.centre, args.file)


async def receive(db: Database, config: Config, centre: str, path: Path) -> int:
    """Apply a package and print what became of it and of those that waited for it; the exit code is of the first."""
    outcomes = await apply_package(desk_of(db, config, centre), path)
    for outcome in outcomes:
        _show(outcome)
    return {"parked": PARKED, "refused": REFUSED}.get(outcomes[0].state, 0)


def _show(outcome: Outcome) -> None:
    for row in outcome.report.rejections if outcome.report else ():
        sys.stdout.write(f"{row}\n")
    _print({
        "sender": outcome.sender, "sequence": outcome.sequence, "state": outcome.state, "zh": outcome.zh, "en": outcome.en,
        "counts": outcome.report.counts() if outcome.report else {}, "receipt": str(outcome.receipt or ""),
    })  # fmt: skip


async def _status(db: Database, _: Config, __: argparse.Namespace) -> int:
    async with db.transaction(readonly=True) as conn:
        for peer in await packages.peers(conn):
            _print({"sender": peer.peer, "applied": peer.applied, "parked": peer.parked, "missing": peer.missing})
        for one in await packages.recent(conn):
            _print({"direction": one.direction, "peer": one.peer, "sequence": one.sequence, "state": one.state,
                    "at": one.at.isoformat(), "zh": one.reason_zh, "en": one.reason_en, "counts": dict(one.counts)})  # fmt: skip
    return 0


def _nothing(_: argparse.ArgumentParser) -> None:
    """Nothing but what all commands take."""


KEYS = Command(("exchange", "keys"), "本数据中心的密钥 / keys of this data centre", _centre, _make_keys)
TRUST = Command(
    ("exchange", "trust"), "登记对方公钥 / trust another centre's keys", _trust_arguments, _with_database(_trust)
)
PACK = Command(("exchange", "pack"), "制作数据交换包 / make a package", _pack_arguments, _with_database(_pack))
INSPECT = Command(
    ("exchange", "inspect"), "查验数据交换包 / look at a package", _file_arguments, _with_database(_inspect)
)
APPLY = Command(
    ("exchange", "apply"), "入库数据交换包或回执 / apply a package or receipt", _file_arguments, _with_database(_apply)
)
STATUS = Command(("exchange", "status"), "往来与缺号 / what came, what is missing", _nothing, _with_database(_status))
