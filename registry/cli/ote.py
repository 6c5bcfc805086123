"""OT&E, operational testing and evaluation: a second instance where registrars practise, and nothing is real.

``zhengming up --ote`` runs it beside production: data below ``DATA/ote`` (a database, keys and certificates of its own), ports from the base
+ 100, the mark ``OT&E`` in every greeting. A database says what it is for (table ``instance``), and ``up`` of the one kind does not start on one
of the other. ``accounts/accounts.json`` in it is the source of the accounts: a reset throws the database away and makes the same accounts again, so
registrars' clients go on working.
"""

import argparse
import asyncio
import fcntl
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from registry.cli.certificates import private_authority
from registry.cli.command import Command, configuration, open_database
from registry.cli.demo import REAL_BODIES, TEST_ZONE
from registry.cli.instance import as_ote, claim
from registry.establishment.exporting import write_bodies
from registry.establishment.generate import demo_bodies
from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.registrar.api_client import CreateApiClient, create_api_client
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING, SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.tls import issue, key_pin, read_pair, write_secret
from registry.model.zone import Zone
from registry.store import registrars, tlds

CALLER = Caller("job", "ote", may_override=True)
FIRST = ("ote-1", "ote-2")  # two, because a transfer wants two registrars
PASSWORD_LENGTH = 16  # what RFC 5730's pw holds
TABLE = "zh-2022-05-31-93149ffa"


async def fill(config: Config, db: Database) -> None:
    """Bodies, the test zone, and every account of the list; whatever is there already stays as it is."""
    runner = Runner(db, SystemClock(), config)
    accounts = _accounts(config)
    if not await db.fetchval("select exists (select from body)"):
        made = _folder(config) / "bodies.csv"
        write_bodies(made, demo_bodies(SystemClock().now().astimezone(BEIJING).date()))
        for path in (made, REAL_BODIES):
            await import_file(db, path, snapshot=False, actor=CALLER.actor, clock=SystemClock())
    async with db.transaction() as conn:
        if await tlds.find(conn, TEST_ZONE) is None:
            await tlds.add(
                conn, Zone(TEST_ZONE, TEST_ZONE, TEST_ZONE, TABLE, "none", runner.clock.now(), idn_only=False)
            )
    for account in accounts:
        await _make(runner, account)


def _folder(config: Config) -> Path:
    folder = config.data / "accounts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _accounts(config: Config) -> list[dict[str, Any]]:
    """The list, made at the first start."""
    path = _folder(config) / "accounts.json"
    if not path.exists():
        _write(config, [_drawn(config, name) for name in FIRST])
    accounts: list[dict[str, Any]] = json.loads(path.read_text())["registrars"]
    return accounts


def _write(config: Config, accounts: list[dict[str, Any]]) -> None:
    text = json.dumps({"registrars": accounts}, ensure_ascii=False, indent=2)
    write_secret(_folder(config) / "accounts.json", text.encode())


def _drawn(config: Config, name: str) -> dict[str, Any]:
    """An account that does not exist yet: passwords, and a certificate of this instance's own authority."""
    folder = _folder(config)
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    issue(private_authority(config), name, SystemClock().now()).write(certificate, key)
    shutil.copyfile(config.secret("client-ca.pem"), folder / "ca.pem")
    return {
        "id": name,
        "password": new_token()[:PASSWORD_LENGTH],
        "cert": str(certificate),
        "key": str(key),
        "client_id": f"ote-{name}",
        "client_secret": new_token(),
    }


async def _make(runner: Runner, account: dict[str, Any]) -> None:
    async def make(act: Act) -> None:
        if await registrars.find(act.conn, account["id"]) is not None:
            return
        await create_registrar(act, CreateRegistrar(account["id"], f"OT&E {account['id']}", account["password"]))
        pair = read_pair(Path(account["cert"]), Path(account["key"]))
        ends = pair.certificate.not_valid_after_utc
        await bind_certificate(act, BindCertificate(account["id"], key_pin(pair.certificate), account["id"], ends))
        await create_api_client(act, CreateApiClient(account["id"], account["client_id"], account["client_secret"]))

    await runner.run(CALLER, make)


def _account_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="NAME", help="注册服务机构的名字，得到 NAME-1 和 NAME-2 / gives NAME-1 and NAME-2"
    )


def _account(args: argparse.Namespace) -> int:
    config = _configured(args)
    known = _accounts(config)
    names = [f"{args.name}-{number}" for number in (1, 2)]
    if any(account["id"] in names for account in known):
        zh, en = f"已有账户 {names[0]}", f"there is an account {names[0]} already"
        raise Refusal(Reason.ALREADY_EXISTS, zh, en, where="name", value=args.name)
    made = [_drawn(config, name) for name in names]
    asyncio.run(_add(config, made))
    _write(config, [*known, *made])
    sys.stdout.write(json.dumps({"registrars": made}, ensure_ascii=False) + "\n")
    return 0


async def _add(config: Config, made: list[dict[str, Any]]) -> None:
    async with open_database(config) as db:
        await claim(config, db)
        runner = Runner(db, SystemClock(), config)
        for account in made:
            await _make(runner, account)


def _reset_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", required=True, help="确认清空 / yes, throw everything away")


def _reset(args: argparse.Namespace) -> int:
    config = _configured(args)
    if config.database.url:
        raise Fault("外部数据库请自行清空 / an external database is emptied by hand")
    config.data.mkdir(parents=True, exist_ok=True)
    with (config.data / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault("OT&E 正在运行，请先停止 / OT&E is running: stop it first") from None
        asyncio.run(_start_anew(config))
    sys.stdout.write(json.dumps({"reset": str(config.data)}) + "\n")
    return 0


async def _start_anew(config: Config) -> None:
    async with open_database(config) as db:
        await claim(config, db)  # a fault here, before anything is thrown away, when it is no OT&E database
    shutil.rmtree(config.data / "postgresql")
    async with open_database(config) as db:
        await claim(config, db)
        await fill(config, db)


def _configured(args: argparse.Namespace) -> Config:
    return as_ote(configuration(args), has_data=args.data is not None, has_port=False)


ACCOUNT = Command(
    ("ote", "account"), "在 OT&E 中为一家机构开两个账户 / two accounts in OT&E", _account_arguments, _account
)
RESET = Command(("ote", "reset"), "清空 OT&E，账户照旧 / empty OT&E, the accounts stay", _reset_arguments, _reset)
