"""login (RFC 5730 section 2.9.1.1) with login security (RFC 8807)."""

from dataclasses import dataclass, field

from registry.epp.namespaces import EXTENSION_URIS, LOGIN_SECURITY, OBJECT_URIS
from registry.epp.request import Asked
from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal

LANGUAGES = ("en", "zh")  # English first: RFC 5730 section 2.4 makes it the default of every answer
IN_EXTENSION = "[LOGIN-SECURITY]"  # RFC 8807 section 3.1: the password stands in the extension
SECURITY = (LOGIN_SECURITY, "loginSec")


@dataclass(frozen=True, slots=True)
class Login:
    """``login_id`` is a registrar's id or a user's; ``services`` are the object and extension URIs that the client announced."""

    login_id: str
    password: str = field(repr=False)
    new_password: str | None = field(repr=False)
    language: str
    services: frozenset[str]
    user_agent: str = ""


def read_login(asked: Asked) -> Login:
    """Refuses a language or service that we do not offer, and a password that is promised in an extension but not there."""
    node = asked.node
    security = asked.extensions.get(SECURITY)
    new_password = node.text("newPW") if node.has("newPW") else None
    return Login(
        node.text("clID"),
        _password(node.text("pw"), security, "pw"),
        None if new_password is None else _password(new_password, security, "newPW"),
        _language(node),
        _services(node),
        _user_agent(security),
    )


def _password(text: str, security: Node | None, name: str) -> str:
    if text != IN_EXTENSION:
        return text
    if security is None or not security.has(name):
        raise Refusal(
            Reason.PARAMETER_MISSING,
            f"{name} 声明密码在 loginSec 扩展中，但该扩展没有给出",
            f"{name} says that the password stands in the loginSec extension, which does not give it",
            where=name,
        )
    return security.text(name)


def _language(node: Node) -> str:
    options = node.child("options")
    wanted = options.text("lang") if options else ""
    language = wanted.partition("-")[0].lower()  # zh-CN and zh-Hans are Chinese, en-US is English
    if language not in LANGUAGES:
        raise Refusal(
            Reason.OPTION_UNSUPPORTED,
            f"没有语言 {wanted}，可用：{'、'.join(LANGUAGES)}",
            f"no language {wanted}; there are {', '.join(LANGUAGES)}",
            where="lang",
            value=wanted,
        )
    return language


def _services(node: Node) -> frozenset[str]:
    services = node.child("svcs")
    extension = services.child("svcExtension") if services else None
    objects = services.texts("objURI") if services else ()
    extensions = extension.texts("extURI") if extension else ()
    for uri in set(objects) - OBJECT_URIS:
        raise _not_offered(Reason.OBJECT_UNSUPPORTED, "objURI", uri)
    for uri in set(extensions) - EXTENSION_URIS:
        raise _not_offered(Reason.EXTENSION_UNSUPPORTED, "extURI", uri)
    return frozenset((*objects, *extensions))


def _not_offered(reason: Reason, where: str, uri: str) -> Refusal:
    return Refusal(reason, f"问候中没有提供 {uri}", f"{uri} was not offered in the greeting", where=where, value=uri)


def _user_agent(security: Node | None) -> str:
    agent = security.child("userAgent") if security else None
    return " / ".join(text for name in ("app", "tech", "os") if (text := agent.text(name))) if agent else ""
