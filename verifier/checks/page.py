"""A page taken apart once, for all checks of a visit. The one door to the HTML parser of the verifier.

The parser is a browser's (the HTML standard's algorithm, error recovery included), because a watch must see what people see; the XML
parsers of the register refuse what is not well-formed and would see nothing on half of all sites.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from verifier.checks.likeness import plain_text, sequence_hash, text_hash
from verifier.fetch.charset import Reading
from verifier.fetch.fetcher import join

MAX_LINKS = 20_000  # of one page; link farms end here and are a finding by number
MAX_DEPTH = 24  # ancestors that are asked whether they hide a link
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,15})")
_REFRESH = re.compile(r"""^\s*([\d.]*)\s*[;,]?\s*(?:url\s*=\s*)?["']?\s*([^"']*)""", re.IGNORECASE)
_SILENT = ["script", "style", "template", "noscript", "title", "head"]


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor. ``url`` is absolute; ``hidden`` says by what it is invisible, as far as the source shows (empty: it seems visible)."""

    url: str
    text: str
    hidden: str = ""
    block: str = ""  # what hides it, so that links of one block are counted together


@dataclass(frozen=True, slots=True)
class Script:
    """``src`` absolute, or empty for an inline script with its ``text``."""

    src: str
    integrity: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """An ``iframe`` or ``frame``."""

    src: str
    hidden: str
    attributes: Mapping[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class Page:
    """See the fields. ``text`` is what a reader sees; ``plain`` is it as hashes compare it."""

    url: str
    title: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)
    refresh: str = ""  # where a meta refresh leads, absolute
    refresh_seconds: float = 0.0
    redirect: str = ""  # a base element that moves every link, absolute
    links: tuple[Link, ...] = ()
    scripts: tuple[Script, ...] = ()
    frames: tuple[Frame, ...] = ()
    forms: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    text: str = ""
    text_simhash: int = 0
    outline_simhash: int = 0
    characters: int = 0
    language: str = ""


def take_apart(url: str, reading: Reading) -> Page:
    """The page; never fails, whatever it is made of."""
    html = reading.text
    parser = LexborHTMLParser(html.encode("utf-8", "replace"))
    root = parser.root
    if root is None:
        return Page(url)
    base_node = parser.css_first("base[href]")
    base = join(url, _attribute(base_node, "href")) if base_node else url
    hiding = Hiding.of(parser, html)
    metas = _metas(parser)
    seconds, refresh = _refresh(parser, base)
    title = parser.css_first("title")
    found = Page(
        url=url,
        title=" ".join((title.text() if title else "").split())[:500],
        metas=metas,
        refresh=refresh,
        refresh_seconds=seconds,
        redirect=base if base_node else "",
        links=tuple(_links(parser, base, hiding)),
        scripts=tuple(_scripts(parser, base)),
        frames=tuple(_frames(parser, base, hiding)),
        forms=tuple(join(base, _attribute(node, "action")) for node in parser.css("form[action]")),
        images=tuple(join(base, _attribute(node, "src")) for node in parser.css("img[src]")),
        sheets=tuple(join(base, _attribute(node, "href")) for node in parser.css("link[rel~=stylesheet][href]")),
        language=_attribute(parser.css_first("html"), "lang") if parser.css_first("html") else "",
    )
    return _with_text(found, parser, html)


def _with_text(page: Page, parser: LexborHTMLParser, html: str) -> Page:
    outline = sequence_hash(_TAG.findall(html))
    parser.strip_tags(_SILENT)
    text = parser.root.text(separator=" ") if parser.root else ""
    plain = plain_text(text)
    return replace(page, text=text, text_simhash=text_hash(plain), outline_simhash=outline, characters=len(plain))


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "") if node else ""


def _metas(parser: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in parser.css("meta"):
        attributes = node.attributes
        name = (
            (attributes.get("name") or attributes.get("property") or attributes.get("http-equiv") or "").strip().lower()
        )
        if name:
            found.setdefault(name[:100], (attributes.get("content") or "")[:2000])
    return found


def _refresh(parser: LexborHTMLParser, base: str) -> tuple[float, str]:
    for node in parser.css("meta[http-equiv]"):
        if _attribute(node, "http-equiv").strip().lower() == "refresh":
            found = _REFRESH.match(_attribute(node, "content"))
            if found and found[2].strip():
                seconds = float(found[1]) if re.fullmatch(r"\d{1,6}(\.\d*)?", found[1]) else 0.0
                return seconds, join(base, found[2].strip())
    return 0.0, ""


def _links(parser: LexborHTMLParser, base: str, hiding: "Hiding") -> Iterator[Link]:
    host = base.split("/", 3)[:3]
    for node in parser.css("a[href], area[href]")[:MAX_LINKS]:
        href = (node.attributes.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        url = join(base, href)
        hidden, block = hiding.of_node(node) if url.split("/", 3)[:3] != host else ("", "")
        if href in hiding.written:
            hidden, block = "script", "written"
        yield Link(url, " ".join(node.text().split())[:200], hidden, block)


def _scripts(parser: LexborHTMLParser, base: str) -> Iterator[Script]:
    for node in parser.css("script"):
        src = _attribute(node, "src").strip()
        text = "" if src else node.text()
        yield Script(join(base, src) if src else "", _attribute(node, "integrity"), text)


def _frames(parser: LexborHTMLParser, base: str, hiding: "Hiding") -> Iterator[Frame]:
    for place, node in enumerate(parser.css("iframe, frame"), 1):
        attributes = {key: value or "" for key, value in node.attributes.items()}
        src = attributes.get("src", "").strip()
        yield Frame(
            join(base, src) if src else "",
            _frame_hidden(attributes) or hiding.of_node(node)[0],
            attributes,
            f"{node.tag}[{place}]",
        )


def _frame_hidden(attributes: Mapping[str, str]) -> str:
    sizes = [attributes.get(name, "").strip().removesuffix("px") for name in ("width", "height")]
    return "size" if any(size in {"0", "1", "2"} for size in sizes) else ""


@dataclass(frozen=True, slots=True)
class Row:
    """An anchor with what stands beside it, in the largest element that holds no other link."""

    url: str
    title: str
    beside: str


MAX_ROWS = 3000  # anchors of one list page that are read
ROW_LEVELS = 4  # elements above an anchor that may be its row
ROW_CHARACTERS = 600  # a longer element is not a row
_FURNITURE = frozenset({"nav", "header", "footer"})


def rows_of(url: str, reading: Reading, *, main: bool = False) -> tuple[Row, ...]:
    """The anchors of a list page with their rows; ``main`` leaves out what stands in ``nav``, ``header`` and ``footer``."""
    parser = LexborHTMLParser(reading.text.encode("utf-8", "replace"))
    parser.strip_tags(["script", "style", "template", "noscript", *(_FURNITURE if main else ())])
    base_node = parser.css_first("base[href]")
    base = join(url, _attribute(base_node, "href")) if base_node else url
    return tuple(_row(node, base) for node in parser.css("a[href]")[:MAX_ROWS] if _leads(node))


def _leads(node: LexborNode) -> bool:
    href = _attribute(node, "href").strip().lower()
    return bool(href) and not href.startswith(("#", "javascript:", "mailto:", "tel:"))


def _row(node: LexborNode, base: str) -> Row:
    href = _attribute(node, "href").strip()
    text = " ".join(node.text(separator=" ").split())
    beside = text
    at = node.parent
    for _ in range(ROW_LEVELS):
        if at is None or at.tag in {"body", "html"} or len({_attribute(one, "href") for one in at.css("a[href]")}) > 1:
            break
        wider = " ".join(at.text(separator=" ").split())
        if len(wider) > ROW_CHARACTERS:
            break
        beside, at = wider, at.parent
    return Row(join(base, href), (_attribute(node, "title") or text)[:300], beside)


# What makes an element invisible, as an inline style or a rule of the page's own style sheet says it. ``menu`` ways are those that
# drop-down menus and tabs use as well; the others hide for no honest reader.
_WAYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("offscreen", re.compile(r"(?:left|top|right|margin(?:-left|-top)?|text-indent)\s*:\s*-\s*\d{3,}", re.IGNORECASE)),
    ("zero-font", re.compile(r"font-size\s*:\s*[01](?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE)),
    ("size", re.compile(r"(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[012]px\s*(?:;|!|$)", re.IGNORECASE)),
    ("clip", re.compile(r"clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%|circle\(\s*0)", re.IGNORECASE)),
    ("transparent", re.compile(r"opacity\s*:\s*0?(?:\.0\d*)?\s*(?:;|!|$)|alpha\(\s*opacity\s*=\s*0\s*\)", re.IGNORECASE)),
    ("transparent", re.compile(r"(?:^|[;\s])color\s*:\s*transparent", re.IGNORECASE)),
    ("display", re.compile(r"display\s*:\s*none", re.IGNORECASE)),
    ("visibility", re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)),
)  # fmt: skip
MENU_WAYS = frozenset({"display", "visibility", "transparent", "attribute"})
_RULE = re.compile(r"([^{}]{1,300})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"^(?:[a-z][a-z0-9]*)?([.#][\w-]+)$", re.IGNORECASE)
_BY_SCRIPT = re.compile(
    r"""getElementById\(\s*["']([\w-]+)["']\s*\)\s*\.style\.(?:display\s*=\s*["']none|visibility\s*=\s*["']hidden)"""
)
_WRITTEN = re.compile(
    r"""<script[^>]*>\s*document\.write(?:ln)?\(\s*["']\s*<(?:div|span|ul|p|table|marquee|font)\b([^>]{0,400})>.{0,200}?</script>"""
    r"""(.{0,200000}?)<script[^>]*>\s*document\.write(?:ln)?\(\s*["']\s*<\\?/""",
    re.IGNORECASE | re.DOTALL,
)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_MAX_SHEET = 200_000  # characters of inline style sheets that are read


def way_of(style: str) -> str:
    """By what a style hides; empty when it does not."""
    if ":" not in style:
        return ""
    found = next((way for way, pattern in _WAYS if pattern.search(style)), "")
    if found == "size" and not re.search(r"overflow\s*:\s*(?:hidden|auto|scroll)", style, re.IGNORECASE):
        return ""  # a thin line whose content shows all the same
    return found


@dataclass(frozen=True, slots=True)
class Hiding:
    """What the page's own style sheets and scripts hide, by ``.class`` and ``#id``."""

    selectors: Mapping[str, str]
    written: frozenset[str] = (
        frozenset()
    )  # what links between two scripts say, of which the first writes a hidden wrapper

    @staticmethod
    def of(parser: LexborHTMLParser, html: str) -> "Hiding":
        """Read the inline sheets and the commonest tricks of inline scripts."""
        selectors: dict[str, str] = {}
        for sheet in parser.css("style"):
            for names, style in _RULE.findall(sheet.text()[:_MAX_SHEET]):
                way = way_of(style)
                for name in names.split(",") if way else ():
                    if simple := _SIMPLE.match(name.strip()):
                        selectors[simple[1]] = way
        if "document" not in html:
            return Hiding(selectors)
        scripts = "\n".join(node.text() for node in parser.css("script:not([src])"))[:_MAX_SHEET]
        for name in _BY_SCRIPT.findall(scripts):
            selectors[f"#{name}"] = "script"
        wrapped = [
            inside for style, inside in _WRITTEN.findall(html) if way_of(style.replace("\\", "").replace('"', ";"))
        ]
        return Hiding(selectors, frozenset(href for inside in wrapped for href in _HREF.findall(inside)))

    def of_node(self, node: LexborNode) -> tuple[str, str]:
        """By what a node is hidden, and a name of the element that does it."""
        at: LexborNode | None = node
        for depth in range(MAX_DEPTH):
            if at is None or at.tag in {"body", "html"}:
                break
            way = self._own(at)
            if way:
                return way, f"{at.tag}@{at.mem_id}" if depth else "itself"
            at = at.parent
        return "", ""

    def _own(self, node: LexborNode) -> str:
        attributes = node.attributes
        if node.tag == "noscript":
            return "noscript"
        if node.tag == "marquee" and _frame_hidden({key: value or "" for key, value in attributes.items()}):
            return "size"
        if "hidden" in attributes:
            return "attribute"
        return way_of(attributes.get("style") or "") or self._by_sheet(attributes)

    def _by_sheet(self, attributes: Mapping[str, str | None]) -> str:
        if not self.selectors or not attributes:
            return ""
        names = [f".{name}" for name in (attributes.get("class") or "").split()]
        names.append(f"#{attributes.get('id') or ''}")
        return next((self.selectors[name] for name in names if name in self.selectors), "")
