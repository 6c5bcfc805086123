"""secDNS-1.1 (RFC 5910), the interface of DS records: reading them out of a command and writing them into an answer."""

from registry.epp.answer import Piece
from registry.epp.markup import element, root, tag
from registry.epp.namespaces import SECDNS
from registry.epp.request import Asked
from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal
from registry.model.domain import DelegationKey, DelegationSigner

CREATE = (SECDNS, "create")
UPDATE = (SECDNS, "update")


def read_created(asked: Asked) -> tuple[DelegationSigner, ...]:
    """The records of ``secDNS:create``."""
    return _records(asked.extensions.get(CREATE))


def read_added(asked: Asked) -> tuple[DelegationSigner, ...]:
    """The records that ``secDNS:update`` adds."""
    update = _update(asked)
    return _records(update.child("add")) if update is not None else ()


def read_keys(asked: Asked) -> tuple[tuple[DelegationSigner, DelegationKey], ...]:
    """The records that came with the key that they were made of, in ``secDNS:create`` or ``secDNS:add``."""
    update = asked.extensions.get(UPDATE)
    node = update.child("add") if update is not None else asked.extensions.get(CREATE)
    records = node.children("dsData") if node is not None else ()
    keys = ((record, record.child("keyData")) for record in records)
    return tuple((_record(record), _key(key)) for record, key in keys if key is not None)


def read_removed(asked: Asked) -> tuple[tuple[DelegationSigner, ...], bool]:
    """The records that ``secDNS:update`` removes, and whether it removes all."""
    update = _update(asked)
    removed = update.child("rem") if update is not None else None
    if removed is None:
        return (), False
    return _records(removed), removed.text("all") in ("true", "1")


def write_signers(signers: tuple[DelegationSigner, ...]) -> tuple[Piece, ...]:
    """``secDNS:infData``, or nothing for an unsigned name."""
    if not signers:
        return ()
    records = [
        element(
            "secDNS:dsData",
            tag("secDNS:keyTag", str(one.key_tag)),
            tag("secDNS:alg", str(one.algorithm)),
            tag("secDNS:digestType", str(one.digest_type)),
            tag("secDNS:digest", one.digest.hex().upper()),
        )
        for one in signers
    ]
    return (Piece(SECDNS, root("secDNS:infData", *records)),)


def _update(asked: Asked) -> Node | None:
    update = asked.extensions.get(UPDATE)
    if update is None:
        return None
    if update.attribute("urgent") in ("true", "1"):
        raise _option("不提供加急（urgent）处理", "urgent processing is not offered", "secDNS:urgent")
    changed = update.child("chg")
    if changed is not None:
        _refuse_signature_life(changed)
    return update


def _records(node: Node | None) -> tuple[DelegationSigner, ...]:
    if node is None:
        return ()
    _refuse_signature_life(node)
    if node.has("keyData"):
        raise Refusal(  # RFC 5910 section 4: a server that supports one interface refuses the other with 2306
            Reason.POLICY_FORBIDS,
            "本注册局只接受 DS 记录（dsData），不接受密钥（keyData）",
            "this registry takes DS records (dsData), not keys (keyData)",
            where="secDNS:keyData",
        )
    return tuple(_record(record) for record in node.children("dsData"))


def _record(node: Node) -> DelegationSigner:
    digest = "".join(node.text("digest").split())
    return DelegationSigner(
        int(node.text("keyTag")), int(node.text("alg")), int(node.text("digestType")), bytes.fromhex(digest)
    )


def _key(node: Node) -> DelegationKey:
    return DelegationKey(
        int(node.text("flags")), int(node.text("protocol")), int(node.text("alg")), node.text("pubKey")
    )


def _refuse_signature_life(node: Node) -> None:
    if node.has("maxSigLife"):
        raise _option("不支持 maxSigLife，签名有效期由注册局决定", "maxSigLife is not offered", "secDNS:maxSigLife")


def _option(zh: str, en: str, where: str) -> Refusal:
    return Refusal(Reason.OPTION_UNSUPPORTED, zh, en, where=where)
