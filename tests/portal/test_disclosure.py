"""Hidden registration data: the holder sees his own, an authority gets it through an operator with ground and letter, and each view stands
in the audit chain.
"""

import json

import asyncpg
import pytest

from registry.flows.act import Act, Caller
from registry.flows.contact.create import CreateContact, create_contact
from registry.flows.disclosure.disclose import MAX_TEXT
from registry.model.contact import Phone, Postal
from tests.portal.test_held_names import NAME, holder
from tests.portal.world import Portal, Tab

__all__ = ["holder"]

SECRETS = ("值班员李四", "li.si@hidden.example", "+86.1099887766", "密级路 9 号")
LETTER = {
    "name": "清华.公益",
    "authority": "某市公安局",
    "ground": "《网络安全法》第二十八条，侦查案件",
    "document": "公网安〔2026〕7 号",
}


async def with_contact(portal: Portal) -> None:
    """Give the name a registrant contact with personal data."""

    async def make(act: Act) -> None:
        postal = Postal(SECRETS[0], "北京市", "CN", "", (SECRETS[3],))
        await create_contact(act, CreateContact("c-secret", {"loc": postal}, SECRETS[1], Phone(SECRETS[2])))

    sponsor = await portal.runner.db.fetchval("select registrar_id from domain where name = $1", NAME)
    await portal.runner.run(Caller("registrar", sponsor), make)
    await portal.runner.db.execute("update domain set registrant_id = 'c-secret' where name = $1", NAME)


async def entries(portal: Portal) -> list[tuple[str, dict[str, str]]]:
    sql = "select actor, detail from audit_entry where act = 'disclosure.made' order by id"
    return [(row["actor"], json.loads(row["detail"])) for row in await portal.runner.db.fetch(sql)]


async def ask(tab: Tab, fields: dict[str, str]) -> None:
    await tab.get("/portal/disclosure")
    await tab.post("/portal/disclosure", fields)


async def test_an_authority_is_shown_everything_and_it_is_written_down(holder: Tab, portal: Portal) -> None:
    """With authority, ground and letter the operator sees all contact data once; auditors find who, whom, why and what in the log, without
    the data itself.
    """
    await with_contact(portal)
    operator = await portal.as_("operator")
    await ask(operator, LETTER)
    assert operator.status == 200
    assert all(secret in operator.text for secret in SECRETS)
    ((actor, detail),) = await entries(portal)
    assert actor == "person:operator"
    assert (detail["name"], detail["authority"], detail["document"]) == (NAME, LETTER["authority"], LETTER["document"])
    assert not [secret for secret in SECRETS if secret in str(detail)]
    auditor = await portal.as_("auditor")
    await auditor.get("/portal/disclosure")
    assert LETTER["ground"] in auditor.text
    assert not [secret for secret in SECRETS if secret in auditor.text]
    await auditor.post("/portal/disclosure", LETTER)
    assert auditor.status == 403


@pytest.mark.parametrize("missing", ["authority", "ground", "document", "name"])
async def test_without_a_ground_nothing_is_shown(holder: Tab, portal: Portal, missing: str) -> None:
    """A letter that lacks authority, ground, number or name shows nothing and leaves no entry; so does a text without end."""
    await with_contact(portal)
    operator = await portal.as_("operator")
    for value in ("  ", "长" * (MAX_TEXT + 100)):
        await ask(operator, {**LETTER, missing: value})
        assert operator.status in (400, 404, 413, 422)
        assert not [secret for secret in SECRETS if secret in operator.text]
    assert await entries(portal) == []


async def test_a_holder_sees_his_own_and_nobody_elses(holder: Tab, portal: Portal) -> None:
    """The body sees the contacts of its own name, which is written down too; another body is told that it has no such name."""
    await with_contact(portal)
    await ask(holder, {"name": NAME})
    assert all(secret in holder.text for secret in SECRETS)
    rival = await portal.as_("agency-rival")
    await ask(rival, {"name": NAME})
    assert rival.status == 404
    assert not [secret for secret in SECRETS if secret in rival.text]
    assert [detail["viewer"] for _, detail in await entries(portal)] == ["holder"]


async def test_what_was_disclosed_stands(holder: Tab, portal: Portal) -> None:
    """A row of the disclosures can be neither changed nor removed."""
    await with_contact(portal)
    await ask(await portal.as_("operator"), LETTER)
    for sql in ("update disclosure set ground = 'x'", "delete from disclosure"):
        with pytest.raises(asyncpg.PostgresError):
            await portal.runner.db.execute(sql)
