"""A letter for whoever may see its application, and for whoever holds it and wants to know whether it is genuine."""

import base64
import hashlib
import hmac
import re

from registry.flows.act import Act
from registry.flows.notice.code import load_code_key
from registry.flows.review.reach import find_within
from registry.kernel.config import Config
from registry.kernel.errors import Reason, Refusal
from registry.model.letter import Letter
from registry.model.person import Person
from registry.store import letters

CODE_OCTETS = 10  # 80 bits in 16 characters: typed from paper, never to be guessed
_NUMBER = re.compile(r"ZM-\d{4}-\d{6,9}", re.ASCII)


async def read_letter(act: Act, person: Person, application_id: str) -> Letter:
    """The newest of an application. Refuses with NOT_FOUND (out of reach), STATUS_FORBIDS (no letter yet)."""
    application, _ = await find_within(act, person, application_id)
    found = await letters.of_application(act.conn, application.id)
    if found is None:
        raise Refusal(Reason.STATUS_FORBIDS, "这件申请还没有文书", "this application has no letter yet", where="letter")
    return found


async def verify_letter(act: Act, number: str, code: str) -> Letter:
    """The letter as it was given, for whoever has number and code. Refuses with NOT_FOUND, without telling which of them is wrong."""
    wanted = number.strip().upper()
    found = await letters.find(act.conn, wanted) if _NUMBER.fullmatch(wanted) else None
    typed = "".join(code.split()).replace("-", "").upper()
    if found is None or not hmac.compare_digest(typed.encode(), letter_code(act.config, found).encode()):
        zh, en = "没有这份文书，或校验码不符", "there is no such letter, or the code is not its"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="letter")
    return found


def letter_code(config: Config, letter: Letter) -> str:
    """Sixteen characters ``A-Z2-7`` over everything that the letter says, so a copy that was changed has another."""
    said = f"{letter.id}\n{letter.at.isoformat()}\n{letter.title}\n{letter.text_zh}\n{letter.text_en}"
    told = b"letter\n" + hashlib.sha256(said.encode()).digest()
    return base64.b32encode(hmac.digest(load_code_key(config), told, "sha256")[:CODE_OCTETS]).decode()
