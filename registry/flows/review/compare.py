"""The register beside the application, field by field: equal, different, not given, or missing in the register. Pure."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from registry.kernel.errors import Text
from registry.model.body import Body
from registry.model.contact import Contact, Postal
from registry.store.applications import Application


class Match(StrEnum):
    """How what was given and what is on file stand to each other."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_GIVEN = "not_given"
    NOT_ON_FILE = "not_on_file"


MATCH_WORDS = {
    Match.SAME: Text("一致", "same"),
    Match.DIFFERENT: Text("不一致", "differs"),
    Match.NOT_GIVEN: Text("未填报", "not given"),
    Match.NOT_ON_FILE: Text("名录库无记载", "not on file"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: its title, what the application says, what the register says."""

    title: Text
    given: str
    on_file: str
    match: Match


def compare(application: Application, body: Body | None, contact: Contact | None) -> tuple[Compared, ...]:
    """The code, the name and the address that were given against those on file."""
    given = application.request
    legal_name = str(given.get("legal_name") or "")
    if application.kind == "verification" and given.get("type") == "registrant":
        legal_name = application.name
    postal = _chinese(contact)
    rows = (
        (Text("统一社会信用代码", "Unified social credit code"), application.uscc, body.uscc if body else ""),
        (Text("单位名称", "Legal name"), legal_name, body.name if body else ""),
        (Text("注册联系人单位", "Registrant's organisation"), postal.org or postal.name, body.name if body else ""),
        (Text("地址", "Address"), _address(postal), body.address if body else ""),
        (
            Text("电话", "Telephone"),
            contact.voice.number if contact else "",
            body.phone if body else "",
        ),
    )
    return tuple(Compared(title, told, filed, _match(told, filed)) for title, told, filed in rows)


def _match(given: str, on_file: str) -> Match:
    if not given:
        return Match.NOT_GIVEN
    if not on_file:
        return Match.NOT_ON_FILE
    return Match.SAME if _plain(given) == _plain(on_file) else Match.DIFFERENT


def _plain(text: str) -> str:
    """Without what never makes a difference: width, case, spaces, the punctuation of telephone numbers."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("+86.", "")
    return "".join(character for character in folded if character.isalnum())


def _chinese(contact: Contact | None) -> Postal:
    forms = contact.postal if contact else {}
    return forms.get("loc") or forms.get("int") or Postal("", "", "")


def _address(postal: Postal) -> str:
    return "".join((postal.province, postal.city, *postal.street))
