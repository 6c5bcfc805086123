"""What a client asked, read out of one document: its kind, its object, its extensions, and what is wrong with it, if anything.

The order of the questions is fixed, because a client corrects one thing at a time: is it XML, is it EPP, do we know the
object and the extensions it names, and only then does it fit the schemas. A question of the session (has it logged in,
did it announce the service) is asked by the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from registry.epp.namespaces import EPP, EXTENSION_URIS, OBJECT_URIS
from registry.epp.xml_node import Node
from registry.epp.xml_schema import check_schema
from registry.kernel.errors import Reason, Refusal
from registry.kernel.xml.parse import Limits, parse

OBJECT_VERBS = ("check", "info", "create", "update", "renew", "transfer", "delete")
SESSION_VERBS = ("login", "logout", "poll")
BESIDE_A_VERB = ("extension", "clTRID")
TRANSACTION_ID_LENGTHS = range(3, 65)  # RFC 5730 section 4.1, trIDStringType
ElementName = tuple[str, str]  # namespace and local name


class Kind(Enum):
    """What the session has to tell apart. ``BROKEN`` cannot be read at all and says nothing about the session."""

    HELLO = "hello"
    LOGIN = "login"
    LOGOUT = "logout"
    COMMAND = "command"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Asked:
    """One document. ``refusal`` is what is wrong with it; the other fields then hold whatever could still be read.

    ``body`` is the object's own element (``domain:check``), or the verb's element for ``login`` and ``poll``;
    ``operation`` the attribute ``op`` of ``transfer`` and ``poll``.
    """

    kind: Kind
    verb: str = ""
    namespace: str = ""
    operation: str = ""
    body: Node | None = None
    extensions: Mapping[ElementName, Node] = field(default_factory=dict)
    client_trid: str = ""
    refusal: Refusal | None = None

    @property
    def node(self) -> Node:
        """The body of a command that was found in order."""
        if self.body is None:
            raise AssertionError("only a command in order is carried out")
        return self.body


def read_request(document: bytes, limit: int) -> Asked:
    """Never raises for anything in the document."""
    try:
        root = parse(document, Limits(octets=limit))
    except Refusal as refusal:
        return Asked(Kind.BROKEN, refusal=refusal)
    return _read_root(Node(root))


def _read_root(root: Node) -> Asked:
    command = root.child("command") if (root.namespace, root.name) == (EPP, "epp") else None
    if command is not None:
        return _read_command(root, command)
    try:
        _check_protocol_extension(root)
        check_schema(root)
    except Refusal as refusal:
        return Asked(Kind.BROKEN, refusal=refusal)
    if root.has("hello"):
        return Asked(Kind.HELLO)
    return Asked(Kind.BROKEN, refusal=_only_from_a_server(next(iter(root)).name))


def _read_command(root: Node, command: Node) -> Asked:
    client_trid = command.text("clTRID")
    if len(client_trid) not in TRANSACTION_ID_LENGTHS:
        client_trid = ""
    verb = next((node for node in command if node.name not in BESIDE_A_VERB), None)
    if verb is None or verb.namespace != EPP or verb.name not in (*OBJECT_VERBS, *SESSION_VERBS):
        return Asked(Kind.BROKEN, client_trid=client_trid, refusal=_unknown_verb(verb))
    body = next(iter(verb), None) if verb.name in OBJECT_VERBS else verb
    extension = command.child("extension")
    added = list(extension) if extension is not None else []
    try:
        _check_services(verb, body, added)
        check_schema(root)
        _check_same_verb(verb, body)
        extensions = _by_name(added)
        refusal = None
    except Refusal as found:
        extensions, refusal = {}, found
    return Asked(
        Kind(verb.name) if verb.name in ("login", "logout") else Kind.COMMAND,
        verb.name,
        body.namespace if body is not None and verb.name in OBJECT_VERBS else "",
        verb.attribute("op"),
        body,
        extensions,
        client_trid,
        refusal,
    )


def _check_services(verb: Node, body: Node | None, added: list[Node]) -> None:
    """2307 and 2103 come before the schemas, which could only say that they do not know such an element."""
    if verb.name in OBJECT_VERBS and body is not None and body.namespace not in OBJECT_URIS:
        raise Refusal(
            Reason.OBJECT_UNSUPPORTED,
            f"本服务器不提供对象服务 {body.namespace}",
            f"this server offers no object service {body.namespace}",
        )
    for node in added:
        if node.namespace not in EXTENSION_URIS:
            raise Refusal(
                Reason.EXTENSION_UNSUPPORTED,
                f"本服务器不支持扩展 {node.namespace}",
                f"this server does not implement the extension {node.namespace}",
            )


def _check_same_verb(verb: Node, body: Node | None) -> None:
    if body is not None and body.name != verb.name:
        raise Refusal(
            Reason.SYNTAX_INVALID,
            f"外层命令是 {verb.name}，内层元素却是 {body.name}",
            f"the outer command is {verb.name} but the inner element is {body.name}",
        )


def _by_name(added: list[Node]) -> dict[ElementName, Node]:
    found = {(node.namespace, node.name): node for node in added}
    if len(found) < len(added):
        raise Refusal(Reason.SYNTAX_INVALID, "同一扩展元素出现了两次", "the same extension element stands twice")
    return found


def _unknown_verb(verb: Node | None) -> Refusal:
    if verb is None:
        return Refusal(Reason.SYNTAX_INVALID, "command 元素中没有命令", "the command element holds no command")
    return Refusal(Reason.COMMAND_UNKNOWN, f"没有命令 {verb.name}", f"there is no command {verb.name}")


def _check_protocol_extension(root: Node) -> None:
    if (root.namespace, root.name) == (EPP, "epp") and root.has("extension"):
        raise Refusal(
            Reason.COMMAND_UNSUPPORTED, "本服务器不支持协议层扩展", "this server implements no protocol extension"
        )


def _only_from_a_server(name: str) -> Refusal:
    return Refusal(Reason.COMMAND_UNKNOWN, f"{name} 只由服务器发出", f"only a server sends {name}")
