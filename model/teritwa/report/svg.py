"""Figures as SVG within a page: text stays text, ids are unique, and words describe the figure."""

import io
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from teritwa.pictures.style import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
"""The namespace of SVG."""

FONTS = "'DejaVu Sans', Verdana, sans-serif"
"""The fonts of text in figures: Verdana is as wide as DejaVu Sans, which sets the layout."""

MAX_SKIPPED = 16
"""Largest number of consecutive vertices that are left out: more would take long to check."""

TOLERANCE = 0.06
"""Distance from a straight line (points, 1/72 inch) up to which a vertex is left out."""

Point = tuple[float, float]

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_CURVE = re.compile(r"[^MLzZ\d\s.e+-]")
_SEGMENT = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LINK = re.compile(r"^#(.*)$", re.MULTILINE)
_FAMILY = re.compile(r" ?font-family: [^;]*;")
_ROUNDED = ("x", "y", "width", "height", "transform", "viewBox")


def inline_svg(figure: "Figure", name: str, title: str, description: str) -> str:
    """Return a figure as an ``<svg>`` element; the same figure gives the same text.

    Args:
        figure: The figure.
        name: What all ids within the element begin with.
        title: The accessible name of the figure.
        description: The text alternative of the figure.

    Returns:
        The text of the element.
    """
    root = ElementTree.fromstring(_draw(figure))  # noqa: S314  # drawn here a moment ago
    referenced = _referenced_ids(root)
    for element in list(root.iter()):
        _remove_page_elements(element)
        _clean_attributes(element, name, referenced)
        _remove_blank_text(element)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    for place, (tag, text) in enumerate({"title": title, "desc": description}.items()):
        child = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        child.text = text
        root.insert(place, child)
    root.attrib |= {
        "role": "img",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-desc",
        "font-family": FONTS,
    }
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _draw(figure: "Figure") -> str:
    """Return what Matplotlib writes, with text as text."""
    import matplotlib

    stream = io.StringIO()
    with house_style():
        matplotlib.rcParams["svg.fonttype"] = "none"
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _referenced_ids(root: ElementTree.Element) -> set[str]:
    """Return the ids to which something within an element refers."""
    values = "\n".join(value for element in root.iter() for value in element.attrib.values())
    return {*_REFERENCE.findall(values), *_LINK.findall(values)}


def _remove_page_elements(element: ElementTree.Element) -> None:
    """Remove metadata, and styles, which would hold for the whole page."""
    for child in list(element):
        if child.tag.removeprefix(f"{{{SVG}}}") in ("metadata", "style"):
            element.remove(child)


def _clean_attributes(element: ElementTree.Element, name: str, referenced: set[str]) -> None:
    """Give ids their prefix, round coordinates, and leave fonts to the whole figure."""
    for key, value in list(element.attrib.items()):
        del element.attrib[key]
        if key == "id":
            element.attrib |= {key: f"{name}-{value}"} if value in referenced else {}
        elif key.endswith("href"):
            element.attrib["href"] = f"#{name}-{value.removeprefix('#')}"
        elif key == "d":
            element.attrib[key] = simplify_path(value)
        elif key in _ROUNDED:
            rounded = _NUMBER.sub(lambda found: format_coordinate(float(found.group())), value)
            element.attrib |= {} if rounded.startswith("rotate(0 ") else {key: rounded}
        else:
            element.attrib[key] = _FAMILY.sub("", _REFERENCE.sub(rf"url(#{name}-\1)", value))


def _remove_blank_text(element: ElementTree.Element) -> None:
    """Remove line breaks and indentation between elements."""
    for part in ("text", "tail"):
        text = getattr(element, part)
        if text is not None and not text.strip():
            setattr(element, part, None)


def format_coordinate(value: float) -> str:
    """Return a coordinate rounded to a tenth of a point, in as few characters as possible."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def simplify_path(data: str) -> str:
    """Return the data of a path with rounded coordinates.

    Args:
        data: The commands of the path, with absolute coordinates.

    Returns:
        The commands; straight lines lose the vertices that cannot be seen.
    """
    if _CURVE.search(data):
        segments = _SEGMENT.findall(data)
        return "".join(letter + _coordinates(_numbers(rest)) for letter, rest in segments)
    return "".join(_simplify_line(part) for part in data.split("M") if part.strip())


def _simplify_line(data: str) -> str:
    """Return the data of a line without the vertices that cannot be seen.

    Args:
        data: What follows the letter M: points with L between them and, if it is closed, z.
    """
    points, closed, _ = data.replace("Z", "z").partition("z")
    numbers = _numbers(points.replace("L", " "))
    line = list(zip(numbers[::2], numbers[1::2], strict=True))
    return f"M{'L'.join(_coordinates(point) for point in visible_points(line))}{closed}"


def _numbers(text: str) -> list[float]:
    """Return the numbers of a text, which have spaces between them."""
    return [float(number) for number in text.split()]


def _coordinates(values: Sequence[float]) -> str:
    """Return rounded coordinates with a space between them."""
    return " ".join(map(format_coordinate, values))


def visible_points(line: Sequence[Point]) -> list[Point]:
    """Return the points of a line without those near the straight line between the others.

    Args:
        line: The vertices in their order.

    Returns:
        The vertices that stay; each other one lies within `TOLERANCE` of the line between them.
    """
    kept, skipped = [line[0]], list[Point]()
    for i in range(1, len(line)):
        skipped.append(line[i])
        if (
            i + 1 == len(line)
            or len(skipped) > MAX_SKIPPED
            or not _all_near(skipped, kept[-1], line[i + 1])
        ):
            kept.append(line[i])
            skipped = []
    return kept


def _all_near(points: Sequence[Point], start: Point, end: Point) -> bool:
    """Whether points lie within `TOLERANCE` of a line segment; of its start if outside it."""
    (x0, y0), along_x, along_y = start, end[0] - start[0], end[1] - start[1]
    length = math.hypot(along_x, along_y)
    square = length * length
    for x, y in reversed(points):  # the last is most often too far away
        away_x, away_y = x - x0, y - y0
        if length and 0 <= along_x * away_x + along_y * away_y <= square:
            if abs(along_x * away_y - along_y * away_x) / length > TOLERANCE:
                return False
        elif math.hypot(away_x, away_y) > TOLERANCE:
            return False
    return True
