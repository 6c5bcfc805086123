"""Registered names that are like the one asked for: found by what they sound, look, begin and end like."""

import pytest

from registry.flows.act import Caller
from registry.flows.naming.judge import judge_name
from registry.flows.naming.near import BEST, near_keys, nearest
from registry.flows.naming.note_keys import note_new_names
from registry.flows.runner import Runner
from registry.policy.idn.label import Label, parse_u
from registry.policy.naming.tables import shipped_tables

ASKER = Caller("job", "test")
TABLES = shipped_tables()
_ZONE = "xn--55qw42g"


def label(text: str) -> Label:
    found = parse_u(text, TABLES.idn)
    assert isinstance(found, Label)
    return found


async def register(runner: Runner, *names: str, first: int = 0) -> None:
    """Rows of names as registering leaves them, whoever holds them."""
    await runner.db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('r-1', 'r', '-', now()) on conflict do nothing"
    )
    table_id = await runner.db.fetchval("select table_id from tld where name = $1", _ZONE)
    for number, name in enumerate(names, first):
        one = label(name)
        await runner.db.execute(
            """insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, created_at,
               created_by, expires_at) values ($1, $2, $3, $4, $4, $5, $6, 'r-1', now(), 'r-1', now())""",
            f"D{number}-T", f"{one.a}.{_ZONE}", one.u, _ZONE, table_id, one.index,
        )  # fmt: skip


async def similar(runner: Runner, name: str) -> list[str]:
    decision, _ = await runner.run(ASKER, lambda act: judge_name(act, f"{name}.公益", "12100000400000624D"))
    return [
        found["name"]
        for finding in decision.findings
        if finding.rule == "SIMILAR.NAME"
        for found in finding.evidence["names"]
    ]


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("清华大学", "青花大学"),  # sounds the same, other characters
        ("雅礼中学", "雅理中学"),
        ("长沙市雅礼中学", "长沙市雅力中学"),
        ("长沙市第七中学", "长沙市第九中学"),  # begins and ends the same
    ],
)
async def test_a_name_like_a_registered_one_is_noted(runner: Runner, registered: str, asked: str) -> None:
    """Homophones and names that differ in the middle come up as advice, with a score."""
    await register(runner, registered, "湖南省博物馆")
    await note_new_names(runner)

    assert await similar(runner, asked) == [registered]


async def test_a_new_name_gets_its_keys_once(runner: Runner) -> None:
    """Every name that is born waits for its keys; noting them twice does nothing, and a deleted name takes them along."""
    await register(runner, "清华大学", "土木学会")
    assert await note_new_names(runner) == 2
    assert await note_new_names(runner) == 0
    keys = await runner.db.fetch("select key from name_key where domain_roid = 'D1-T'")
    assert {row["key"] for row in keys} == set(near_keys("土木学会", label("土木学会").index, TABLES))

    await runner.db.execute("delete from domain")
    assert await runner.db.fetchval("select count(*) from name_key") == 0


async def test_a_name_deleted_before_it_was_noted_is_forgotten(runner: Runner) -> None:
    """The queue empties even when the name is gone."""
    await register(runner, "清华大学")
    await runner.db.execute("delete from domain")

    assert await note_new_names(runner) == 1
    assert await runner.db.fetchval("select count(*) from name_key") == 0


def test_only_the_nearest_are_scored() -> None:
    """Of a crowd the names with the most characters in common are kept, a bounded number of them."""
    crowd = (*(f"北京市{c}中心" for c in "甲乙丙丁戊己庚辛壬癸"), "北京市海淀中心")
    kept = nearest("北京市海淀区中心", crowd)

    assert len(kept) == BEST
    assert kept[0] == "北京市海淀中心"


def test_look_alikes_share_a_key_of_shape() -> None:
    """Names that differ in a character with look-alikes have the key of shape in common, others have none."""
    one, other = label("土木学会"), label("士木学会")
    shared = set(near_keys(one.simplified, one.index, TABLES)) & set(near_keys(other.simplified, other.index, TABLES))

    assert {key[0] for key in shared} == {"g"}
    assert near_keys("", "", TABLES) == ()
