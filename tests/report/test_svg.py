"""SVG for a page: text stays text, ids are unique, and hostile titles are harmless."""

import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from teritwa.pictures.style import house_style
from teritwa.report.svg import (
    MAX_SKIPPED,
    SVG,
    TOLERANCE,
    format_coordinate,
    inline_svg,
    simplify_path,
    visible_points,
)


def drawn(title: str = "A title") -> Figure:
    """Return a small figure with a line, a band, markers and a title."""
    with house_style():
        figure = Figure(figsize=(4, 3))
        axes = figure.subplots()
        axes.plot([0, 1, 2], [0.123456, 1, 0.5], "o-", label=title)
        axes.fill_between([0, 1, 2], [0, 0, 0], [1, 2, 1])
        axes.set_title(title)
        axes.legend()
        return figure


def parsed(text: str) -> ElementTree.Element:
    """Read SVG that was drawn here."""
    return ElementTree.fromstring(text)  # noqa: S314  # drawn here a moment ago


def test_two_pictures_share_no_id_and_refer_to_their_own() -> None:
    """Ids begin with the picture's name, and each reference leads to an id of the same picture."""
    seen_ids: set[str] = set()
    for name in ("one", "two"):
        text = inline_svg(drawn(), name, "Title", "Words")
        ids = re.findall(r'\bid="([^"]+)"', text)
        references = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert all(one.startswith(f"{name}-") for one in ids)
        assert references
        assert {a or b for a, b in references} <= set(ids)
        assert not seen_ids & set(ids)
        seen_ids |= set(ids)


def test_words_stand_for_the_picture() -> None:
    """Title and description come first and are named by the image's labels."""
    root = parsed(inline_svg(drawn(), "one", "What it shows", "What it says: 81 %"))
    assert [child.text for child in root[:2]] == ["What it shows", "What it says: 81 %"]
    assert (root.get("role"), root.get("aria-labelledby"), root.get("aria-describedby")) == (
        "img",
        "one-title",
        "one-desc",
    )


def test_text_stays_text_and_nothing_comes_from_elsewhere() -> None:
    """The title can be searched; there is no style, no bitmap, and no address but SVG's name."""
    text = inline_svg(drawn("Findable"), "one", "t", "w")
    root = parsed(text)
    assert "Findable" in [element.text for element in root.iter(f"{{{SVG}}}text")]
    assert root.get("font-family") == "'DejaVu Sans', Verdana, sans-serif"
    assert not {f"{{{SVG}}}{tag}" for tag in ("style", "image", "metadata", "script")} & {
        e.tag for e in root.iter()
    }
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {SVG}


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "$x{$", "\"'&;", "l" * 300])
def test_hostile_titles_are_text(title: str) -> None:
    """Whatever a title holds is the text of an element and makes no other element."""
    text = inline_svg(drawn(title), "one", title, title)
    root = parsed(text)
    assert title in [element.text for element in root.iter(f"{{{SVG}}}text")]
    assert "<script" not in text


def test_same_figure_gives_the_same_text() -> None:
    """Drawn twice, the text is the same."""
    assert inline_svg(drawn(), "one", "t", "w") == inline_svg(drawn(), "one", "t", "w")


def test_coordinates_have_one_decimal_at_most() -> None:
    """No path, position or size has more than a tenth of a point."""
    root = parsed(inline_svg(drawn(), "one", "t", "w"))
    values = [
        element.get(key, "")
        for element in root.iter()
        for key in ("d", "x", "y", "width", "height", "viewBox")
    ]
    assert not [value for value in values if re.search(r"\.\d\d", value)]
    assert [format_coordinate(value) for value in (1.0, -0.04, 2.345, -3.26)] == [
        "1",
        "0",
        "2.3",
        "-3.3",
    ]


def test_straight_lines_lose_what_cannot_be_seen() -> None:
    """Points on the way go, corners and turning points stay, and curves are only rounded."""
    assert simplify_path("M 0 0 L 1 0 L 2 0.01 L 3 0 L 3 5 z") == "M0 0L3 0L3 5z"
    assert simplify_path("M 0 0 L 5 0 L 2 0") == "M0 0L5 0L2 0"
    assert simplify_path("M 0 0 L 1 1 M 5 5 L 6 6") == "M0 0L1 1M5 5L6 6"
    assert simplify_path("M 0 0 C 1.04 1 2 2.06 3 3 z") == "M0 0C1 1 2 2.1 3 3z"


def test_no_vertex_left_out_lies_far_from_the_line() -> None:
    """In a slow curve no point left out lies farther off than the tolerance."""
    curve = [(x / 10, (x / 100) ** 2) for x in range(400)]
    kept = visible_points(curve)
    assert len(kept) < len(curve) / 2
    for x, y in curve:
        left = max(point for point in kept if point[0] <= x)
        right = min(point for point in kept if point[0] >= x)
        slope = (right[1] - left[1]) / (right[0] - left[0]) if right > left else 0.0
        assert abs(left[1] + slope * (x - left[0]) - y) <= TOLERANCE * 1.01
    assert len(visible_points([(float(x), 0.0) for x in range(5 * MAX_SKIPPED)])) <= 8
