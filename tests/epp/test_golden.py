"""The golden sessions: every request file, what it is answered, and that the answer fits the official schemas.

``GOLDEN=write`` writes the answers anew; a reviewer reads them as a diff.
"""

import os
import re
from pathlib import Path

from registry.epp.conversation import Conversation, Reply
from registry.flows.runner import Runner
from tests.epp.official import assert_official
from tests.epp.world import build_world

GOLDEN = Path(__file__).parent.parent / "golden" / "epp"
TRID = re.compile(rb"ZM-[0-9A-Z]{16}")

# One story in one database; "b:" is said by the other registrar. A file may be said twice: "@2" names the second answer.
STORY_TEXT = """
contact-check.both contact-create.accepted contact-create.second contact-create.exists contact-create.country
contact-create.email contact-create.twice contact-create.empty-voice contact-info.own contact-info.unknown
b:contact-info.stranger contact-update.changed contact-update.again contact-update.server-status contact-update.nothing
b:contact-update.stranger contact-info.changed contact-delete.prohibited contact-delete.accepted contact-transfer.not-pending
b:contact-transfer.no-secret maintenance-info.list maintenance-info.unknown
contact-check.both@2
host-check.three host-create.external host-create.second host-create.exists host-create.orphan host-info.external
host-info.unknown b:host-update.stranger host-check.three@2
domain-check.three domain-check.claims domain-check.trademark domain-create.accepted domain-create.exists
domain-create.open-phase domain-create.sunrise domain-create.eleven-years domain-create.months domain-create.registrant
domain-create.host-attributes domain-create.key-data domain-create.unverified domain-create.bad-code domain-check.three@2
domain-check.token domain-create.token domain-create.ttl-range domain-create.ttl-type
host-create.glue host-create.bad-glue host-info.glue host-update.changed host-update.absent host-delete.linked
host-update.ttl host-info.ttl host-info.ttl-policy domain-info.token domain-info.application domain-delete.application
domain-info.own domain-info.code domain-info.none domain-info.unknown b:domain-info.stranger b:domain-info.wrong-secret
domain-update.changed domain-update.weak-secret domain-update.urgent domain-update.nothing b:domain-update.stranger
domain-info.changed domain-update.ttl domain-update.ttl-twice domain-info.ttl domain-info.ttl-policy domain-transfer.token
domain-renew.accepted domain-renew.wrong-date domain-renew.too-long
poll-request.any b:domain-transfer.wrong-secret b:domain-transfer.request b:domain-transfer.query poll-request.any@2
poll-ack.unknown poll-ack.missing poll-ack.first domain-transfer.approve domain-transfer.not-pending b:poll-request.any@3
domain-delete.accepted b:domain-delete.pending domain-delete.stranger
host-update.renamed host-delete.accepted
hello.greeting login.accepted@2 broken.not-xml broken.doctype broken.verb broken.empty broken.protocol broken.response broken.object
broken.extension broken.misplaced broken.verbs broken.schema broken.order logout.bye
"""

# Each of these on a connection of its own, before any login.
STRANGERS_TEXT = """
login.accepted login.other login.wrong login.unknown login.language login.object login.extension login.security
login.security-missing contact-info.own@stranger logout.bye@stranger hello.greeting@stranger broken.not-xml@stranger
broken.object@stranger login.new-password
"""

STORY, STRANGERS = STORY_TEXT.split(), STRANGERS_TEXT.split()


async def test_golden_story(runner: Runner) -> None:
    """Every command, well or ill used, is answered as the golden files say, in the official language."""
    world = await build_world(runner)
    sessions = {"a": world.conversation("registrar-a"), "b": world.conversation("registrar-b")}
    await say(sessions["a"], "login.accepted")
    await say(sessions["b"], "login.other")
    for line in STORY:
        who, _, name = line.rpartition(":")
        await check(sessions[who or "a"], name)


async def test_golden_strangers(runner: Runner) -> None:
    """Before login only a greeting and a login are had, and a login only with everything right."""
    world = await build_world(runner)
    for name in STRANGERS:
        await check(world.conversation("registrar-b" if name == "login.other" else "registrar-a"), name)


def test_every_golden_request_is_told() -> None:
    """No request file is left out of both stories."""
    told = {line.rpartition(":")[2].partition("@")[0] for line in (*STORY, *STRANGERS)}
    assert told == {path.name.removesuffix(".request.xml") for path in GOLDEN.glob("*.request.xml")}


async def check(conversation: Conversation, name: str) -> None:
    reply = await say(conversation, name.partition("@")[0])
    assert_official(reply.document)
    answer = GOLDEN / f"{name}.response.xml"
    given = TRID.sub(b"ZM-0000000000000000", reply.document).replace(b"><", b">\n<") + b"\n"
    if os.environ.get("GOLDEN") == "write":
        answer.write_bytes(given)
    assert given.decode() == answer.read_text(), name


async def say(conversation: Conversation, name: str) -> Reply:
    return await conversation.reply((GOLDEN / f"{name}.request.xml").read_bytes())
