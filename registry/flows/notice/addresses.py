"""Where a person wants to be told besides his inbox: asked for, proved with a code, changed, dropped."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from registry.flows.act import Act
from registry.flows.notice.code import CODE_LIFE, is_code, load_code_key
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.notice import Notice, Recipient, Severity
from registry.model.person import Person
from registry.store import deliveries, notice_addresses
from registry.store.notice_addresses import NoticeAddress

BETWEEN_CODES = timedelta(minutes=1)  # nobody's mailbox is filled by a button
MAX_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
# RFC 5321's dot-string and a domain in ASCII; quoted local parts and address literals are nobody's official address.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")  # the numbering plan of mobile telephones in China
_SHAPES = {"email": _EMAIL, "sms": _MOBILE}
_ASKED = Text("确认接收地址", "Confirm where you are told")
_ASKED_TEXT = Text(
    "有人在正名办理窗口为账户“{username}”登记了这个接收地址。如果是您，请在办理窗口的“通知设置”中填写确认码；如果不是您，不必理会。",
    "Somebody gave this address for the account “{username}” of 正名. If it was you, enter the code in the portal; if not, ignore this.",
)


@dataclass(frozen=True, slots=True)
class AskAddress:
    """``channel`` is ``email`` or ``sms``; ``floor`` the least severity that goes there."""

    channel: str
    address: str
    floor: str = "action"


async def list_addresses(act: Act, person: Person) -> list[NoticeAddress]:
    """All that he has, confirmed or not."""
    return await notice_addresses.of_person(act.conn, person.username)


async def ask_address(act: Act, person: Person, order: AskAddress) -> None:
    """Keep the address and send a code to it, unless it is confirmed already.

    Refuses with VALUE_INVALID what is no address, RATE_LIMITED a second code within a minute.
    """
    address = _checked(order)
    await _check_pace(act, person, order.channel)
    if not await notice_addresses.ask(act.conn, person.username, order.channel, address, order.floor, act.now):
        return
    text = Text(_ASKED_TEXT.zh.format(username=person.username), _ASKED_TEXT.en.format(username=person.username))
    notice = Notice(
        Recipient("person", person.username), deliveries.ASKED, _ASKED, text, link="/portal/notices/addresses",
        payload={"asked_at": act.now.isoformat()},
    )  # fmt: skip
    await deliveries.send_directly(act.conn, act.now, notice, order.channel, address, person.username)


async def confirm_address(act: Act, person: Person, channel: str, code: str) -> None:
    """He receives there. Refuses with CREDENTIALS_WRONG a code that is wrong or over a day old."""
    key = load_code_key(act.config)
    for one in await notice_addresses.of_person(act.conn, person.username):
        is_fresh = one.channel == channel and one.confirmed_at is None and act.now - one.asked_at <= CODE_LIFE
        if is_fresh and is_code(key, code, person.username, channel, one.address, one.asked_at):
            await notice_addresses.confirm(act.conn, person.username, channel, one.address, act.now)
            return
    raise Refusal(Reason.CREDENTIALS_WRONG, "确认码不对或已过期", "the code is wrong or out of date", where="code")


async def drop_address(act: Act, person: Person, channel: str) -> None:
    """Only the inbox from now on. Nothing happens when there was none."""
    await notice_addresses.drop(act.conn, person.username, channel)


def check_email(address: str) -> str:
    """The address without blanks around it. Refuses with VALUE_INVALID what is none."""
    return _checked(AskAddress("email", address))


def _checked(order: AskAddress) -> str:
    shape = _SHAPES.get(order.channel)
    address = order.address.strip()
    if (
        shape is None
        or order.floor not in get_args(Severity)
        or len(address) > MAX_ADDRESS
        or not shape.fullmatch(address)
    ):
        raise Refusal(
            Reason.VALUE_INVALID, "接收地址不正确：请填写电子邮箱或手机号码", "this is no e-mail address or mobile number",
            where="address", value=address[:MAX_ADDRESS],
        )  # fmt: skip
    return address


async def _check_pace(act: Act, person: Person, channel: str) -> None:
    for one in await notice_addresses.of_person(act.conn, person.username):
        if one.channel == channel and act.now - one.asked_at < BETWEEN_CODES:
            raise Refusal(
                Reason.RATE_LIMITED, "确认码刚刚发出，请一分钟后再试", "a code was just sent; please wait a minute", where="address"
            )  # fmt: skip
