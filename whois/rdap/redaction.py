"""What is not shown, said the way of RFC 9537: name, path and method as ICANN's profile of February 2024 prescribes.

Method ``emptyValue`` where the jCard keeps the member (the path must then find something), ``removal`` where it does not (the path
must then find nothing).
"""

from whois.disclosure import Datum, Party, Role, Shown
from whois.rdap.members import Json

WORD = {Role.REGISTRANT: "Registrant", Role.TECHNICAL: "Tech"}
REASON = {
    "description": "Server policy: personal data is not shown; what a public body has not published is not shown either"
}
_ADDRESS = "vcardArray[1][?(@[0]=='adr')][3]"
_EMPTY: dict[Datum, str] = {
    Datum.NAME: "vcardArray[1][?(@[0]=='fn')][3]",
    Datum.STREET: f"{_ADDRESS}[2]",
    Datum.CITY: f"{_ADDRESS}[3]",
    Datum.POSTAL_CODE: f"{_ADDRESS}[5]",
}
_REMOVED: dict[Datum, str] = {
    Datum.ID: "handle",
    Datum.ORGANIZATION: "vcardArray[1][?(@[0]=='org')]",
    Datum.PHONE: "vcardArray[1][?(@[1].type=='voice')]",
    Datum.PHONE_EXT: "vcardArray[1][?(@[1].type=='voice')]",
    Datum.FAX: "vcardArray[1][?(@[1].type=='fax')]",
    Datum.FAX_EXT: "vcardArray[1][?(@[1].type=='fax')]",
    Datum.EMAIL: "vcardArray[1][?(@[0]=='email')]",
}
_SILENT = {"admin": ("administrative", "Administrative Contact"), "billing": ("billing", "Billing Contact")}


def redactions(shown: Shown) -> list[Json]:
    """The member ``redacted`` of a domain. One entry a name, though several technical contacts may lack the datum."""
    named = {_type_of(party, datum): _entry(party.role, datum) for party in shown.parties for datum in party.hidden}
    left_out = [_left_out(*_SILENT[kind]) for kind in shown.silent if kind in _SILENT]
    return [*({"name": {"type": name}, **entry} for name, entry in named.items()), *left_out]


def _type_of(party: Party, datum: Datum) -> str:
    word = WORD[party.role]
    return f"Registry {word} ID" if datum is Datum.ID else f"{word} {datum.value}"


def _entry(role: Role, datum: Datum) -> Json:
    at = f"$.entities[?(@.roles[0]=='{role.value}')]."
    if datum in _EMPTY:
        return {"postPath": at + _EMPTY[datum], "pathLang": "jsonpath", "method": "emptyValue", "reason": REASON}
    return {"prePath": at + _REMOVED[datum], "pathLang": "jsonpath", "method": "removal", "reason": REASON}


def _left_out(role: str, words: str) -> Json:
    return {
        "name": {"description": words},
        "prePath": f"$.entities[?(@.roles[0]=='{role}')]",
        "pathLang": "jsonpath",
        "method": "removal",
        "reason": REASON,
    }
