"""Programs that others wrote, unchanged: Debian's whois stands in test_port43; here whoisit, whodap and asyncwhois of PyPI.

Each is told where our zones live the way it is told of every other zone: by a bootstrap file in IANA's form (RFC 9224), which we publish,
and for WHOIS by the name and port of a server.
"""

import asyncio
from typing import Any

import asyncwhois
import httpx2
import pytest
import requests
import whodap
import whoisit
from asyncwhois.query import DomainQuery
from tldextract import TLDExtract

from registry.kernel.names import to_a
from tests.whois.conftest import Doors
from tests.whois.world import BUREAU, PLAIN, UNIVERSITY

ZONE = to_a("公益")
ELSEWHERE = ["https://rdap.example/"]


def others(*of: str) -> dict[str, Any]:
    """What IANA says of a kind of resource that is not ours."""
    return {"version": "1.0", "publication": "2026-06-01T00:00:00Z", "services": [[*map(list, [of]), ELSEWHERE]]}


async def bootstrap(doors: Doors) -> dict[str, Any]:
    """Our own file."""
    async with doors.client.get(f"{doors.url}/rdap/bootstrap/dns.json") as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


async def test_the_bootstrap_file_names_all_zones(doors: Doors) -> None:
    """RFC 9224: version, publication, and one service with every zone of ours as A-label and a base address that ends in a slash."""
    found = await bootstrap(doors)
    assert found["version"] == "1.0"
    ((zones, bases),) = found["services"]
    assert {ZONE, to_a("政务"), "zz--main-1234"} <= set(zones)
    assert bases == [f"{doors.url}/rdap/"]


async def test_whoisit_reads_a_name(doors: Doors) -> None:
    """Whoisit finds our base in the bootstrap file, asks, and parses name, status, registrar and dates."""
    whoisit.clear_bootstrapping()
    data = {
        "timestamp": 1780000000,
        "dns": await bootstrap(doors),
        "asn": others("1-1"),
        "ipv4": others("192.0.2.0/24"),
        "ipv6": others("2001:db8::/32"),
    }
    data["object"] = {**others(), "services": [[["x@y.example"], ["EX"], ELSEWHERE]]}
    whoisit.load_bootstrap_data(data, from_json=False, allow_insecure=True)
    with requests.Session() as session:
        whoisit.set_session(session)
        found_both = [await asyncio.to_thread(whoisit.domain, asked) for asked in (UNIVERSITY, PLAIN)]
        whoisit.clear_session()
    for asked, found in zip((UNIVERSITY, PLAIN), found_both, strict=True):
        assert found["name"].lower() == asked
        assert found["entities"]["registrar"][0]["handle"] == "9995"
        assert found["registration_date"] == doors.clock.now()


async def test_whodap_reads_a_name(doors: Doors) -> None:
    """Whodap finds our base in the bootstrap file, and turns the answer into WHOIS keys."""
    async with httpx2.AsyncClient() as http:
        client = whodap.DNSClient(http)
        client._set_iana_info(await bootstrap(doors))
        answer = await client.aio_lookup(UNIVERSITY.partition(".")[0], ZONE)
        found = answer.to_whois_dict()
        assert found["domain_name"] == UNIVERSITY
        assert found["registrar_name"] == "演示注册服务机构甲"
        assert found["registrant_name"] == "清华大学"
        with pytest.raises(whodap.errors.NotFoundError):
            await client.aio_lookup("nobody-has-this", ZONE)


@pytest.mark.filterwarnings(
    "ignore:The 'registered_domain' property:DeprecationWarning"
)  # asyncwhois has not followed its library yet
async def test_asyncwhois_reads_a_name(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asyncwhois asks port 43 and parses the registrar, the dates, the statuses and the holder out of our lines."""
    monkeypatch.setattr(DomainQuery, "whois_port", doors.port)
    monkeypatch.setattr(DomainQuery, "iana_server", "127.0.0.1")
    monkeypatch.setattr(DomainQuery, "_get_server_name", staticmethod(lambda _: "127.0.0.1"))
    extract = TLDExtract(suffix_list_urls=(), extra_suffixes=("公益", "政务", ZONE))
    for asked in (UNIVERSITY, BUREAU):
        text, found = await asyncwhois.aio_whois(asked, find_authoritative_server=False, tldextract_obj=extract)
        assert "Registry Domain ID" in text
        assert found["domain_name"].lower() == asked
        assert found["registrar"] == "演示注册服务机构甲"
        assert found["registrant_name"] in ("清华大学", "国家税务总局")
        assert found["created"] is not None
        assert found["expires"] is not None
    with pytest.raises(asyncwhois.NotFoundError):
        await asyncwhois.aio_whois(f"nobody-has-this.{ZONE}", find_authoritative_server=False, tldextract_obj=extract)
