"""The XML Schemas of this server, compiled once, and what they say about a document that does not fit, in two languages."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol, cast

from lxml import etree

from registry.epp.namespaces import PREFIXES
from registry.epp.xml_node import Node
from registry.kernel.errors import Problem, Reason, Refusal, Text

SCHEMAS = Path(__file__).parent / "schemas"
MAX_MESSAGE = 500  # characters: the parser quotes values, which may be as long as a frame
MAX_TOLD = 5  # what is wrong after the fifth error mostly follows from the first

# What libxml2 says, and how we say it in Chinese; the groups keep their order. Its English stays as it is.
_CHINESE = tuple(
    (re.compile(pattern), zh)
    for pattern, zh in (
        (
            r"Element '(.*?)': This element is not expected\. Expected is (?:one of )?\( (.*) \)\.",
            "此处不应出现元素 {0}，应为 {1}",
        ),
        (r"Element '(.*?)': This element is not expected\.", "此处不应出现元素 {0}"),
        (
            r"Element '(.*?)': Missing child element\(s\)\. Expected is (?:one of )?\( (.*) \)\.",
            "元素 {0} 缺少子元素 {1}",
        ),
        (r"Element '(.*?)': No matching global .* declaration.*", "协议中没有元素 {0}"),
        (r"Element '(.*?)': Character content .* not allowed.*", "元素 {0} 中不应有文字"),
        (r"Element '(.*?)': The attribute '(.*?)' is required but missing\.", "元素 {0} 缺少属性 {1}"),
        (r"Element '(.*?)', attribute '(.*?)': The attribute '.*' is not allowed\.", "元素 {0} 没有属性 {1}"),
        (r"(.*): \[facet 'maxLength'\] .* length of '(\d+)'.* '(\d+)'\.", "{0} 的值长 {1}，最长为 {2}"),
        (r"(.*): \[facet 'minLength'\] .* length of '(\d+)'.* '(\d+)'\.", "{0} 的值长 {1}，最短为 {2}"),
        (r"(.*): \[facet 'length'\] .* length of '(\d+)'.* '(\d+)'\.", "{0} 的值长 {1}，长度应为 {2}"),
        (r"(.*): \[facet 'enumeration'\] .* set \{(.*)\}\.", "{0} 的值不在 {1} 之中"),
        (r"(.*): \[facet 'maxInclusive'\] The value '(.*)' is .*\('(.*)'\)\.", "{0} 的值 {1} 大于上限 {2}"),
        (r"(.*): \[facet 'minInclusive'\] The value '(.*)' is .*\('(.*)'\)\.", "{0} 的值 {1} 小于下限 {2}"),
        (r"(.*): \[facet 'pattern'\] .* pattern '(.*)'\.", "{0} 的值不符合格式 {1}"),
        (r"(.*): '.*' is not a valid value of the .*type '(.*?)'\.", "{0} 的值不是合法的 {1}"),
    )
)
_SUBJECT = re.compile(r"Element '(.*?)'(?:, attribute '(.*?)')?")
_BRACED = re.compile(r"\{([^}]*)\}")


class _Entry(Protocol):
    line: int
    message: str


@cache
def schema() -> etree.XMLSchema:
    """The one compiled schema."""
    return etree.XMLSchema(etree.parse(SCHEMAS / "all.xsd"))


def check_schema(root: Node) -> None:
    """``SYNTAX_INVALID`` with the lines and what was expected there, when the document does not fit the schemas."""
    compiled = schema()
    if compiled.validate(root.element):
        return
    log = cast("Iterable[_Entry]", compiled.error_log)  # the stubs leave this class empty
    first, *others = [_text(entry.line, entry.message) for entry in islice(log, MAX_TOLD)]
    problems = tuple(Problem(Reason.SYNTAX_INVALID, text) for text in others)
    raise Refusal(Reason.SYNTAX_INVALID, first.zh, first.en, problems=problems)


def _text(line: int, message: str) -> Text:
    readable = _BRACED.sub(
        lambda found: f"{PREFIXES[found[1]]}:" if found[1] in PREFIXES else f"{{{found[1]}}}", message
    )
    if len(readable) > MAX_MESSAGE:
        readable = f"{readable[:MAX_MESSAGE]}…"
    return Text(f"第 {line} 行：{_in_chinese(readable)}", f"line {line}: {readable}")


def _in_chinese(message: str) -> str:
    for pattern, zh in _CHINESE:
        if found := pattern.fullmatch(message):
            return zh.format(*(_subject(group) for group in found.groups()))
    return f"不符合协议文法（{message}）"


def _subject(text: str) -> str:
    found = _SUBJECT.fullmatch(text)
    if not found:
        return text
    return f"元素 {found[1]} 的属性 {found[2]}" if found[2] else f"元素 {found[1]}"
