"""The address that a mark belongs to: ``https``, a host in A-form, perhaps a port, and nothing else. Pure."""

from dataclasses import dataclass

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a

HTTPS_PORT = 443
MAX_HOSTS = 32  # a site with more names than this is several sites


@dataclass(frozen=True, slots=True)
class Origin:
    """``host`` in A-form; ``port`` 443 unless the site says otherwise."""

    host: str
    port: int = HTTPS_PORT

    def __str__(self) -> str:
        return origin_of(self.host, self.port)


def origin_of(host: str, port: int = HTTPS_PORT) -> str:
    """``https://host`` with the port when it is not the usual one."""
    return f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"


def read_origin(typed: str) -> Origin:
    """An origin from what an operator typed: a name in either form, or an https address without a path.

    Refuses with ``VALUE_INVALID`` any other scheme, a path, a user name or something that is no name.
    """
    text = map_people(typed).text
    scheme, separator, rest = text.partition("://")
    if not separator:
        rest = scheme
    elif scheme != "https":
        raise _wrong("标识只发给使用 HTTPS 的网站", "a mark is given only to a site that is reached by HTTPS", typed)
    authority, _, path = rest.partition("/")
    if path or any(mark in authority for mark in "@?#\\"):
        raise _wrong("请填写网站的主地址，不带路径", "give the address of the site without a path", typed)
    name, colon, port = authority.partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) <= 65535):
        raise _wrong("端口不对", "the port is wrong", typed)
    return Origin(read_host(name), int(port) if colon else HTTPS_PORT)


def read_host(typed: str) -> str:
    """The A-form of a host name, or a refusal with ``VALUE_INVALID``."""
    try:
        return to_a(map_people(typed).text)
    except ValueError as error:
        raise _wrong("不是合法的主机名", "this is not a host name", typed) from error


def registered_name(host: str) -> str:
    """The name in the register that a host lies at or below: its last two labels (names are registered directly
    under our TLDs).
    """
    return ".".join(host.split(".")[-2:])


def _wrong(zh: str, en: str, typed: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where="origin", value=typed[:300])
