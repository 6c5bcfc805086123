"""Presenting codes: what is accepted, and every way in which one is not."""

import base64

import pytest
from lxml import etree

from registry.flows.act import Caller
from registry.flows.verification.revoke import RevokeCode, revoke_code
from registry.flows.verification.signed import COMMON_NAME, SignedCode, encode
from registry.kernel.errors import Reason, Refusal
from registry.kernel.xml.keys import signer_at
from tests.flows_verification.conftest import LEGAL, USCC, B, Desk
from tests.kit.clock import FakeClock
from tests.kit.shared import shared_path


async def refused(desk: Desk, *encoded: str, **kwargs: Caller) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await desk.read(*encoded, **kwargs)
    assert caught.value.reason is Reason.VERIFICATION_INVALID
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value


async def test_a_registrant_code_proves_the_body(desk: Desk) -> None:
    """USCC and legal name come from our books, not from the document."""
    issued = await desk.issue()
    verified = await desk.read(issued.encoded)
    assert (verified.uscc, verified.legal_name, verified.names) == (USCC, LEGAL, frozenset())
    assert verified.codes == (issued.code,)
    assert verified.types == ("registrant",)


async def test_codes_of_both_types_for_one_body_are_read_together(desk: Desk) -> None:
    """A registrant code and a domain code: the body, its legal name, and the names approved for it."""
    registrant, domain = await desk.issue(), await desk.issue("domain", "xn--fiqs8s.xn--zfr164b")
    verified = await desk.read(registrant.encoded, domain.encoded)
    assert verified.legal_name == LEGAL
    assert verified.names == {"xn--fiqs8s.xn--zfr164b"}
    assert verified.types == ("registrant", "domain")


async def test_line_breaks_in_the_base64_do_not_matter(desk: Desk) -> None:
    """An encoder may break its lines (RFC 2045)."""
    encoded = (await desk.issue()).encoded
    broken = "\n".join(encoded[at : at + 64] for at in range(0, len(encoded), 64))
    assert (await desk.read(f"  {broken}\n")).uscc == USCC


async def test_the_signed_code_follows_the_official_schema(desk: Desk) -> None:
    """verificationCode-1.0.xsd accepts the document, and its code has the form ISSUER-TOKEN."""
    schema = etree.XMLSchema(etree.parse(shared_path("conformance/epp-xsd/verificationCode-1.0.xsd")))
    for kind, name in (("registrant", LEGAL), ("domain", "xn--fiqs8s.xn--zfr164b")):
        issued = await desk.issue(kind, name)
        document = etree.fromstring(base64.b64decode(issued.encoded))
        schema.assertValid(document)
        assert issued.code.startswith("1-")
        assert [code.text for code in document.iter("{*}code")] == [issued.code]


async def test_codes_differ_and_expire_after_the_configured_days(desk: Desk, clock: FakeClock) -> None:
    """Two codes for the same body are two codes; each ends on its own day, and no sooner."""
    first, second = await desk.issue(), await desk.issue()
    assert first.code != second.code
    assert (first.expires_at - clock.now()).days == 30
    await clock.move(days=30, seconds=-1)
    assert (await desk.read(first.encoded)).uscc == USCC
    await clock.move(seconds=1)
    assert "过期" in (await refused(desk, first.encoded)).text.zh


async def test_a_revoked_code_is_refused(desk: Desk) -> None:
    """Even though its signature is still right."""
    issued = await desk.issue()
    assert (await desk.read(issued.encoded)).codes == (issued.code,)
    await desk.act(lambda act: revoke_code(act, RevokeCode(issued.code, "test")))
    assert "撤销" in (await refused(desk, issued.encoded)).text.zh
    history = await desk.runner.db.fetchval("select snapshot from history where act = 'verification.revoked'")
    assert history["reason"] == "test"


async def test_a_code_is_revoked_once_and_only_by_its_registrar(desk: Desk) -> None:
    """Another registrar does not even learn that it exists; an operator may revoke any."""
    issued = await desk.issue()
    order = RevokeCode(issued.code, "")
    with pytest.raises(Refusal) as caught:
        await desk.act(lambda act: revoke_code(act, order), B)
    assert caught.value.reason is Reason.NOT_FOUND
    await desk.act(lambda act: revoke_code(act, order), Caller("person", "operator", may_override=True))
    with pytest.raises(Refusal):
        await desk.act(lambda act: revoke_code(act, order))


async def test_another_registrars_code_is_refused(desk: Desk) -> None:
    """A code that was copied from another registrar's command is worth nothing."""
    issued = await desk.issue()
    assert "另一个注册服务机构" in (await refused(desk, issued.encoded, caller=B)).text.zh


