"""``zhengming token``: allocation tokens (RFC 8495), which set a name aside for whoever shows them."""

import argparse
import asyncio
from typing import Any

from registry.cli.acting import add_by, instant, operate_as
from registry.cli.command import Command
from registry.cli.registrar import print_json
from registry.flows.act import Act
from registry.flows.token.issue import ACTS, DEFAULT_DAYS, IssueToken, issue_token
from registry.flows.token.revoke import RevokeToken, revoke_token
from registry.flows.token.show import ShowTokens, show_tokens, standing_of
from registry.kernel.names import to_a
from registry.store.tokens import Token


def _issue_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="LABEL.TLD", help="名称，各种写法一并预留 / the name; every spelling is meant")
    parser.add_argument("--for", dest="act", choices=ACTS, default="create", help="用途 / what it is for")
    parser.add_argument("--registrar", default=None, metavar="ID", help="只限这家机构 / for this registrar alone")
    parser.add_argument(
        "--from", dest="valid_from", type=instant, default=None, metavar="TIME", help="生效时间 / valid from"
    )
    parser.add_argument(
        "--days", type=int, default=DEFAULT_DAYS, metavar="N", help=f"有效天数，默认 {DEFAULT_DAYS} / days"
    )
    parser.add_argument("--reason", required=True, metavar="TEXT", help="理由，写入审计 / reason, kept")
    add_by(parser)


def _issue(args: argparse.Namespace) -> int:
    order = IssueToken(args.name, args.reason, args.act, args.registrar, args.valid_from, args.days)
    made: Token = asyncio.run(operate_as(args, lambda act: issue_token(act, order)))
    print_json({"number": made.id, "token": made.token, "name": made.name, "valid_until": made.valid_until.isoformat()})
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", metavar="LABEL.TLD", help="只列这个名称 / of this name only")
    add_by(parser)


def _list(args: argparse.Namespace) -> int:
    name = to_a(args.name) if args.name else ""

    async def show(act: Act) -> list[dict[str, Any]]:
        return [_line(one, standing_of(one, act)) for one in await show_tokens(act, ShowTokens(name))]

    for line in asyncio.run(operate_as(args, show)):
        print_json(line)
    return 0


def _line(one: Token, standing: str) -> dict[str, Any]:
    """Without the secret: who lost it issues another."""
    return {
        "number": one.id,
        "name": one.name,
        "for": one.act,
        "registrar": one.registrar_id,
        "standing": standing,
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "used_by": one.used_by,
        "used_for": one.used_for,
        "issued_by": one.issued_by,
        "reason": one.reason,
    }


def _revoke_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER", help="编号 / number of the token")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="理由，写入审计 / reason, kept")
    add_by(parser)


def _revoke(args: argparse.Namespace) -> int:
    asyncio.run(operate_as(args, lambda act: revoke_token(act, RevokeToken(args.number, args.reason))))
    return 0


ISSUE = Command(("token", "issue"), "签发分配令牌 / issue an allocation token", _issue_arguments, _issue)
LIST = Command(("token", "list"), "列出分配令牌 / list allocation tokens", _list_arguments, _list)
REVOKE = Command(("token", "revoke"), "撤销分配令牌 / revoke an allocation token", _revoke_arguments, _revoke)
