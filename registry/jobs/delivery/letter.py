"""A notice as a letter: Chinese first, English after it, and where to act. Pure."""

from email.message import EmailMessage
from email.utils import format_datetime

from registry.kernel.clock import BEIJING
from registry.store.deliveries import Delivery

SMS_CHARACTERS = 500  # what the carriers here take as one long message, with room for a signature


def text_of(one: Delivery, public_url: str, code: str = "") -> str:
    """The body of an e-mail."""
    lines = [one.text_zh]
    if code:
        lines.append(f"确认码：{code}（24 小时内有效）")
    if one.link:
        lines.append(f"办理：{public_url}{one.link}")
    lines += ["", "----", "", one.text_en]
    if code:
        lines.append(f"Code: {code} (valid for 24 hours)")
    if one.link:
        lines.append(f"Act on it: {public_url}{one.link}")
    return "\n".join(lines) + "\n"


def short_text_of(one: Delivery, code: str = "") -> str:
    """The text of a short message: Chinese only, as the carriers want it."""
    said = f"【正名】{one.subject_zh}：{one.text_zh}"
    tail = f"确认码：{code}" if code else ""
    return said[: SMS_CHARACTERS - len(tail)] + tail


def message_id(one: Delivery, host: str) -> str:
    """The same for every attempt, so that a mailbox shows a letter once that was sent twice (RFC 5322, section 3.6.4)."""
    return f"<notice-{one.notice_id}.{one.id}@{host}>"


def email_of(one: Delivery, sender: str, public_url: str, code: str = "") -> EmailMessage:
    """The whole letter. ``Auto-Submitted`` (RFC 3834) keeps machines from answering it."""
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = one.address
    letter["Subject"] = f"[正名] {one.subject_zh} / {one.subject_en}".replace("\n", " ")
    letter["Date"] = format_datetime(one.at.astimezone(BEIJING))
    letter["Message-ID"] = message_id(one, sender.rpartition("@")[2].rstrip(">"))
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text_of(one, public_url, code))
    return letter
