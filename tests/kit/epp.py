"""Registrars' clients: Net::EPP (Perl) and pyepp, which nobody here wrote, and a plain one of ours for load."""

import asyncio
import itertools
import json
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyepp import EppCommunicator

from tests.epp.tls_world import Client, login
from tests.kit.system import System

PERL = Path(__file__).with_name("netepp.pl")
NUMBERS = itertools.count(1)
NS = 'xmlns="urn:ietf:params:xml:ns:epp-1.0"'


def net_epp(system: System, registrar: str, steps: list[list[Any]]) -> list[dict[str, Any]]:
    """Log in with Debian's Net::EPP and take the steps; one answer each."""
    account = system.registrar(registrar)
    job = {
        "host": "localhost",
        "port": system.port("epp"),
        "ca": str(system.data / "demo" / "ca.pem"),
        "cert": account["cert"],
        "key": account["key"],
        "id": account["id"],
        "password": account["password"],
        "steps": steps,
    }
    run = subprocess.run(
        ["perl", str(PERL)], input=json.dumps(job).encode(), capture_output=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr.decode()
    return [json.loads(line) for line in run.stdout.splitlines()]


@contextmanager
def py_epp(system: System, registrar: str, monkeypatch: Any) -> Iterator[EppCommunicator]:
    """PyPI's pyepp, logged in; it trusts what SSL_CERT_FILE names, as any Python client does."""
    monkeypatch.setenv("SSL_CERT_FILE", str(system.data / "demo" / "ca.pem"))
    account = system.registrar(registrar)
    client = EppCommunicator("localhost", str(system.port("epp")), account["cert"], account["key"])
    client.connect()
    tls = client._ssl_socket
    try:
        client.login(account["id"], account["password"], ["verificationCode-1.0"])
        yield client
        client.logout()
    finally:
        client.disconnect()
        tls.close()  # pyepp leaves it to the garbage collector


async def plain_client(system: System, registrar: str = "registrar-a") -> Client:
    """A logged-in connection for load and faults."""
    account = system.registrar(registrar)
    context = ssl.create_default_context(cafile=str(system.data / "demo" / "ca.pem"))
    context.load_cert_chain(account["cert"], account["key"])
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", system.port("epp"), ssl=context, server_hostname="localhost"
    )
    client = Client(reader, writer)
    try:
        client.greeting = await client.receive()
        answer = await client.ask(login(account["id"], account["password"]))
        assert b'code="1000"' in answer, answer.decode()
    except BaseException:
        await client.close()
        raise
    return client


def create_domain(name: str, *, hosts: tuple[str, ...] = (), registrant: str = "", code: str = "") -> bytes:
    """A domain:create; ``code`` is an encoded signed code of the verification service."""
    ns = "".join(f"<d:hostObj>{host}</d:hostObj>" for host in hosts)
    extension = (
        '<extension><v:encodedSignedCode xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0">'
        f"<v:code>{code}</v:code></v:encodedSignedCode></extension>"
        if code
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><epp {NS}><command><create><d:create xmlns:d="urn:ietf:params:xml:ns:domain-1.0">'
        f"<d:name>{name}</d:name>{f'<d:ns>{ns}</d:ns>' if ns else ''}"
        f"{f'<d:registrant>{registrant}</d:registrant>' if registrant else ''}"
        f"<d:authInfo><d:pw/></d:authInfo></d:create></create>{extension}<clTRID>{next(NUMBERS):06}</clTRID></command></epp>"
    ).encode()


def check_domain(name: str) -> bytes:
    """A domain:check of one name."""
    return (
        f'<epp {NS}><command><check><d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>{name}</d:name></d:check></check>'
        "<clTRID>check-1</clTRID></command></epp>"
    ).encode()


def create_contact(identifier: str) -> bytes:
    """A contact:create with a Chinese and a Latin postal form."""
    return (
        f'<epp {NS}><command><create><c:create xmlns:c="urn:ietf:params:xml:ns:contact-1.0"><c:id>{identifier}</c:id>'
        '<c:postalInfo type="loc"><c:name>域名管理员</c:name><c:org>清华大学</c:org><c:addr><c:street>清华园1号</c:street><c:city>北京</c:city>'
        "<c:pc>100084</c:pc><c:cc>CN</c:cc></c:addr></c:postalInfo>"
        '<c:postalInfo type="int"><c:name>Name Office</c:name><c:org>Tsinghua University</c:org><c:addr><c:street>1 Qinghuayuan</c:street>'
        "<c:city>Beijing</c:city><c:pc>100084</c:pc><c:cc>CN</c:cc></c:addr></c:postalInfo>"
        "<c:voice>+86.1062770334</c:voice><c:email>dns@tsinghua.example</c:email><c:authInfo><c:pw/></c:authInfo></c:create></create>"
        "<clTRID>contact-1</clTRID></command></epp>"
    ).encode()


def create_host(name: str) -> bytes:
    """A host:create of an outside name server."""
    return (
        f'<epp {NS}><command><create><h:create xmlns:h="urn:ietf:params:xml:ns:host-1.0"><h:name>{name}</h:name></h:create></create>'
        "<clTRID>host-1</clTRID></command></epp>"
    ).encode()
