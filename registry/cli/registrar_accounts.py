"""``zhengming registrar list|show|status|limits|rights|user|password|person|reports``: operators look after accounts. All of it is audited."""

import argparse
import asyncio
import base64
import sys
from typing import Any

from registry.cli.command import Command
from registry.cli.registrar import PASSWORD_LENGTH, print_json, run_act
from registry.flows.person.create import CreatePerson, create_person
from registry.flows.registrar.account import Account, list_accounts, read_account
from registry.flows.registrar.change_password import ChangePassword, change_password
from registry.flows.registrar.limits import SetLimits, SetRights, set_limits, set_rights
from registry.flows.registrar.set_status import SetStatus, set_status
from registry.flows.registrar.users import CreateUser, SetUserStatus, create_user, rights_from, set_user_status
from registry.flows.report.read import list_reports, name_of, read_report
from registry.kernel.ids import new_bytes, new_token
from registry.model.person import Role
from registry.model.registrar import Limits, RegistrarStatus, UserStatus

TOTP_OCTETS = 20  # RFC 4226 section 4, R6


def _id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="注册服务机构 / registrar")


def _user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", default="", metavar="ID", help="只对这个用户 / for this user alone")


def _reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, metavar="TEXT", help="理由，写入审计 / reason, kept")


def _nothing(_: argparse.ArgumentParser) -> None:
    pass


def _list(args: argparse.Namespace) -> int:
    for one in asyncio.run(run_act(args, list_accounts)):
        print_json(one)
    return 0


def _show(args: argparse.Namespace) -> int:
    account: Account = asyncio.run(run_act(args, lambda act: read_account(act, args.id)))
    standing, limits = account.standing, account.limits
    print_json(
        {
            "id": standing.id,
            "name": standing.registrar.name,
            "status": standing.registrar.status.value,
            "reason": account.status_reason,
            "rights": sorted(standing.rights),
            "limits": {
                "rate": limits.rate,
                "burst": limits.burst,
                "left": round(account.level) if limits.rate else None,
            },
            "sessions": {"open": len(account.sessions), "max": account.max_sessions},
            "users": [
                {"id": one.id, "name": one.name, "status": one.status.value, "rights": sorted(one.rights)}
                for one in account.users
            ],
            "keys": [
                {"key": one.spki_sha256.hex(), "subject": one.subject, "user": one.user_id, "not_after": one.not_after}
                for one in account.certificates
                if one.revoked_at is None
            ],
            "networks": [
                {"number": one.id, "network": str(one.network), "user": one.user_id, "state": one.state}
                for one in account.networks
            ],
            "webhook": account.webhook_url,
        }
    )
    return 0


def _status_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("status", choices=[one.value for one in RegistrarStatus], help="状态 / state")
    _reason(parser)


def _status(args: argparse.Namespace) -> int:
    order = SetStatus(args.id, RegistrarStatus(args.status), args.reason)
    asyncio.run(run_act(args, lambda act: set_status(act, order)))
    return _said({"id": args.id, "status": args.status})


def _limit_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    _user(parser)
    parser.add_argument(
        "--rate", type=float, default=None, metavar="N", help="每秒命令数，不给则不限 / commands a second"
    )
    parser.add_argument("--burst", type=int, default=None, metavar="N", help="一次至多 / at once")
    parser.add_argument("--sessions", type=int, default=None, metavar="N", help="会话数 / sessions")


def _limits(args: argparse.Namespace) -> int:
    order = SetLimits(args.id, Limits(args.rate, args.burst, args.sessions), args.user)
    asyncio.run(run_act(args, lambda act: set_limits(act, order)))
    return _said({"id": args.id, "user": args.user, "rate": args.rate, "burst": args.burst, "sessions": args.sessions})


def _rights_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument(
        "rights", metavar="RIGHTS", help="full、read-only、no-delete、no-transfer、no-create 或逗号分隔"
    )
    _user(parser)


