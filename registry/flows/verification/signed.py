"""The signed code of ``verificationCode-1.0``: made and read.

The document is ``<signedCode id><code type="…">ISSUER-TOKEN</code><Signature/></signedCode>``
(draft-ietf-regext-verificationcode, section 2.1), handed out and presented in base64 (section 2.2,
``encodedSignedCode``).
"""

import base64
import binascii
import re
from dataclasses import dataclass

from lxml import etree

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.kernel.xml.keys import signer_at
from registry.kernel.xml.signature import Signer, sign, verified_root

NAMESPACE = "urn:ietf:params:xml:ns:verificationCode-1.0"
COMMON_NAME = "正名 verification service"
CODE = re.compile(r"[0-9]{1,10}-[A-Za-z0-9]{1,64}")  # verificationCodeValueType, with bounds
MAX_ENCODED = 1 << 15  # ours have about 2,100 characters; a line break in each place still fits


@dataclass(frozen=True, slots=True)
class SignedCode:
    """What a genuine signed document says; what it means stands in the register."""

    code: str
    type: str


def signer_of(act: Act) -> Signer:
    """The key with which this registry signs codes; made on first use."""
    config = act.config
    return signer_at(config.secret("verification.pem", config.verification.key_file), COMMON_NAME, act.now)


def encode(signer: Signer, code: SignedCode) -> str:
    """The base64 of the signed document, in one line."""
    root = etree.Element(f"{{{NAMESPACE}}}signedCode", {"id": "signedCode"}, {"verificationCode": NAMESPACE})
    etree.SubElement(root, f"{{{NAMESPACE}}}code", {"type": code.type}).text = code.code
    return base64.b64encode(sign(root, signer)).decode("ascii")


def decode(act: Act, encoded: str, signer: Signer) -> SignedCode:
    """Read one presented code. Refuses with ``VERIFICATION_INVALID`` whatever we did not sign, and says why."""
    try:
        root = verified_root(_octets(encoded), signer.certificates, act.now)
    except Refusal as refusal:
        raise invalid(
            f"验证码无效：{refusal.text.zh}", f"the verification code is not valid: {refusal.text.en}"
        ) from refusal
    code = root[0] if len(root) == 1 else None
    if root.tag != f"{{{NAMESPACE}}}signedCode" or code is None or code.tag != f"{{{NAMESPACE}}}code" or len(code):
        raise invalid("验证码无效：签名的内容不是验证码", "what was signed is not a verification code")
    text = code.text or ""
    if not CODE.fullmatch(text):
        raise invalid(
            "验证码无效：格式应为“发码机构编号-字母数字”", "a verification code has the form ISSUER-TOKEN", text[:80]
        )
    return SignedCode(text, code.get("type", ""))


def invalid(zh: str, en: str, value: str = "") -> Refusal:
    """The refusal of a code; never carries the presented document."""
    return Refusal(Reason.VERIFICATION_INVALID, zh, en, where="verificationCode", value=value)


def _octets(encoded: str) -> bytes:
    if len(encoded) > MAX_ENCODED:
        raise invalid(f"验证码超过 {MAX_ENCODED} 个字符", f"the encoded code has over {MAX_ENCODED} characters")
    try:
        return base64.b64decode("".join(encoded.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise invalid("不是合法的 base64", "it is not valid base64") from error
