"""Pictures as SVG that can stand in a page: text stays text, ids are the picture's own, and words tell what is seen."""

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

FONTS = "'DejaVu Sans', Verdana, sans-serif"
"""What text is set in where it is read: Verdana is as wide as the type it was laid out with."""

Point = tuple[float, float]

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_SEGMENT = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FAMILY = re.compile(r" ?font-family: [^;]*;")
_ROUNDED = ("x", "y", "width", "height", "transform", "viewBox")

FAR = 16
"""So many vertices in a row at most are not drawn: more would take long to look at."""

STRAIGHT = 0.06
"""A vertex that lies so near to the straight line between its neighbours (in points, 1/72 inch) is not drawn."""


def inline(figure: "Figure", name: str, title: str, words: str) -> str:
    """Return a figure as an ``<svg>`` element whose ids begin with ``name``; ``title`` and ``words`` stand for it.

    The same figure gives the same text.
    """
    root = ElementTree.fromstring(_drawn(figure))  # noqa: S314  # drawn here a moment ago
    wanted = _referred(root)
    for element in list(root.iter()):
        _shed(element)
        _tidy(element, name, wanted)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    for place, (tag, text) in enumerate({"title": title, "desc": words}.items()):
        told = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        told.text = text
        root.insert(place, told)
    root.attrib |= {"role": "img", "aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-desc"}
    root.attrib |= {"font-family": FONTS}
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _drawn(figure: "Figure") -> str:
    """Return what Matplotlib writes, with text as text."""
    import matplotlib

    stream = io.StringIO()
    with house_style():
        matplotlib.rcParams["svg.fonttype"] = "none"
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _referred(root: ElementTree.Element) -> set[str]:
    """Return the ids that something within refers to."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    return {found for value in values for found in _REFERENCE.findall(value)} | {
        value[1:] for value in values if value.startswith("#")
    }


def _shed(element: ElementTree.Element) -> None:
    """Take out what says nothing of the picture, or would say it of the whole page."""
    for child in list(element):
        if child.tag.removeprefix(f"{{{SVG}}}") in ("metadata", "style"):
            element.remove(child)


def _tidy(element: ElementTree.Element, name: str, wanted: set[str]) -> None:
    """Make an element's ids its picture's own, its numbers short, and leave its type to the whole picture."""
    for key, value in list(element.attrib.items()):
        del element.attrib[key]
        if key == "id":
            element.attrib |= {key: f"{name}-{value}"} if value in wanted else {}
        elif key.endswith("href"):
            element.attrib["href"] = f"#{name}-{value.removeprefix('#')}"
        elif key == "d":
            element.attrib[key] = path(value)
        elif key in _ROUNDED:
            shown = _NUMBER.sub(lambda found: short(float(found.group())), value)
            element.attrib |= {} if shown.startswith("rotate(0 ") else {key: shown}
        else:
            element.attrib[key] = _FAMILY.sub("", _REFERENCE.sub(rf"url(#{name}-\1)", value))
    for part in ("text", "tail"):
        text = getattr(element, part)
        if text is not None and not text.strip():
            setattr(element, part, None)


def short(value: float) -> str:
    """Return a coordinate to a tenth of a point, in as few letters as it takes."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def path(data: str) -> str:
    """Return the data of a path with rounded coordinates; straight lines go without vertices that cannot be seen."""
    segments = [
        (letter, [float(number) for number in _NUMBER.findall(rest)]) for letter, rest in _SEGMENT.findall(data)
    ]
    if not all(letter in "MLzZ" for letter, _ in segments):
        return "".join(letter + " ".join(short(value) for value in values) for letter, values in segments)
    parts: list[str] = []
    line: list[Point] = []
    for letter, values in [*segments, ("M", [])]:
        if letter != "L" and line:
            parts.append("M" + "L".join(f"{short(x)} {short(y)}" for x, y in seen(line)))
            line = []
        if values:
            line.append((values[0], values[1]))
        elif letter in "zZ":
            parts.append("z")
    return "".join(parts)


def seen(line: Sequence[Point]) -> list[Point]:
    """Return the points of a line but for those that lie on the way between the ones that stay."""
    kept, between = [line[0]], list[Point]()
    for i in range(1, len(line)):
        between.append(line[i])
        if (
            i + 1 == len(line)
            or len(between) > FAR
            or any(_off(kept[-1], line[i + 1], one) > STRAIGHT for one in between)
        ):
            kept.append(line[i])
            between = []
    return kept


def _off(first: Point, last: Point, here: Point) -> float:
    """Return how far a point lies off the line between two others; before or behind it, how far from the first."""
    along, away = (last[0] - first[0], last[1] - first[1]), (here[0] - first[0], here[1] - first[1])
    length = math.hypot(*along)
    if not 0 <= along[0] * away[0] + along[1] * away[1] <= length * length or length == 0:
        return math.hypot(*away)
    return abs(along[0] * away[1] - along[1] * away[0]) / length
