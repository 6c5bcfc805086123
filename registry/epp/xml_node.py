"""A read-only view of one element, so that what reads a command needs to know neither lxml nor white space rules."""

from collections.abc import Iterator

from lxml import etree


class Node:
    """``children`` and its kin look for elements of this element's own namespace: EPP never mixes two inside one object."""

    __slots__ = ("element", "name", "namespace")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        before, _, self.name = str(element.tag).rpartition("}")
        self.namespace = before[1:]

    def __iter__(self) -> Iterator["Node"]:
        return (Node(element) for element in self.element if isinstance(element.tag, str))

    def child(self, name: str) -> "Node | None":
        """The first child of that name."""
        found = self._first(name)
        return None if found is None else Node(found)

    def children(self, name: str) -> list["Node"]:
        """All children of that name, in order."""
        return [Node(element) for element in self.element.iterchildren(self._tag(name))]

    def has(self, name: str) -> bool:
        """Whether there is such a child."""
        return self._first(name) is not None

    @property
    def token(self) -> str:
        """The text as ``xs:token``: white space collapsed."""
        return _token(self.element.text)

    @property
    def line(self) -> str:
        """The text as ``xs:normalizedString``: every white space character a space."""
        return (self.element.text or "").translate(_SPACES)

    @property
    def whole(self) -> str:
        """All text inside, that of the elements below too, white space collapsed."""
        return " ".join("".join(str(part) for part in self.element.itertext()).split())

    def text(self, name: str, default: str = "") -> str:
        """The text of a child as a token, or the default when there is no such child."""
        found = self._first(name)
        return default if found is None else _token(found.text)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of all children of that name, as tokens."""
        return tuple(_token(element.text) for element in self.element.iterchildren(self._tag(name)))

    def attribute(self, name: str, default: str = "") -> str:
        """An attribute's value, white space collapsed; every attribute of EPP is a token."""
        value = self.element.get(name)
        return default if value is None else " ".join(value.split())

    def _first(self, name: str) -> etree._Element | None:
        return next(self.element.iterchildren(self._tag(name)), None)

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}" if self.namespace else name


def _token(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


_SPACES = str.maketrans("\t\r\n", "   ")
