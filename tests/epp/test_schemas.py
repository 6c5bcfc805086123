"""Our schemas say the same as the official ones."""

import copy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from registry.epp.xml_schema import schema
from tests.epp.official import official_schema

Element = etree._Element
GOLDEN = Path(__file__).parent.parent / "golden" / "epp"
NAMES = sorted(
    path.name for path in GOLDEN.glob("*.xml") if not path.name.startswith(("broken.doctype", "broken.not-xml"))
)
TEXTS = ("", " ", "x", "-1", "0", "1", "99", "100", "256", "65536", "1.5", "x" * 17, "汉" * 33, "a" * 256, "2026-02-30", "true",
         "AB", "ABC", "+86.1", "+86", "ok", "linked", "2026-06-01T01:00:00Z", "urn:x", " a  b ", "12345-ABC", "é-CONAC")  # fmt: skip
ATTRIBUTES = (
    "s",
    "op",
    "unit",
    "type",
    "flag",
    "hosts",
    "ip",
    "lang",
    "avail",
    "code",
    "id",
    "count",
    "urgent",
    "x",
    "roid",
    "paResult",
)


def tree(name: str) -> etree._Element:
    return etree.fromstring((GOLDEN / name).read_bytes(), etree.XMLParser(remove_blank_text=True))


def elements(root: etree._Element) -> list[etree._Element]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


@pytest.mark.parametrize("name", NAMES)
def test_golden_documents_get_the_same_verdict(name: str) -> None:
    """Every document of the golden corpus, good or bad, is judged alike by both."""
    root = tree(name)
    assert schema().validate(root) == official_schema().validate(root)


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), st.data())
def test_mutated_documents_get_the_same_verdict(name: str, data: st.DataObject) -> None:
    """However a document is damaged, both schemas agree whether it is still valid."""
    root = tree(name)
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(root, data)
    assert schema().validate(root) == official_schema().validate(root), etree.tostring(root)


def mutate(root: etree._Element, data: st.DataObject) -> None:
    inner = elements(root)[1:]
    if not inner:
        return
    element = data.draw(st.sampled_from(inner))
    parent = element.getparent()
    assert parent is not None
    MUTATIONS[data.draw(st.sampled_from(sorted(MUTATIONS)))](element, parent, inner, data)


def drop(element: Element, parent: Element, _: list[Element], __: st.DataObject) -> None:
    parent.remove(element)


def double(element: Element, parent: Element, _: list[Element], __: st.DataObject) -> None:
    parent.insert(parent.index(element), copy.deepcopy(element))


def swap(element: Element, parent: Element, _: list[Element], __: st.DataObject) -> None:
    parent.append(element)


def retext(element: Element, _: Element, __: list[Element], data: st.DataObject) -> None:
    element.text = data.draw(st.sampled_from(TEXTS))


def rename(element: Element, _: Element, inner: list[Element], data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(inner))
    moved = f"{{{etree.QName(element).namespace}}}{etree.QName(other).localname}"
    element.tag = data.draw(st.sampled_from([other.tag, moved]))


def set_attribute(element: Element, _: Element, __: list[Element], data: st.DataObject) -> None:
    names = [*element.attrib, *element.attrib, *ATTRIBUTES]
    element.set(data.draw(st.sampled_from(names)), data.draw(st.sampled_from(TEXTS)))


def drop_attribute(element: Element, _: Element, __: list[Element], data: st.DataObject) -> None:
    if element.attrib:
        del element.attrib[data.draw(st.sampled_from(sorted(element.attrib)))]


def graft(element: Element, parent: Element, _: list[Element], data: st.DataObject) -> None:
    stranger = data.draw(st.sampled_from(elements(tree(data.draw(st.sampled_from(NAMES))))))
    parent.insert(parent.index(element), copy.deepcopy(stranger))


def move(element: Element, _: Element, inner: list[Element], data: st.DataObject) -> None:
    targets = [one for one in inner if one is not element and element not in one.iterancestors()]
    if targets:
        data.draw(st.sampled_from(targets)).append(copy.deepcopy(element))


MUTATIONS = {
    mutation.__name__: mutation
    for mutation in (drop, double, swap, retext, rename, set_attribute, drop_attribute, graft, move)
}
