"""Elements of an MLT project: their properties, and new ones put among them tidily."""

from collections.abc import Mapping

from lxml import etree

Element = etree._Element


def get_property(element: Element, name: str) -> str:
    """The text of a property; empty where there is none."""
    found = find_property(element, name)
    return (found.text or "") if found is not None else ""


def find_property(element: Element, name: str) -> Element | None:
    """The element of a property."""
    return next((one for one in element.iterchildren("property") if one.get("name") == name), None)


def set_property(element: Element, name: str, text: str) -> None:
    """Gives a property a text; a new one goes behind the others."""
    found = find_property(element, name)
    if found is not None:
        found.text = text
        return
    place = sum(1 for _ in element.iterchildren("property"))
    element.insert(place, new_element("property", {"name": name}, text=text))
    tidy(element)


def new_element(
    tag: str,
    attributes: Mapping[str, str],
    properties: Mapping[str, str] | None = None,
    *,
    text: str | None = None,
) -> Element:
    """An element of its own, with its properties inside."""
    made = etree.Element(tag, dict(attributes))
    made.text = text
    for name, value in (properties or {}).items():
        made.append(new_element("property", {"name": name}, text=value))
    return made


def tidy(element: Element) -> None:
    """Indents the children of an element, and theirs, as the whole file is indented."""
    root = element.getroottree().getroot()
    unit = (root.text or "").strip("\r\n")
    if not (root.text or "").strip(" \t") or unit.strip():  # not indented
        return
    _indent(element, sum(1 for _ in element.iterancestors()), unit)


def _indent(element: Element, depth: int, unit: str) -> None:
    children = list(element)
    if not children or (element.text or "").strip():
        return
    element.text = "\n" + unit * (depth + 1)
    for child in children:
        if not (child.tail or "").strip():
            child.tail = "\n" + unit * (depth + (0 if child is children[-1] else 1))
        if child.tag != "property":
            _indent(child, depth + 1, unit)