def _rights(args: argparse.Namespace) -> int:
    order = SetRights(args.id, rights_from(args.rights), args.user)
    asyncio.run(run_act(args, lambda act: set_rights(act, order)))
    return _said({"id": args.id, "user": args.user, "rights": sorted(order.rights)})


def _add_user_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("user", metavar="USER", help="登录标识，3–16 位 / clID of the login")
    parser.add_argument("--name", default="", metavar="TEXT", help="名称 / name")
    parser.add_argument("--rights", default="full", metavar="RIGHTS", help="权限 / rights")


def _add_user(args: argparse.Namespace) -> int:
    password = new_token()[:PASSWORD_LENGTH]
    order = CreateUser(args.id, args.user, password, args.name, rights_from(args.rights))
    asyncio.run(run_act(args, lambda act: create_user(act, order)))
    return _said({"id": args.id, "user": args.user, "rights": sorted(order.rights), "password": password})


def _user_status_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("user", metavar="USER", help="用户 / user")
    parser.add_argument("status", choices=[one.value for one in UserStatus], help="状态 / state")
    _reason(parser)


def _user_status(args: argparse.Namespace) -> int:
    order = SetUserStatus(args.id, args.user, UserStatus(args.status), args.reason)
    asyncio.run(run_act(args, lambda act: set_user_status(act, order)))
    return _said({"id": args.id, "user": args.user, "status": args.status})


def _password_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    _user(parser)


def _password(args: argparse.Namespace) -> int:
    password = new_token()[:PASSWORD_LENGTH]
    order = ChangePassword(args.id, password, args.user)
    asyncio.run(run_act(args, lambda act: change_password(act, order)))
    return _said({"id": args.id, "user": args.user, "password": password})


def _person_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("username", metavar="USER", help="门户用户名 / user name in the portal")
    parser.add_argument("--name", required=True, metavar="TEXT", help="姓名 / name")


def _person(args: argparse.Namespace) -> int:
    password, secret = new_token()[:20], base64.b32encode(new_bytes(TOTP_OCTETS)).decode()
    order = CreatePerson(args.username, args.name, Role.REGISTRAR, password, secret, registrar=args.id)
    asyncio.run(run_act(args, lambda act: create_person(act, order)))
    return _said({"username": args.username, "registrar": args.id, "password": password, "totp_secret": secret})


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("--file", default="", metavar="NAME", help="输出这份报表 / print this file")


def _reports(args: argparse.Namespace) -> int:
    if args.file:
        found = asyncio.run(run_act(args, lambda act: read_report(act, args.id, args.file)))
        sys.stdout.write(found.content)
        return 0
    for one in asyncio.run(run_act(args, lambda act: list_reports(act, args.id))):
        print_json({"name": name_of(one), "lines": one.lines, "sha256": one.sha256.hex(), "made_at": one.made_at})
    return 0


def _said(answer: dict[str, Any]) -> int:
    print_json(answer)
    return 0


LIST = Command(("registrar", "list"), "全部注册服务机构 / all registrars", _nothing, _list)
SHOW = Command(("registrar", "show"), "一家注册服务机构的账户 / the account of a registrar", _id, _show)
STATUS = Command(("registrar", "status"), "改变状态 / change the state", _status_arguments, _status)
LIMITS = Command(("registrar", "limits"), "速率和会话数 / rate and sessions", _limit_arguments, _limits)
RIGHTS = Command(("registrar", "rights"), "命令权限 / rights by command", _rights_arguments, _rights)
ADD_USER = Command(("registrar", "user", "add"), "新建登录用户 / add a login", _add_user_arguments, _add_user)
USER_STATUS = Command(
    ("registrar", "user", "status"), "用户状态 / the state of a login", _user_status_arguments, _user_status
)
PASSWORD = Command(("registrar", "password"), "换发登录口令 / draw a new password", _password_arguments, _password)
PERSON = Command(
    ("registrar", "person"), "为机构开通门户账户 / a portal account for the registrar", _person_arguments, _person
)
REPORTS = Command(("registrar", "reports"), "报表文件 / report files", _report_arguments, _reports)
