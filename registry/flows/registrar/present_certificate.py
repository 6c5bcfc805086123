"""A registrar hands in a certificate, or a request for one (PKCS #10, RFC 2986), and its key is bound.

What is believed. A certificate counts when the authority of the EPP door signed it; its name says nothing, so one that bears another
registrar's name is worth as little as any. A request proves that its sender holds the key; when the private authority of this
installation is here, it signs a certificate over that key, with a name that we choose. Either way the key, not the name, is bound.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from registry.flows.act import Act
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.permission import require_own
from registry.kernel.config import Config
from registry.kernel.errors import Reason, Refusal
from registry.kernel.tls import key_pin, read_pair, sign_request

MAX_PEM = 20_000  # characters; a chain of three certificates with RSA keys has 6,000
MIN_RSA_BITS = 2048  # RFC 9325 section 4.5
CURVES = (256, 384)
PKCS10, CERTIFICATE = "CERTIFICATE REQUEST", "CERTIFICATE"


@dataclass(frozen=True, slots=True)
class PresentCertificate:
    """``pem`` holds one certificate or one request; ``user_id`` the one login that may use it, empty for all."""

    registrar_id: str
    pem: str
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """``certificate`` is the PEM of one that was signed here, empty when one was handed in."""

    spki_sha256: bytes
    subject: str
    certificate: str = ""


async def present_certificate(act: Act, order: PresentCertificate) -> Bound:
    """Bind the key.

    Refuses with ``NOT_PERMITTED``, ``VALUE_INVALID`` (no PEM, a weak key, not signed by the holder of the key, not by our authority,
    not valid now, an authority's own), ``POLICY_FORBIDS`` (no authority here that signs; a third key), ``ALREADY_EXISTS``.
    """
    require_own(act, order.registrar_id)
    if f"BEGIN {PKCS10}" in order.pem or "BEGIN NEW CERTIFICATE REQUEST" in order.pem:
        certificate = _signed(act, order)
        text = certificate.public_bytes(Encoding.PEM).decode()
    else:
        certificate, text = _checked(act, order.pem), ""
    subject, pin = certificate.subject.rfc4514_string(), key_pin(certificate)
    await bind_certificate(
        act,
        BindCertificate(
            order.registrar_id,
            pin,
            subject,
            certificate.not_valid_after_utc,
            order.user_id,
            f"{certificate.serial_number:x}",
        ),
    )
    return Bound(pin, subject, text)


def _signed(act: Act, order: PresentCertificate) -> x509.Certificate:
    try:
        request = x509.load_pem_x509_csr(order.pem[:MAX_PEM].encode())
        holds_key = request.is_signature_valid
        check_key(request.public_key())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _wrong("证书请求无法读取", "the request cannot be read") from error
    if not holds_key:
        raise _wrong("证书请求的签名不正确", "the signature of the request is wrong")
    certificate_file = _authority(act.config)
    key_file = act.config.secret("client-ca.key")
    if act.config.epp.client_ca_file or not key_file.exists():
        raise Refusal(
            Reason.POLICY_FORBIDS,
            "本系统不签发客户端证书，请提交由登记的证书机构签发的证书",
            "no client certificates are signed here; please hand in one that the authority of the EPP door signed",
            where="pem",
        )
    name = order.user_id or order.registrar_id
    return sign_request(read_pair(certificate_file, key_file), request, name, act.now)


def _checked(act: Act, pem: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(pem[:MAX_PEM].encode())
        check_key(certificate.public_key())
        is_authority = _is_authority(certificate)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _wrong("证书无法读取，须为 PEM 格式", "the certificate cannot be read; it must be PEM") from error
    if not certificate.not_valid_before_utc <= act.now < certificate.not_valid_after_utc:
        raise _wrong("证书尚未生效或已经到期", "the certificate is not valid now")
    if is_authority:
        raise _wrong("不能使用证书机构自己的证书", "the certificate of an authority is not taken")
    if not any(_is_signed_by(certificate, issuer) for issuer in _issuers(act.config)):
        raise _wrong("证书不是由登记的证书机构签发的", "the authority of the EPP door did not sign this certificate")
    return certificate


def check_key(key: object) -> None:
    """Refuse (``VALUE_INVALID``) a key that is too weak, or of a kind that the door does not speak."""
    is_good = (
        (isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS)
        or (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size in CURVES)
        or isinstance(key, ed25519.Ed25519PublicKey)
    )
    if not is_good:
        zh = f"密钥须为 P-256、P-384、Ed25519 或至少 {MIN_RSA_BITS} 位的 RSA"
        raise _wrong(zh, f"a key is P-256, P-384, Ed25519, or RSA of at least {MIN_RSA_BITS} bits")


def _authority(config: Config) -> Path:
    return config.secret("client-ca.pem", config.epp.client_ca_file)


def _issuers(config: Config) -> list[x509.Certificate]:
    path = _authority(config)
    return x509.load_pem_x509_certificates(path.read_bytes()) if path.exists() else []


def _is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _wrong(zh: str, en: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where="pem")
