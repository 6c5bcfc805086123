"""The compiled table that ships with the product."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.compact import SHIPPED, compile_table, load_table, read_table, shipped_table, write_table
from registry.policy.idn.rfc7940 import read_lgr

TEN = Path(__file__).parent / "ten.xml"


def test_a_compiled_table_is_the_table() -> None:
    """Reading a compiled table gives all that the source gave."""
    table, again = read_lgr(TEN), read_table(compile_table(TEN))
    for name in ("source", "repertoire", "han", "variants", "actions", "minimum", "simplify", "classes", "spv", "tpv"):
        assert getattr(again, name) == getattr(table, name), name
    assert [list(kinds) for kinds in again.variants.values()] == [list(k) for _, k in sorted(table.variants.items())]


def test_the_same_source_gives_the_same_bytes() -> None:
    """Compiling is repeatable: the file in the repository can be checked by anybody."""
    assert compile_table(TEN) == compile_table(TEN)
    assert write_table(shipped_table()) == write_table(load_table(SHIPPED))


def test_the_shipped_file_says_where_it_comes_from() -> None:
    """Its second line is readable: title, date, digest of the source, licence; the notice lies beside it."""
    magic, header = SHIPPED.read_bytes().split(b"\n")[:2]
    told = json.loads(header)
    assert magic == b"zhengming-idn 1"
    assert told["title"] == "Second Level Reference LGR for Chinese"
    assert told["date"] == "2022-05-31"
    assert told["sha256"] == "93149ffa8a6814a2708e5987138593312cc9ed1380f8a06f3da299ea75ca1360"
    assert "BSD" in told["licence"]
    assert "Redistribution" in (SHIPPED.parent / "zh.idn.licence.txt").read_text(encoding="utf-8")


def test_the_shipped_file_is_small_and_quick() -> None:
    """Under 200 kB, and read in at most 0.15 s of processor time in a fresh process."""
    assert SHIPPED.stat().st_size < 200_000
    program = (
        "from registry.policy.idn.compact import shipped_table; import time; begun = time.process_time();"
        "shipped_table(); print(time.process_time() - begun)"
    )
    best = min(
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout) for _ in "123"
    )
    assert best <= 0.15


def test_shipped_table_is_read_once() -> None:
    """Every caller gets the same table."""
    assert shipped_table() is shipped_table()


def damaged() -> dict[str, bytes]:
    """Compiled tables with something wrong."""
    good = compile_table(TEN)
    magic, header, packed = good.split(b"\n", 2)
    other = json.dumps(json.loads(header) | {"kinds": {}}).encode()
    bomb = zlib.compress(b"a" * (9 << 20), 9)
    return {
        "empty": b"",
        "another file": b"<lgr>",
        "another version": good.replace(b"zhengming-idn 1", b"zhengming-idn 2", 1),
        "cut off": good[:-9],
        "no body": magic + b"\n" + header,
        "no header": magic + b"\n{}\n" + packed,
        "a list as header": magic + b"\n[]\n" + packed,
        "a header that is no JSON": magic + b"\nx\n" + packed,
        "no legend": b"\n".join([magic, other, packed]),
        "another body": b"\n".join([magic, header, zlib.compress(b"abc")]),
        "a body that unpacks without end": b"\n".join([magic, header, bomb]),
        "no zlib": b"\n".join([magic, header, b"abc"]),
    }


@pytest.mark.parametrize("name", damaged())
def test_a_damaged_table_is_refused(name: str) -> None:
    """Whatever is wrong with a compiled table, it is refused as a whole."""
    with pytest.raises(Refusal) as refused:
        read_table(damaged()[name])
    assert refused.value.reason is Reason.VALUE_INVALID
