"""What the answers look like, letter by letter, and that nothing hidden is in any of them."""

import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.whois.conftest import Doors
from tests.whois.test_port43 import asked
from tests.whois.world import BUREAU, PLAIN, SECRETS, TAX, TSINGHUA, UNIVERSITY
from whois.lines import block, line

GOLDEN = Path(__file__).parent / "golden"
QUERIES = {
    "domain-body": "清华大学.公益",
    "domain-traditional": "國家稅務總局.政务",
    "domain-plain": PLAIN,
    "variant": "国家稅务总局.政务",
    "missing": "没有的.公益",
    "host": f"nameserver ns1.{UNIVERSITY}",
    "registrar": "registrar 9995",
    "body": TAX,
    "help": "help",
    "error": "nonsense",
}
KEY_VALUE = re.compile(r"[A-Z][A-Za-z/ ]*: \S.*|%.*|>>> .+ <<<|")  # docs/protocols/whois.md, "Grammar"


async def test_answers_stay_as_they_are(doors: Doors) -> None:
    """Answers on port 43 are compared with what is on file; ``ZHENGMING_GOLDEN=1`` writes the files anew for review."""
    for name, query in QUERIES.items():
        answer = (await asked(doors.port, f"{query}\n".encode())).replace(doors.world.mark, "MARK")
        path = GOLDEN / f"{name}.txt"
        if os.environ.get("ZHENGMING_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(answer.encode())
        assert answer == path.read_bytes().decode(), name


async def test_every_line_follows_the_grammar(doors: Doors) -> None:
    """Every line is a key with a value, a remark, the line of the last update, or blank."""
    for query in QUERIES.values():
        for text in (await asked(doors.port, f"{query}\n".encode())).split("\r\n"):
            assert KEY_VALUE.fullmatch(text), text


@pytest.mark.parametrize("evil", ["a\r\nRegistrant Name: 国务院", "a\u2028b", "a\u0085b", "a\x00b\x1b[31m"])
def test_no_value_breaks_out_of_its_line(evil: str) -> None:
    """Line ends and control characters in stored values cannot forge a line."""
    assert len(line("Registrar", evil).splitlines()) == 1
    assert len(block((("Registrar", evil), ("Street", "x"))).splitlines()) == 2


async def outputs(doors: Doors) -> dict[str, str]:
    """Every answer of every door about everything that is registered."""
    names = [UNIVERSITY, BUREAU, PLAIN, "国家稅务总局.政务"]
    found = {}
    for query in (*names, *QUERIES.values(), TSINGHUA, "registrar registrar-a"):
        found[f"port43 {query}"] = await asked(doors.port, f"{query}\n".encode())
    entities = [f"C{number}-CONAC" for number in range(1, 9)]
    paths = [
        *(f"/rdap/domain/{name}" for name in names),
        *(f"/rdap/entity/{one}" for one in (*entities, "9995", "c-person", "c-tech", TSINGHUA, TAX)),
        f"/rdap/nameserver/ns1.{UNIVERSITY}", "/rdap/help", "/directory", "/lookup",
        *(f"/lookup?q={quote(q)}" for q in (*names, TSINGHUA, TAX, "大学", "c-person", "张晓明", "C1-CONAC")),
    ]  # fmt: skip
    for path in paths:
        async with doors.client.get(doors.url + path) as answer:
            found[path] = await answer.text()
    return found


async def test_nothing_hidden_leaks(doors: Doors) -> None:
    """No answer of any door holds a value that the policy hides (but for what the asker typed himself)."""
    for place, text in (await outputs(doors)).items():
        leaks = [secret for secret in SECRETS if secret in text and secret not in place and quote(secret) not in place]
        assert not leaks, f"{place}: {leaks}"


async def test_what_a_contact_opened_is_everywhere(doors: Doors) -> None:
    """The check above can see: a contact that allows its name is found by the same search."""
    found = await outputs(doors)
    assert "值班台" in found[f"port43 {PLAIN}"]
    assert "值班台" in found[f"/rdap/domain/{PLAIN}"]
