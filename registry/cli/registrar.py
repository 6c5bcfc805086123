"""``zhengming registrar create`` and ``zhengming api-client create``: for a database without demo data."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from cryptography import x509

from registry.cli.command import Command, configuration, open_database
from registry.flows.act import Caller
from registry.flows.registrar.api_client import CreateApiClient, create_api_client
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Flow, Runner
from registry.kernel.clock import SystemClock
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.tls import key_pin

OPERATOR = Caller("person", "cli", may_override=True)
PASSWORD_LENGTH = 16  # the most that RFC 5730's pw element holds


def _registrar_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="EPP 标识，3–16 位 / clID")
    parser.add_argument("--name", required=True, metavar="TEXT", help="机构名称 / name")
    parser.add_argument("--iana-id", type=int, default=None, metavar="N", help="IANA 注册商编号 / IANA registrar id")
    parser.add_argument("--email", default="", help="滥用举报邮箱 / abuse contact e-mail")
    parser.add_argument("--phone", default="", help="滥用举报电话 / abuse contact phone")
    parser.add_argument("--url", default="", help="网址 / web address")


def _create_registrar(args: argparse.Namespace) -> int:
    password = new_token()[:PASSWORD_LENGTH]
    order = CreateRegistrar(args.id, args.name, password, args.iana_id, args.email, args.phone, args.url)
    made = asyncio.run(run_act(args, lambda act: create_registrar(act, order)))
    print_json({"id": made.id, "name": made.name, "iana_id": made.iana_id, "password": password})
    return 0


def _certificate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="注册服务机构 / registrar")
    parser.add_argument("--file", type=Path, required=True, metavar="PEM", help="客户端证书 / client certificate")
    parser.add_argument("--user", default="", metavar="ID", help="只供这个用户使用 / for this user alone")


def _bind_certificate(args: argparse.Namespace) -> int:
    certificate = _certificate(args.file)
    subject, pin = certificate.subject.rfc4514_string(), key_pin(certificate)
    serial = f"{certificate.serial_number:x}"
    order = BindCertificate(args.id, pin, subject, certificate.not_valid_after_utc, args.user, serial)
    asyncio.run(run_act(args, lambda act: bind_certificate(act, order)))
    print_json({"id": args.id, "subject": subject, "spki_sha256": pin.hex()})
    return 0


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        zh, en = f"证书读不出：{path}", f"the certificate cannot be read: {error}"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="file", value=str(path)) from error


def _client_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--registrar", required=True, metavar="ID", help="所属注册服务机构 / registrar")


def _create_client(args: argparse.Namespace) -> int:
    made = asyncio.run(run_act(args, lambda act: create_api_client(act, CreateApiClient(args.registrar))))
    print_json({"client_id": made.client_id, "client_secret": made.secret})
    return 0


async def run_act(args: argparse.Namespace, flow: Flow[Any]) -> Any:
    """Run one act of the operator at the command line."""
    config = configuration(args)
    async with open_database(config) as db:
        return await Runner(db, SystemClock(), config).run(OPERATOR, flow)


def print_json(answer: Any) -> None:
    """One line of JSON on standard output; instants as ISO 8601."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")


REGISTRAR = Command(
    ("registrar", "create"), "新建注册服务机构 / create a registrar", _registrar_arguments, _create_registrar
)
CERTIFICATE = Command(
    ("registrar", "certificate"),
    "登记客户端证书 / bind a client certificate",
    _certificate_arguments,
    _bind_certificate,
)
API_CLIENT = Command(
    ("api-client", "create"), "新建接口客户端 / create a REST client", _client_arguments, _create_client
)
