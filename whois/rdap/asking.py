"""A question over RDAP, taken apart (pure): what is asked for, in which form, on which condition."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

MAX_PARAMETERS = 20  # more than all that any search takes
JSCARD = "jscard"
# How a client asks for JSContact: a parameter of the address, or the list of extensions in the media type.
_IN_MEDIA_TYPE = re.compile(r'exts_list\s*=\s*"[^"]*\bjscard\b', re.IGNORECASE)
_YES = frozenset({"1", "true", ""})


@dataclass(frozen=True, slots=True)
class Question:
    """One request. ``target`` is path and query exactly as the client wrote them, ``host`` its header of that name."""

    method: str
    target: str
    host: str = ""
    accept: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    authorization: str = ""
    address: str = ""

    @property
    def key(self) -> tuple[str, str, bool]:
        """What an answer in memory is found by: two questions with one key have one answer."""
        return self.host, self.target, JSCARD in self.accept and bool(_IN_MEDIA_TYPE.search(self.accept))


@dataclass(frozen=True, slots=True)
class Path:
    """The target below ``/rdap/``: its first segment, the rest, percent-decoded, and the parameters."""

    kind: str
    rest: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """For an error that quotes it."""
        return f"{self.kind}/{self.rest}" if self.rest else self.kind


def read_path(target: str) -> Path:
    """Takes any target; a parameter that is given twice counts the first time."""
    path, _, query = target.partition("?")
    kind, _, rest = path.removeprefix("/rdap/").partition("/")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        pairs = []
    return Path(unquote(kind), unquote(rest), dict(reversed(pairs)))


def wants_jscard(question: Question, path: Path) -> bool:
    """Whether JSContact is asked for beside jCard."""
    return question.key[2] or path.parameters.get(JSCARD, "0").lower() in _YES
