"""PyPI's EPP (imported as eppy), an old client that many registrars' programs are built on, unchanged over real TLS."""

import asyncio
import importlib
import os
from typing import Any

import pytest

from tests.epp.tls_world import Door

FILES = {"ssl_keyfile": "registrar-a.key", "ssl_certfile": "registrar-a.pem", "ssl_cacerts": "ca.pem"}
NAME, FREE, HOST = "eppy-name.zz--main-1234", "eppy-free.zz--main-1234", "ns1.eppy.icann"
CONTACT = {
    "id": "eppy-1", "email": "admin@example.cn", "voice": "+86.1062770334", "authInfo": {"pw": "k7Qw-mN42rX9pLs81tVbZ0"},
    "postalInfo": {"@type": "loc", "name": "王建国", "addr": {"street": ["双清路30号"], "city": "北京", "pc": "100084", "cc": "CN"}},
}  # fmt: skip
DOMAIN = {
    "name": NAME, "registrant": "eppy-1", "ns": {"hostObj": [HOST]}, "authInfo": {"pw": "k7Qw-mN42rX9pLs81tVbZ0"},
    "period": {"@unit": "y", "_text": "1"},
    "contact": [{"@type": "admin", "_text": "eppy-1"}, {"@type": "tech", "_text": "eppy-1"}],
}  # fmt: skip


# What the client uses of Python's past: ssl.wrap_socket, ssl.match_hostname, imp.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_eppy(door: Door) -> None:
    """A registrar's day: contact, host, domain, check, info, an update, a renewal, an empty queue, delete, logout."""
    assert await asyncio.to_thread(day_with_eppy, door) == [
        "EppCreateContactCommand 1000", "EppCreateHostCommand 1000", "EppCreateDomainCommand 1000", "EppCheckDomainCommand 1000",
        "EppInfoDomainCommand 1000", "EppUpdateDomainCommand 1000", "EppRenewDomainCommand 1000", "EppPollCommand 1300",
        "EppDeleteDomainCommand 1000", "EppLogoutCommand 1500",
    ]  # fmt: skip


def day_with_eppy(door: Door) -> list[str]:
    """Each command with the code that it was answered."""
    doc: Any = importlib.import_module("eppy.doc")  # imported here: it warns when it is
    client = importlib.import_module("eppy.client").EppClient(
        "127.0.0.1", door.port, ssl_validate_hostname=False, **{name: os.fspath(door.certificates / file) for name, file in FILES.items()}
    )  # fmt: skip
    try:
        assert client.login("registrar-a", "secret-of-a").success
        codes, expires = [], ""
        for command in commands(doc):
            if isinstance(command, doc.EppRenewDomainCommand):
                command["epp"]["command"]["renew"]["domain:renew"]["curExpDate"] = expires
            answer = client.send(command)
            codes.append(f"{type(command).__name__} {answer.code}")
            if isinstance(command, doc.EppInfoDomainCommand):
                expires = answer["epp"]["response"]["resData"]["domain:infData"]["exDate"][:10]
            if isinstance(command, doc.EppCheckDomainCommand):
                said = {
                    one["name"]["_text"]: one["name"]["@avail"]
                    for one in answer["epp"]["response"]["resData"]["domain:chkData"]["cd"]
                }
                assert {name: value in {"1", "true"} for name, value in said.items()} == {NAME: False, FREE: True}
        return codes
    finally:
        client.close()


def commands(doc: Any) -> list[Any]:
    """Made as the client's users make them: a tree of dictionaries under the command's path."""

    def made(kind: str, about: dict[str, Any]) -> Any:
        command = getattr(doc, f"Epp{kind}Command")
        tree: dict[str, Any] = about
        for step in reversed(command._path):
            tree = {step: tree}
        return command(tree)

    update = {"name": NAME, "add": {"status": {"@s": "clientHold"}}}
    expires = {"name": NAME, "curExpDate": "", "period": {"@unit": "y", "_text": "1"}}
    return [
        made("CreateContact", CONTACT), made("CreateHost", {"name": HOST}), made("CreateDomain", DOMAIN), made("CheckDomain", {"name": [NAME, FREE]}),
        made("InfoDomain", {"name": NAME}), made("UpdateDomain", update), made("RenewDomain", expires), doc.EppPollCommand("req"),
        made("DeleteDomain", {"name": NAME}), doc.EppLogoutCommand(),
    ]  # fmt: skip
