"""epp-07 to epp-10: contacts, row by row."""

from tests.conformance.driver import Rst, case, statuses, value_of
from tests.epp import phrases as say

LONG = "x" * 256
BAD_PHONES = ("+12345", "+1111.1", "55", "+1.", "+1.123456789012345", "+1.a", "+a.1")
BAD_MAIL = ("example", "example.example", "@example.com", "@", f"{'x' * 65}@example.com")
NEVER = ("clientHold", "linked", "ok", "pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate", "serverDeleteProhibited",
         "serverUpdateProhibited", "invalidStatusCode")  # fmt: skip
# What a row changes, and ICANN's name of the error when the server takes it.
POSTAL = (
    ({"type": "tni"}, "INVALID_POSTALINFO_TYPE"), ({"type": ""}, "INVALID_POSTALINFO_TYPE"), ({"name": ""}, "EMPTY_NAME"),
    ({"org": LONG}, "INVALID_ORG"), ({"city": ""}, "EMPTY_CITY"), ({"cc": ""}, "EMPTY_CC"), ({"street": LONG}, "INVALID_STREET"),
    ({"city": LONG}, "INVALID_CITY"), ({"cc": "XX"}, "INVALID_CC"), ({"cc": "U"}, "INVALID_CC"), ({"cc": "USA"}, "INVALID_CC"),
)  # fmt: skip
REACH = (
    *(({"voice": bad}, "INVALID_VOICE") for bad in BAD_PHONES),
    *(({"fax": bad}, "INVALID_FAX") for bad in BAD_PHONES),
    *(({"email": bad}, "INVALID_EMAIL") for bad in BAD_MAIL),
)
ONLY_AT_CREATION = (({"voice": ""}, "EMPTY_VOICE"), ({"email": ""}, "EMPTY_EMAIL"))
SHOWN = {"name": "John Doe", "org": "Example Ltd", "street": "1 Main Street", "city": "Anytown", "sp": "State", "pc": "12345",
         "cc": "US", "voice": "+1.5555555555", "fax": "+1.5555555556", "email": "john@example.com"}  # fmt: skip


@case("epp-07")
async def create(rst: Rst) -> None:
    """Every bad element is refused; a good contact is stored and shown as it was sent."""
    for identifier in ("", "x" * 17):
        await rst.refuse(rst.a, say.contact_create(identifier), "EPP_CONTACT_CREATE_SERVER_ACCEPTS_INVALID_ID")
    for changes, error in (*POSTAL, *REACH, *ONLY_AT_CREATION):
        document = say.contact_create("rst-07-bad", **changes)
        await rst.refuse(rst.a, document, f"EPP_CONTACT_CREATE_SERVER_ACCEPTS_{error}")
    await rst.accept(rst.a, say.contact_create("rst-07"))
    shown = await rst.accept(rst.a, say.named("contact", "info", "rst-07"), "EPP_CONTACT_CREATE_INFO_RESPONSE_NOT_1000")
    for element, value in SHOWN.items():
        error = f"EPP_CONTACT_CREATE_INFO_RESPONSE_MISSING_OR_INCORRECT_{element.upper()}"
        rst.expect(value_of(shown, f"contact:{element}") == value, error, shown)
    error = "EPP_CONTACT_CREATE_INFO_RESPONSE_MISSING_OR_INCORRECT_POSTALINFO_TYPE"
    rst.expect('postalInfo type="int"' in shown, error, shown)


@case("epp-08")
async def access(rst: Rst) -> None:
    """The other registrar may neither look nor change."""
    await rst.accept(rst.a, say.contact_create("rst-08"))
    await rst.refuse(rst.b, say.named("contact", "info", "rst-08"), "EPP_CONTACT_INFO_RESPONSE_NOT_REJECTED")
    change = say.contact_change("rst-08", say.text("contact:email", "b@example.com"))
    await rst.refuse(rst.b, change, "EPP_CONTACT_UPDATE_RESPONSE_NOT_REJECTED")


@case("epp-09")
async def update(rst: Rst) -> None:
    """Bad values are refused in updates too; good ones are shown, for both postal forms; statuses follow their table."""
    await rst.accept(rst.a, say.contact_create("rst-09"))
    for changes, error in (*POSTAL, ({"name": LONG}, "EMPTY_NAME")):
        await rst.refuse(rst.a, _postal(**changes), f"EPP_CONTACT_UPDATE_SERVER_ACCEPTS_{error}")
    for changes, error in REACH:
        ((element, value),) = changes.items()
        change = say.contact_change("rst-09", say.text(f"contact:{element}", value))
        await rst.refuse(rst.a, change, f"EPP_CONTACT_UPDATE_SERVER_ACCEPTS_{error}")
    for form in ("int", "loc"):
        await rst.accept(rst.a, _postal(type=form, city="Newtown"))
        shown = await rst.accept(rst.a, say.named("contact", "info", "rst-09"))
        part = shown.partition(f'postalInfo type="{form}"')[2]
        error = "EPP_CONTACT_UPDATE_INFO_RESPONSE_MISSING_OR_INCORRECT_CITY"
        rst.expect(value_of(part, "contact:city") == "Newtown", error, shown)
    await _statuses(rst)


def _postal(**changes: str) -> bytes:
    said = {key: SHOWN[key] for key in ("name", "org", "street", "city", "sp", "pc", "cc")} | {"type": "int"} | changes
    address = "".join(say.text(f"contact:{key}", said[key]) for key in ("street", "city", "sp", "pc", "cc"))
    inside = f"{say.text('contact:name', said['name'])}{say.text('contact:org', said['org'])}<contact:addr>{address}</contact:addr>"
    return say.contact_change("rst-09", f'<contact:postalInfo type="{said["type"]}">{inside}</contact:postalInfo>')


async def _statuses(rst: Rst) -> None:
    error = "EPP_CONTACT_UPDATE_SERVER_ACCEPTS_INVALID_STATUS_CODE"
    lock, keep = "clientUpdateProhibited", "clientDeleteProhibited"

    def change(way: str, status: str) -> bytes:
        return say.status_change("contact", "rst-09", way, status)

    await rst.accept(rst.a, change("add", lock))
    await rst.refuse(rst.a, change("add", lock), error)
    await rst.accept(rst.a, change("rem", lock))
    await rst.accept(rst.a, change("add", keep))
    await rst.refuse(rst.a, change("add", keep), error)
    shown = await rst.accept(rst.a, say.named("contact", "info", "rst-09"))
    missing = "EPP_CONTACT_UPDATE_INFO_RESPONSE_MISSING_OR_INCORRECT_STATUS"
    rst.expect(keep in statuses(shown, "contact"), missing, shown)
    for status in NEVER:
        await rst.refuse(rst.a, change("add", status), error)
    await rst.refuse(rst.a, change("rem", lock), error)
    await rst.accept(rst.a, change("rem", keep))
    for status in (keep, *NEVER):
        await rst.refuse(rst.a, change("rem", status), error)


@case("epp-10")
async def delete(rst: Rst) -> None:
    """A deleted contact does not exist: 2303."""
    await rst.accept(rst.a, say.contact_create("rst-10"))
    document = say.named("contact", "delete", "rst-10")
    await rst.accept(rst.a, document, "EPP_CONTACT_DELETE_RESPONSE_NOT_1000_OR_1001")
    await rst.refuse(rst.a, say.named("contact", "info", "rst-10"), "EPP_CONTACT_DELETE_OBJECT_STILL_EXISTS", 2303)
