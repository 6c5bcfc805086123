"""Reading the verification codes that a registrar presents."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.verification.signed import SignedCode, decode, invalid, signer_of
from registry.kernel.errors import Refusal
from registry.model.verification import PresentedCode
from registry.policy.verification import CodeType, Standing, standing
from registry.store import verifications
from registry.store.verifications import VerificationCode

MAX_CODES = 10  # one of each type serves; more than a few is no honest command


@dataclass(frozen=True, slots=True)
class Verified:
    """What the presented codes prove together.

    ``legal_name`` is empty when no ``registrant`` code was among them; ``names`` are the domain names (A-labels) that
    ``domain`` codes approved for the body; ``codes`` the texts of the codes and ``types`` their types, in the order
    presented.
    """

    uscc: str
    legal_name: str
    names: frozenset[str]
    codes: tuple[str, ...]
    types: tuple[str, ...]


async def read_codes(act: Act, codes: tuple[PresentedCode, ...]) -> Verified:
    """Check every code: signed by us, on our books as signed, this registrar's, in force, and all for one body.

    Refuses with ``VERIFICATION_INVALID`` on the first code that fails, and says which and why. At least one code is
    needed.
    """
    if not 1 <= len(codes) <= MAX_CODES:
        raise invalid(
            f"一次可出示 1 到 {MAX_CODES} 个验证码", f"present 1 to {MAX_CODES} verification codes", str(len(codes))
        )
    signer = signer_of(act)
    signed = [decode(act, code.encoded, signer) for code in codes]
    rows = await verifications.find(act.conn, [one.code for one in signed])
    checked = [_checked(act, one, rows.get(one.code)) for one in signed]
    return _together(checked)


def _checked(act: Act, signed: SignedCode, row: VerificationCode | None) -> VerificationCode:
    if row is None or row.type != signed.type:
        raise invalid("验证码不在登记簿中", "the code is not on our books", signed.code)
    if row.registrar_id != act.caller.id or act.caller.kind != "registrar":
        raise invalid("这个验证码是发给另一个注册服务机构的", "the code was issued to another registrar", signed.code)
    held = standing(row.issued_at, row.expires_at, row.revoked_at, act.now)
    if held is not Standing.VALID:
        raise _not_in_force(row, held)
    return row


def _not_in_force(row: VerificationCode, held: Standing) -> Refusal:
    match held:
        case Standing.EXPIRED:
            until = row.expires_at.date().isoformat()
            return invalid(
                f"验证码已于 {until} 过期，请重新申请",
                f"the code expired on {until}; please ask for a new one",
                row.code,
            )
        case Standing.REVOKED:
            return invalid("验证码已被撤销，请重新申请", "the code was revoked; please ask for a new one", row.code)
        case _:
            return invalid("验证码尚未生效", "the code is not yet in force", row.code)


def _together(rows: Iterable[VerificationCode]) -> Verified:
    found = tuple(rows)
    owners = {row.uscc for row in found}
    legal = {row.name for row in found if row.type == CodeType.REGISTRANT}
    if len(owners) != 1 or len(legal) > 1:
        raise invalid("出示的验证码属于不同的单位", "the codes that were presented belong to different bodies")
    return Verified(
        uscc=owners.pop(),
        legal_name=legal.pop() if legal else "",
        names=frozenset(row.name for row in found if row.type == CodeType.DOMAIN),
        codes=tuple(row.code for row in found),
        types=tuple(row.type for row in found),
    )
