"""Out of the house: letters by SMTP, short messages by folder, outcomes by HTTP; nothing lost, nothing doubled."""

import base64
import hmac
import json
import re
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

import pytest

from registry.flows.act import Caller
from registry.flows.notice.addresses import AskAddress, ask_address, confirm_address
from registry.flows.registrar.webhook import SetWebhook, set_webhook
from registry.flows.runner import Runner
from registry.jobs.delivery.deliver_notices import LEASE, WAITS, deliver_notices
from registry.jobs.delivery.webhook import NotPublicError, check_public
from registry.kernel.config import MailConfig
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.notice import Notice, Recipient
from registry.store import deliveries
from tests.kit.clock import FakeClock
from tests.portal.notices.conftest import Mailbox, Receiver
from tests.portal.world import BY_NAME, Portal

SYSTEM = Caller("job", "test")
OPERATOR = BY_NAME["operator"]
WHO = Caller("person", "operator", may_override=True)


@pytest.fixture
def post(country: Runner, mailbox: Mailbox) -> Runner:
    """The country with a relay."""
    mail = MailConfig(host="127.0.0.1", port=mailbox.port, security="none")
    return replace(country, config=replace(country.config, mail=mail, demo=True))


async def tell(runner: Runner, text: str = "正文", to: Recipient | None = None) -> None:
    """One notice that asks for something."""
    one = Notice(
        to or Recipient("person", "operator"),
        "test.told",
        Text("告知", "news"),
        Text(text, "text"),
        "/portal/",
        "action",
    )
    await runner.run(SYSTEM, lambda act: act.notify(one))


async def confirmed(runner: Runner, channel: str = "email", address: str = "wang@example.cn") -> None:
    """The operator's address, proved."""
    now = runner.clock.now()
    await runner.db.execute(
        "insert into notice_address values ('operator', $1, $2, 'action', $3, $3)", channel, address, now
    )


def plain(mailbox: Mailbox, index: int = -1) -> tuple[Message, str]:
    """A letter and its text."""
    letter = message_from_bytes(mailbox.letters[index].original_content or b"")
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return letter, payload.decode()


async def test_a_letter_is_read_by_people(post: Runner, mailbox: Mailbox) -> None:
    """Chinese first, English after it, the address of the page, and marks that keep machines from answering."""
    await confirmed(post)
    await tell(post)
    assert await deliver_notices(post) == 1
    letter, text = plain(mailbox)
    assert mailbox.letters[0].rcpt_tos == ["wang@example.cn"]
    assert str(make_header(decode_header(letter["Subject"]))) == "[正名] 告知 / news"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert text.index("正文") < text.index("text")
    assert f"{post.config.public_url}/portal/" in text
    assert await deliver_notices(post) == 0
    assert len(mailbox.letters) == 1


async def test_an_address_counts_once_it_is_proved(post: Runner, mailbox: Mailbox, clock: FakeClock) -> None:
    """Nothing but the code goes to an address that nobody proved; the code stands in the letter and nowhere in the database."""
    await post.run(WHO, lambda act: ask_address(act, OPERATOR, AskAddress("email", "wang@example.cn", "news")))
    await tell(post)
    await deliver_notices(post)
    _, text = plain(mailbox)
    assert len(mailbox.letters) == 1
    found = re.search(r"确认码：([A-Z2-7]{10})", text)
    assert found
    everything = str(await post.db.fetch("select n.*, d.* from notice n join delivery d on d.notice_id = n.id"))
    assert found[1] not in everything
    with pytest.raises(Refusal) as refused:
        await post.run(WHO, lambda act: confirm_address(act, OPERATOR, "email", "AAAAAAAAAA"))
    assert refused.value.reason is Reason.CREDENTIALS_WRONG
    await post.run(WHO, lambda act: confirm_address(act, OPERATOR, "email", found[1].lower()))
    await tell(post)
    assert await deliver_notices(post) == 1


async def test_a_code_grows_old_and_is_not_sent_in_heaps(post: Runner, mailbox: Mailbox, clock: FakeClock) -> None:
    """A code is good for a day; a second one is not sent within a minute; what is no address is refused."""
    order = AskAddress("email", "wang@example.cn")
    await post.run(WHO, lambda act: ask_address(act, OPERATOR, order))
    with pytest.raises(Refusal) as refused:
        await post.run(WHO, lambda act: ask_address(act, OPERATOR, order))
    assert refused.value.reason is Reason.RATE_LIMITED
    await deliver_notices(post)
    code = re.search(r"确认码：(\w+)", plain(mailbox)[1])
    assert code
    await clock.move(hours=25)
    with pytest.raises(Refusal):
        await post.run(WHO, lambda act: confirm_address(act, OPERATOR, "email", code[1]))
    for wrong in ("wang", "wang@example.cn\nBcc: all@example.cn", "a" * 250 + "@example.cn", "13800000000"):
        with pytest.raises(Refusal) as refused:
            await post.run(WHO, lambda act, bad=wrong: ask_address(act, OPERATOR, AskAddress("email", bad)))  # type: ignore[misc]  # a default binds the loop's value
        assert refused.value.reason is Reason.VALUE_INVALID


