"""Documents as they are kept: asked of the scanner, sealed under a key that lies elsewhere, opened only whole and in their own place."""

import os
import stat
import sys
from dataclasses import replace

import pytest

from registry.flows.act import Caller
from registry.flows.document.inspect import inspect_file
from registry.flows.document.read import Opened, open_document
from registry.flows.document.remove import remove_document
from registry.flows.document.take import TakeDocument, take_document
from registry.flows.runner import Runner
from registry.kernel.config import Config
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.ids import new_bytes
from registry.model.person import Person, Role
from registry.policy.documents import MAX_DOCUMENTS
from tests.documents.files import pdf, png
from tests.institutions.place import ABROAD, AGENCY, FIRST

PAPER = pdf(b"3 0 obj<</Title(a secret decision)>>endobj\n")
STRANGERS = (
    ABROAD,
    FIRST,
    Person("other", Role.AGENCY, "430121", "12430121000002059K"),
    Person("operator", Role.OPERATOR),
)


async def take(runner: Runner, act_id: str, content: bytes, purpose: str = "form", by: Person = AGENCY) -> str:
    """Bring a document to the act."""
    file = await inspect_file(runner.config, "批复.pdf" if content.startswith(b"%PDF") else "章.png", content)
    order = TakeDocument("institution", act_id, purpose, file)
    return await runner.run(Caller("person", by.username), lambda act: take_document(act, by, order))


async def read(runner: Runner, document_id: str, by: Person = AGENCY) -> Opened:
    """Open it."""
    return await runner.run(Caller("person", by.username), lambda act: open_document(act, by, document_id))


async def remove(runner: Runner, document_id: str, by: Person = AGENCY) -> None:
    """Take it back."""
    await runner.run(Caller("person", by.username), lambda act: remove_document(act, by, document_id))


def scanning(config: Config, code: str) -> Config:
    """With a scanner that is this program."""
    return replace(
        config, document=replace(config.document, scanner=[sys.executable, "-c", code], scanner_seconds=20.0)
    )


async def test_a_document_lies_sealed_and_comes_back_whole(runner: Runner, act_id: str) -> None:
    """Nothing of it can be read in the database; the key lies in a file of its owner alone; who may see it gets every octet; reading is recorded."""
    document_id = await take(runner, act_id, PAPER)
    sealed = await runner.db.fetchval("select sealed from document_content")
    assert b"secret" not in sealed
    assert b"PDF" not in sealed
    assert len(sealed) == len(PAPER) + 12 + 16  # nonce and tag
    key = runner.config.data / "keys" / "documents.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    opened = await read(runner, document_id)
    assert opened.content == PAPER
    assert opened.media_type == "application/pdf"
    assert opened.document.scan == "not_scanned"
    acts = await runner.db.fetch(
        "select act, actor, detail from audit_entry where subject = $1 order by id", document_id
    )
    assert [(one["act"], one["actor"]) for one in acts] == [
        ("document.taken", "person:sponsor"),
        ("document.read", "person:sponsor"),
    ]
    assert opened.document.sha256.hex() in acts[0]["detail"]


async def test_only_who_sees_the_act_sees_the_document(runner: Runner, act_id: str) -> None:
    """To everybody else it is not there, and neither is one that never was; nobody else brings or removes one."""
    document_id = await take(runner, act_id, PAPER)
    for stranger in STRANGERS:
        for asked in (document_id, "0123456789ABCDEFGHJKMNPQRS", "../x", ""):
            with pytest.raises(Refusal) as refused:
                await read(runner, asked, stranger)
            assert refused.value.reason is Reason.NOT_FOUND
        with pytest.raises(Refusal):
            await take(runner, act_id, png(), by=stranger)
        with pytest.raises(Refusal):
            await remove(runner, document_id, stranger)
    assert await runner.db.fetchval("select count(*) from document where removed_at is null") == 1


async def test_what_was_changed_or_swapped_is_not_given_out(runner: Runner, act_id: str) -> None:
    """A sealed content that was changed, or belongs to another document, is a fault, never somebody's paper."""
    first, second = await take(runner, act_id, PAPER), await take(runner, act_id, png(), "seat")
    await runner.db.execute(
        """update document_content c set sealed = o.sealed from document_content o
           where c.document_id = $1 and o.document_id = $2""",
        first,
        second,
    )
    with pytest.raises(Fault):
        await read(runner, first)
    await runner.db.execute(
        "update document_content set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where document_id = $1", second
    )  # fmt: skip
    with pytest.raises(Fault):
        await read(runner, second)


