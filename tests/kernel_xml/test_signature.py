"""XML signatures, and the attacks on them."""

import base64
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.xml.keys import signer_at
from registry.kernel.xml.signature import Signer, sign, verified_root

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NS = "urn:example:code"


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signer_at(tmp_path / "keys" / "one.pem", "one", NOW)


@pytest.fixture
def other(tmp_path: Path) -> Signer:
    return signer_at(tmp_path / "keys" / "two.pem", "two", NOW)


def document(text: str = "1-abc", name: str = "signedCode") -> etree._Element:
    root = etree.Element(f"{{{NS}}}signed", {"id": name}, {"c": NS})
    etree.SubElement(root, f"{{{NS}}}code", {"type": "domain"}).text = text
    return root


def refused(data: bytes, signer: Signer, at: datetime = NOW) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verified_root(data, signer.certificates, at)
    return caught.value


def test_what_was_signed_is_returned(signer: Signer) -> None:
    """The signed element comes back without the signature."""
    root = verified_root(sign(document(), signer), signer.certificates, NOW)
    assert root.tag == f"{{{NS}}}signed"
    assert [child.text for child in root] == ["1-abc"]


def test_the_key_file_is_private_and_made_once(tmp_path: Path, signer: Signer) -> None:
    """Mode 0600, and the second call reads what the first wrote."""
    path = tmp_path / "keys" / "one.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signer_at(path, "another", NOW).certificates == signer.certificates
    assert [one.name for one in path.parent.iterdir()] == ["one.pem"]


def test_a_broken_key_file_is_a_fault(tmp_path: Path) -> None:
    """An operator hears of it; nothing is overwritten."""
    path = tmp_path / "bad.pem"
    path.write_text("no key")
    with pytest.raises(Fault):
        signer_at(path, "x", NOW)
    assert path.read_text() == "no key"


def test_an_rsa_key_serves_as_well() -> None:
    """RSA-SHA256 and ECDSA-SHA256 are the two algorithms."""
    from registry.kernel.xml import keys

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signer = Signer(key, (_certificate(key),))
    assert verified_root(sign(document(), signer), signer.certificates, NOW) is not None
    assert timedelta(days=365) < keys.LIFE


def _certificate(key: rsa.RSAPrivateKey) -> "object":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rsa")])
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    )
    return (
        builder.not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )


def test_codes_of_an_earlier_key_stay_valid(signer: Signer, other: Signer) -> None:
    """A certificate that stands behind the first is accepted, and signs nothing any more."""
    rotated = Signer(other.key, (*other.certificates, *signer.certificates))
    assert verified_root(sign(document(), signer), rotated.certificates, NOW) is not None
    assert verified_root(sign(document(), rotated), other.certificates, NOW) is not None


def test_altered_content_is_refused(signer: Signer) -> None:
    """One character is enough."""
    data = sign(document(), signer).replace(b"1-abc", b"1-abd")
    assert refused(data, signer).reason is Reason.VERIFICATION_INVALID


def test_another_key_is_refused_even_with_its_certificate_inside(signer: Signer, other: Signer) -> None:
    """What KeyInfo carries is not trusted: a signature that is right in itself is worth nothing."""
    assert refused(sign(document(), other), signer).reason is Reason.VERIFICATION_INVALID


def test_an_expired_certificate_is_refused(signer: Signer) -> None:
    """The certificate is judged at the instant that the caller gives."""
    assert refused(sign(document(), signer), signer, NOW + timedelta(days=4000)).reason is Reason.VERIFICATION_INVALID


def test_an_unsigned_document_is_refused(signer: Signer) -> None:
    """No signature, no code."""
    assert "签名" in refused(etree.tostring(document()), signer).text.zh


def test_a_wrapped_signature_is_refused(signer: Signer) -> None:
    """The signed element moved below a forged root of the same kind, with its own id or with the same."""
    signed = etree.fromstring(sign(document(), signer))
    for name in ("signedCode", "other"):
        forged = document("1-evil", name)
        forged.append(etree.fromstring(etree.tostring(signed)))
        assert refused(etree.tostring(forged), signer).reason is Reason.VERIFICATION_INVALID


def test_a_signature_that_covers_a_hidden_copy_is_refused(signer: Signer) -> None:
    """The forged root keeps the signature as its child, while the signed original hides inside ``Object``."""
    signed = etree.fromstring(sign(document(), signer))
    signature = signed[-1]
    forged = document("1-evil", "forged")
    forged.append(signature)
    hidden = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
    hidden.append(document())
    assert refused(etree.tostring(forged), signer).reason is Reason.VERIFICATION_INVALID


def test_a_second_signature_or_reference_is_refused(signer: Signer, other: Signer) -> None:
    """Exactly one of each."""
    twice = etree.fromstring(sign(document(), signer))
    twice.append(etree.fromstring(sign(document(), other))[-1])
    assert "一个签名" in refused(etree.tostring(twice), signer).text.zh
    data = sign(document(), signer).decode()
    reference = re.search(r"<ds:Reference.*</ds:Reference>", data, re.DOTALL)
    assert reference is not None
    assert "引用" in refused(data.replace(reference[0], reference[0] * 2).encode(), signer).text.zh


@pytest.mark.parametrize("uri", ["", "#other", "http://example.com/", "#xpointer(/)"])
def test_a_reference_elsewhere_is_refused(signer: Signer, uri: str) -> None:
    """The only reference is to the root's id."""
    data = sign(document(), signer).replace(b'URI="#signedCode"', f'URI="{uri}"'.encode())
    assert "引用" in refused(data, signer).text.zh


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>', b"</ds:Transforms>"),
        (
            b'<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
            b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
        ),
        (
            b'<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
            b'<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"/>',
        ),
        (b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#hmac-sha256"),
        (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
    ],
)
def test_other_algorithms_are_refused(signer: Signer, old: bytes, new: bytes) -> None:
    """Neither transform nor canonicalisation nor digest nor signature may be another than ours."""
    data = sign(document(), signer)
    assert old in data
    assert refused(data.replace(old, new), signer).reason is Reason.VERIFICATION_INVALID


@pytest.mark.parametrize("trick", [b"1-a<!-- -->bc", b"<![CDATA[1-abc]]>", b"1-abc<?x y?>"])
def test_comment_tricks_are_refused(signer: Signer, trick: bytes) -> None:
    """A comment, CDATA section or instruction would not change the digest; it is refused by its presence."""
    data = sign(document(), signer).replace(b"1-abc", trick)
    assert "注释" in refused(data, signer).text.zh


def test_entities_are_refused(signer: Signer) -> None:
    """A DTD before a signed document is refused as in every other document."""
    data = sign(document(), signer).split(b"\n", 1)[1]
    assert refused(b'<!DOCTYPE a [<!ENTITY e "x">]>' + data, signer).reason is Reason.SYNTAX_INVALID


@pytest.mark.parametrize("value", [b"", b"AAAA", b"!!!", base64.b64encode(b"\0" * 64)])
def test_a_malformed_signature_value_is_refused(signer: Signer, value: bytes) -> None:
    """Never a traceback."""
    data = re.sub(rb"(<ds:SignatureValue>)[^<]*", rb"\g<1>" + value, sign(document(), signer))
    assert refused(data, signer).reason is Reason.VERIFICATION_INVALID


def test_every_truncation_is_refused(signer: Signer) -> None:
    """A document cut anywhere is refused, never accepted and never a crash."""
    data = sign(document(), signer)
    for length in range(0, len(data) - len(b"</c:signed>") + 1, 7):
        refused(data[:length], signer)
