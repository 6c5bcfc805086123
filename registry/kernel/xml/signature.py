"""Enveloped XML signatures (W3C XML Signature 1.1) over a whole document, made and checked with pinned certificates.

Theory of operation. An XML signature says "the element with this id has this digest", and every known attack drives a
wedge between the element that was digested and the element that is read afterwards: a second element of the same id, a
signature moved elsewhere, two references, a transform that drops what the reader will see, a comment inside a value.
So the shape is fixed before any cryptography, and is the only shape that we produce: the document is its root element;
the root has an ``id``; exactly one ``Signature`` stands in the document, as a child of the root; it has exactly one
reference, to the root's id, with exactly the transforms *enveloped* and *exclusive canonicalisation*; no comment, CDATA
section or processing instruction occurs. Then signxml checks digest and signature with a certificate that we hold (what
``KeyInfo`` carries is never trusted), and the caller gets the element that signxml parsed again from the octets it
digested, which has no path back to the document that was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import Certificate
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from registry.kernel.errors import Reason, Refusal
from registry.kernel.xml.parse import Limits, is_plain, parse

DSIG = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED = f"{DSIG}enveloped-signature"
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
METHODS = frozenset({SignatureMethod.ECDSA_SHA256, SignatureMethod.RSA_SHA256})  # what our two kinds of key make
DIGESTS = frozenset({DigestAlgorithm.SHA256})
SIGNED = Limits(octets=1 << 14, depth=12, elements=40, attributes=8)  # ours have 2 to 3 kB, depth 7 and 16 elements


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and its certificates: the first signs, all are accepted (the later ones are those of the past)."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificates: tuple[Certificate, ...]

    def __repr__(self) -> str:
        return f"Signer({self.certificates[0].subject.rfc4514_string()})"


def sign(root: etree._Element, signer: Signer) -> bytes:
    """The document, with an enveloped signature over its root (which carries an ``id``) as the root's last child."""
    method = SignatureMethod.RSA_SHA256 if isinstance(signer.key, rsa.RSAPrivateKey) else SignatureMethod.ECDSA_SHA256
    maker = XMLSigner(signature_algorithm=method, digest_algorithm=DigestAlgorithm.SHA256, c14n_algorithm=EXCLUSIVE)
    signed = maker.sign(root, key=signer.key, cert=[signer.certificates[0]], reference_uri=f"#{root.get('id')}")
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")


def verified_root(data: bytes, certificates: Sequence[Certificate], at: datetime) -> etree._Element:
    """The signed element of ``data``, without its signature, once it is proved that one of ``certificates`` signed it.

    ``at`` is the instant at which the certificate must be valid. Refuses with ``VERIFICATION_INVALID`` (another shape,
    another algorithm, another key, changed content) and as :func:`registry.kernel.xml.parse.parse` does.
    """
    root = parse(data, SIGNED)
    _check_shape(data, root)
    for certificate in certificates:
        signed = _signed_by(root, certificate, at)
        if signed is not None:
            return signed
    raise _wrong(
        "签名不是本注册局的密钥所签，或内容被改动过",
        "the signature was not made by a key of this registry, or the content was changed",
    )


def _signed_by(root: etree._Element, certificate: Certificate, at: datetime) -> etree._Element | None:
    wanted = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=METHODS,
        digest_algorithms=DIGESTS,
        ignore_ambiguous_key_info=True,  # we never look at KeyInfo, so it cannot be ambiguous
        verification_time=at,
    )
    try:
        result: Any = XMLVerifier().verify(root, x509_cert=certificate, id_attribute="id", expect_config=wanted)
    except (SignXMLException, etree.LxmlError, ValueError, TypeError, KeyError):
        return None  # signxml tells a malformed signature by any of these
    signed: etree._Element | None = result.signed_xml
    return signed if signed is not None and signed.tag == root.tag else None


def _check_shape(data: bytes, root: etree._Element) -> None:
    """Refuse every shape but the one that :func:`sign` gives."""
    if not is_plain(data):
        raise _wrong(
            "签名文件中不得有注释、CDATA 或处理指令", "a signed document holds no comment, CDATA section or instruction"
        )
    name = root.get("id", "")
    if not name or root.xpath("count(//@*[local-name() = 'id' or local-name() = 'Id' or local-name() = 'ID'])") != 1:
        raise _wrong(
            "签名文件须有且只有一个 id，在根元素上", "a signed document has exactly one id, on its root element"
        )
    signatures = list(root.iter(f"{{{DSIG}}}Signature"))
    if len(signatures) != 1 or signatures[0].getparent() is not root:
        raise _wrong(
            "须有且只有一个签名，且直接位于根元素之下", "there must be exactly one signature, directly below the root"
        )
    _check_reference(signatures[0], name)


def _check_reference(signature: etree._Element, name: str) -> None:
    references = list(signature.iter(f"{{{DSIG}}}Reference"))
    if len(references) != 1 or references[0].get("URI") != f"#{name}":
        raise _wrong("签名须有且只有一个引用，指向根元素", "the signature must have exactly one reference, to the root")
    transforms = [one.get("Algorithm") for one in references[0].iter(f"{{{DSIG}}}Transform")]
    methods = [one.get("Algorithm") for one in signature.iter(f"{{{DSIG}}}CanonicalizationMethod")]
    if transforms != [ENVELOPED, EXCLUSIVE.value] or methods != [EXCLUSIVE.value]:
        raise _wrong("签名所用的变换不在许可之列", "the signature uses transforms that are not permitted")
    if list(signature.iter(f"{{{DSIG}}}Object")) or list(signature.iter("{*}InclusiveNamespaces")):
        raise _wrong("签名中有多余的内容", "the signature carries content that does not belong there")


def _wrong(zh: str, en: str) -> Refusal:
    return Refusal(Reason.VERIFICATION_INVALID, zh, en)
