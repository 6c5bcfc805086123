"""How a contact can be reached: telephone and e-mail."""

import re

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from registry.model.contact import Phone

_NUMBER = re.compile(r"\+[0-9]{1,3}\.[0-9]{1,14}")  # contact:e164StringType; RFC 5733 section 2.5
_EXTENSION = re.compile(r"[0-9]{0,20}")  # digits of a private exchange
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")  # RFC 5322 section 3.2.3
MAX_LOCAL_PART = 64  # RFC 5321 section 4.5.3.1.1
MAX_EMAIL = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets


def check_phone(phone: Phone | None, where: str, *, may_be_empty: bool = False) -> None:
    """Refuse (``VALUE_INVALID``) a number that is not ``+CC.NUMBER``, and an element that is there but empty.

    ``may_be_empty`` is for updates, where an empty element removes the number.
    """
    if phone is None or (may_be_empty and not phone.number and not phone.extension):
        return
    if not _NUMBER.fullmatch(phone.number):
        raise Refusal(
            Reason.VALUE_INVALID,
            "电话须写作 +国家代码.号码，例如 +86.1062770334",
            "a telephone number is written +COUNTRY.NUMBER, such as +86.1062770334",
            where=where,
            value=phone.number,
        )
    if not _EXTENSION.fullmatch(phone.extension):
        raise Refusal(
            Reason.VALUE_INVALID,
            "分机号只能是数字，最多 20 位",
            "an extension has digits only, at most 20",
            where=f"{where}:x",
            value=phone.extension,
        )


def check_email(email: str) -> None:
    """Refuse (``VALUE_INVALID``) what is no ``local@domain`` of RFC 5322 section 3.4.1 (dot-atoms; the domain has a dot)."""
    local, at, domain = email.rpartition("@")
    atoms = local.split(".")
    is_sound = (
        at
        and len(email) <= MAX_EMAIL
        and 0 < len(local) <= MAX_LOCAL_PART
        and all(_ATOM.fullmatch(atom) for atom in atoms)
        and "." in domain
        and not domain.endswith(".")
        and _is_name(domain)
    )
    if not is_sound:
        raise Refusal(
            Reason.VALUE_INVALID,
            "电子邮箱地址不正确，应形如 name@example.cn",
            "this is no e-mail address; it should look like name@example.cn",
            where="email",
            value=email,
        )


def _is_name(domain: str) -> bool:
    try:
        to_a(domain)
    except ValueError:
        return False
    return True