async def test_a_code_that_is_not_on_our_books_is_refused(desk: Desk) -> None:
    """A genuine signature over a code that we do not know proves nothing."""
    issued = await desk.issue()
    await desk.runner.db.execute("delete from verification_code where code = $1", issued.code)
    assert "登记簿" in (await refused(desk, issued.encoded)).text.zh


async def test_a_code_presented_under_another_type_is_refused(desk: Desk) -> None:
    """The type in the document and on the books must be the same."""
    issued = await desk.issue()
    await desk.runner.db.execute("update verification_code set type = 'domain' where code = $1", issued.code)
    assert "登记簿" in (await refused(desk, issued.encoded)).text.zh


async def test_a_code_signed_by_another_key_is_refused(desk: Desk) -> None:
    """Whoever makes his own key and writes one of our codes into a document of his own gets nothing."""
    issued = await desk.issue()
    forger = signer_at(desk.runner.config.data / "forger.pem", COMMON_NAME, desk.runner.clock.now())
    assert "密钥" in (await refused(desk, encode(forger, SignedCode(issued.code, "registrant")))).text.zh


async def test_an_altered_code_is_refused(desk: Desk) -> None:
    """Another code, or another type, in a document that we signed."""
    first, second = await desk.issue(), await desk.issue("domain", "xn--fiqs8s.xn--zfr164b")
    document = base64.b64decode(first.encoded)
    other_code = document.replace(first.code.encode(), second.code.encode())
    other_type = document.replace(b'type="registrant"', b'type="domain"')
    for forged in (other_code, other_type):
        assert forged != document
        assert "改动" in (await refused(desk, base64.b64encode(forged).decode())).text.zh


async def test_a_wrapped_code_is_refused(desk: Desk) -> None:
    """A forged code around, before or behind the one that we signed."""
    issued = await desk.issue()
    document = base64.b64decode(issued.encoded).split(b"\n", 1)[1]
    ns = b'xmlns:verificationCode="urn:ietf:params:xml:ns:verificationCode-1.0"'
    code = b'<verificationCode:code type="registrant">1-FORGED</verificationCode:code>'
    inside = b"<verificationCode:signedCode %b id='signedCode'>%b%b</verificationCode:signedCode>" % (
        ns,
        code,
        document,
    )
    before = document.replace(b"<verificationCode:code ", code + b"<verificationCode:code ", 1)
    behind = document.replace(b"</verificationCode:signedCode>", code + b"</verificationCode:signedCode>")
    for forged in (inside, before, behind):
        await refused(desk, base64.b64encode(forged).decode())


@pytest.mark.parametrize("trick", ["<!-- -->", "<![CDATA[]]>", "<?x?>"])
async def test_comment_tricks_are_refused(desk: Desk, trick: str) -> None:
    """A code whose text is cut by a comment would read differently in another parser."""
    issued = await desk.issue()
    document = base64.b64decode(issued.encoded).decode().replace(issued.code, issued.code[:4] + trick + issued.code[4:])
    assert "注释" in (await refused(desk, base64.b64encode(document.encode()).decode())).text.zh


async def test_entities_are_refused(desk: Desk) -> None:
    """External entities and nested ones are refused before they are read."""
    issued = await desk.issue()
    document = base64.b64decode(issued.encoded).split(b"\n", 1)[1]
    xxe = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + document.replace(issued.code.encode(), b"&e;")
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + document.replace(issued.code.encode(), b"&b;")
    for forged in (xxe, laughs):
        assert "DTD" in (await refused(desk, base64.b64encode(forged).decode())).text.zh


@pytest.mark.parametrize("encoded", ["", "!!!", "PGE+", "中文", "A" * 40000, base64.b64encode(b"\0\0\0").decode()])
async def test_what_is_no_signed_code_is_refused(desk: Desk, encoded: str) -> None:
    """Never a traceback, always a sentence."""
    await refused(desk, encoded)


async def test_codes_of_two_bodies_are_refused_together(desk: Desk) -> None:
    """One name has one holder."""
    first, second = await desk.issue(), await desk.issue(uscc="12100000400010275N", name="北京大学")
    assert "不同的单位" in (await refused(desk, first.encoded, second.encoded)).text.zh


async def test_no_code_and_too_many_are_refused(desk: Desk) -> None:
    """Between one and ten."""
    encoded = (await desk.issue()).encoded
    await refused(desk)
    await refused(desk, *[encoded] * 11)


async def test_issuing_is_remembered_without_the_signed_document(desk: Desk) -> None:
    """History, audit entry and change row are written in the act; none of them holds what could be presented."""
    issued = await desk.issue()
    for table, column in (("history", "snapshot"), ("audit_entry", "detail"), ("change", "detail")):
        kind = "kind" if table == "change" else "act"
        row = await desk.runner.db.fetchrow(f"select * from {table} where {kind} = 'verification.issued'")
        assert row is not None
        assert row["subject"] == issued.code
        assert issued.encoded not in str(row[column])