async def test_a_relay_that_is_down_is_asked_again(post: Runner, mailbox: Mailbox, clock: FakeClock) -> None:
    """A refusal for now is followed by a later attempt with the same Message-ID; a refusal for ever ends it and tells the operators."""
    await confirmed(post)
    await tell(post)
    mailbox.answers = ["451 greylisted"]
    assert await deliver_notices(post) == 0
    assert await deliver_notices(post) == 0
    await clock.move(seconds=WAITS[0].total_seconds())
    assert await deliver_notices(post) == 1
    await tell(post, "另一件")
    mailbox.answers = ["550 no such mailbox"]
    assert await deliver_notices(post) == 0
    row = await post.db.fetchrow("select state, answer from delivery where state = 'failed'")
    assert row is not None
    assert row["answer"].startswith("550")
    assert await post.db.fetchval("select count(*) from notice where kind = 'notice.undelivered'") == 1


async def test_a_sender_that_dies_loses_nothing(post: Runner, mailbox: Mailbox, clock: FakeClock) -> None:
    """A row that was taken and never settled is sent when its lease is over, under the identity of the first attempt."""
    await confirmed(post)
    await tell(post)
    await post.db.run(lambda conn: deliveries.route(conn, clock.now(), 10))
    taken = await post.db.run(lambda conn: deliveries.take(conn, clock.now(), clock.now() + LEASE, 10))
    assert len(taken) == 1
    assert await deliver_notices(post) == 0
    await clock.move(seconds=LEASE.total_seconds())
    assert await deliver_notices(post) == 1
    # The dead one comes back and says that it failed; it has no say any more.
    assert not await post.db.run(lambda conn: deliveries.note_failed(conn, taken[0], clock.now(), "late"))
    assert await post.db.fetchval("select state from delivery") == "sent"
    assert plain(mailbox)[0]["Message-ID"].startswith(f"<notice-{taken[0].notice_id}.{taken[0].id}@")


async def test_a_short_message_is_one_file(post: Runner) -> None:
    """The gateway's folder holds one whole file for each message, in Chinese and signed."""
    await confirmed(post, "sms", "13800000000")
    await tell(post)
    assert await deliver_notices(post) == 1
    (file,) = (post.config.data / "sms").iterdir()
    assert json.loads(file.read_text()) == {"to": "13800000000", "text": "【正名】告知：正文"}


async def test_a_webhook_is_signed_and_tried_again(post: Runner, receiver: Receiver, clock: FakeClock) -> None:
    """The receiver can check id, time and body with its secret; a 500 is tried again with the same id; 410 ends it."""
    secret = await post.run(WHO, lambda act: set_webhook(act, SetWebhook("registrar-a", receiver.url)))
    await tell(post, to=Recipient("registrar", "registrar-a"))
    receiver.statuses = [500]
    assert await deliver_notices(post) == 0
    await clock.move(seconds=WAITS[0].total_seconds())
    assert await deliver_notices(post) == 1
    (first, _), (headers, body) = receiver.requests
    assert first["webhook-id"] == headers["webhook-id"]
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(secret.encode(), told, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert json.loads(body)["data"]["subject"]["zh"] == "告知"
    receiver.statuses = [410]
    await tell(post, "再告知", to=Recipient("registrar", "registrar-a"))
    await deliver_notices(post)
    assert await post.db.fetchval("select count(*) from delivery where state = 'failed'") == 1


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1", "192.168.0.1"]
)
def test_no_webhook_reaches_into_the_house(address: str) -> None:
    """An address of a network of our own is refused, however it is written."""
    with pytest.raises(NotPublicError):
        check_public(address, allows_private=False)


async def test_a_webhook_to_loopback_is_refused_in_production(post: Runner, receiver: Receiver) -> None:
    """Where private receivers are not allowed, none is called, by name or by number."""
    strict = replace(post, config=replace(post.config, demo=False))
    for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
        await post.db.execute("delete from registrar_webhook")
        await post.run(WHO, lambda act, to=url: set_webhook(act, SetWebhook("registrar-a", to)))  # type: ignore[misc]  # a default binds the loop's value
        await tell(strict, to=Recipient("registrar", "registrar-a"))
        assert await deliver_notices(strict) == 0
    assert receiver.requests == []
    assert (
        await post.db.fetchval("select count(*) from delivery where state = 'failed' and answer like '%not a public%'")
        == 2
    )


async def test_the_operator_gives_it_another_chance(portal: Portal, mailbox: Mailbox) -> None:
    """What failed stands in a list with the receiver's words, and one button sends it again."""
    mail = MailConfig(host="127.0.0.1", port=mailbox.port, security="none")
    runner = replace(portal.runner, config=replace(portal.runner.config, mail=mail))
    await confirmed(runner)
    await tell(runner)
    mailbox.answers = ["550 mailbox unavailable"]
    await deliver_notices(runner)
    tab = await portal.as_("operator")
    await tab.get("/portal/deliveries")
    assert "550 mailbox unavailable" in tab.text
    number = await runner.db.fetchval("select id from delivery where state = 'failed'")
    await tab.post(f"/portal/deliveries/{number}/retry")
    assert await deliver_notices(runner) == 1
