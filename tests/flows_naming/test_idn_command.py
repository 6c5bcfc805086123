"""``zhengming idn``: the shipped table from its source, and what another table would do to the register."""

import asyncio
from pathlib import Path

import pytest

from registry.cli.main import main
from registry.flows.runner import Runner
from registry.policy.idn.compact import SHIPPED
from tests.flows_naming.test_near_names import register
from tests.kit.shared import shared_path

GUO = """\
    <char cp="56FD" tag="sc:Hani">
      <var cp="56FD" type="r-simp" comment="identity" />
      <var cp="570B" type="trad" />
    </char>
    <char cp="570B" tag="sc:Hani">
      <var cp="56FD" type="simp" />
      <var cp="570B" type="r-trad" comment="identity" />
    </char>
"""
APART = '    <char cp="56FD" />\n    <char cp="570B" />\n'
TEN = Path(__file__).parents[1] / "policy" / "idn" / "ten.xml"


def test_the_shipped_source_compiles_to_the_shipped_bytes(tmp_path: Path) -> None:
    """Compiling ICANN's table gives the file that ships, licence and all; another source gets no licence of theirs."""
    out = tmp_path / "zh.idn.zlib"
    source = shared_path("conformance/idn/lgr-second-level-chinese-31may22.xml")

    assert main(["idn", "compile", str(source), "--out", str(out)]) == 0
    assert out.read_bytes() == SHIPPED.read_bytes()
    assert main(["idn", "compile", str(TEN), "--out", str(out)]) == 0
    assert b"ICANN" not in out.read_bytes().split(b"\n")[1]


async def test_the_registered_names_that_a_change_touches_are_listed(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Two names that become one, and a name that loses a character, are told with the zone's names counted."""
    text = TEN.read_text("utf-8")
    assert GUO in text
    tables = []
    for name, content in (("new", text), ("old", text.replace(GUO, APART))):
        source, out = tmp_path / f"{name}.xml", tmp_path / f"{name}.idn.zlib"
        source.write_text(content, "utf-8")
        await asyncio.to_thread(main, ["idn", "compile", str(source), "--out", str(out)])
        tables.append(str(out))
    new, old = tables
    await register(runner, "国a")
    await runner.db.execute("update domain set exempt_no = 1")
    await register(runner, "國a", "清华大学", first=1)
    monkeypatch.setenv("ZHENGMING_DATABASE_URL", runner.db.dsn)
    capsys.readouterr()

    assert await asyncio.to_thread(main, ["idn", "diff", old, new, "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "合并的异体类 / merged class: 国國" in said
    assert "xn--55qw42g: 在册 3 个名称 / 3 registered names" in said
    assert "将成为同一名称 / names that become one: 国a 國a" in said
    assert "失去字符的名称 / name with lost characters: 清华大学" in said
    assert "xn--zfr164b: 在册 0 个名称 / 0 registered names\n  没有名称受影响 / no name is touched" in said

    assert await asyncio.to_thread(main, ["idn", "diff", old, new, "--tables-only", "--data", str(tmp_path)]) == 0
    assert "在册" not in capsys.readouterr().out