async def test_a_new_key_seals_and_the_old_one_still_opens(runner: Runner, act_id: str) -> None:
    """A key put in front seals what comes; what was sealed before is opened under its own; without that it is a fault that names the key."""
    old = await take(runner, act_id, PAPER)
    path = runner.config.data / "keys" / "documents.key"
    before = path.read_text()
    path.write_text(new_bytes(32).hex() + "\n" + before)
    os.utime(path, ns=(1, 1))
    new = await take(runner, act_id, png(), "seat")
    ids = {row["id"]: row["key_id"] for row in await runner.db.fetch("select id, key_id from document")}
    assert ids[old] != ids[new]
    assert (await read(runner, old)).content == PAPER
    path.write_text(path.read_text().splitlines()[0] + "\n")
    os.utime(path, ns=(2, 2))
    assert (await read(runner, new)).content == png()
    with pytest.raises(Fault, match=ids[old]):
        await read(runner, old)


async def test_a_document_taken_back_leaves_its_row_and_no_content(runner: Runner, act_id: str) -> None:
    """Who brought it takes it back while the act is his; that it was there stays on record, what it held does not."""
    document_id = await take(runner, act_id, PAPER)
    await remove(runner, document_id)
    assert await runner.db.fetchval("select removed_by from document") == "person:sponsor"
    assert await runner.db.fetchval("select count(*) from document_content") == 0
    with pytest.raises(Refusal):
        await read(runner, document_id)
    await runner.db.execute("update institution_act set stage = 'filed', filed_at = now()")
    with pytest.raises(Refusal) as refused:
        await take(runner, act_id, PAPER)
    assert refused.value.reason is Reason.STATUS_FORBIDS


async def test_the_same_twice_and_too_many_are_refused(runner: Runner, act_id: str) -> None:
    """One content proves one thing once, and an act holds a bounded number of documents."""
    await take(runner, act_id, PAPER)
    with pytest.raises(Refusal) as refused:
        await take(runner, act_id, PAPER)
    assert refused.value.reason is Reason.ALREADY_EXISTS
    for number in range(MAX_DOCUMENTS - 1):
        await take(runner, act_id, pdf(b"%d 0 obj<<>>endobj\n" % (number + 10)), "other")
    with pytest.raises(Refusal) as refused:
        await take(runner, act_id, png(), "other")
    assert refused.value.reason is Reason.TOO_LARGE


SEARCH = "import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)"


async def test_the_scanner_decides(config: Config) -> None:
    """What it finds clean is marked so; what it finds bad is refused."""
    at = scanning(config, SEARCH)
    assert (await inspect_file(at, "a.pdf", PAPER)).scan == "clean"
    with pytest.raises(Refusal) as refused:
        await inspect_file(at, "a.pdf", pdf(b"3 0 obj(EICAR)endobj\n"))
    assert refused.value.reason is Reason.POLICY_FORBIDS


@pytest.mark.parametrize(
    "code", ["import sys; sys.exit(2)", "import os; os.kill(os.getpid(), 9)", "import time; time.sleep(60)"]
)
async def test_a_scanner_that_cannot_say_takes_nothing(config: Config, code: str) -> None:
    """An error, a crash and silence are no clean bill: the file is not taken, and may come again."""
    at = scanning(config, code)
    at = replace(at, document=replace(at.document, scanner_seconds=1.0 if "sleep" in code else 20.0))
    with pytest.raises(Refusal) as refused:
        await inspect_file(at, "a.pdf", PAPER)
    assert refused.value.reason is Reason.UNAVAILABLE


async def test_a_scanner_that_is_not_there_takes_nothing(config: Config) -> None:
    """A misspelt command does not let files through."""
    at = replace(config, document=replace(config.document, scanner=["/nonexistent/scanner"]))
    with pytest.raises(Refusal) as refused:
        await inspect_file(at, "a.pdf", PAPER)
    assert refused.value.reason is Reason.UNAVAILABLE
