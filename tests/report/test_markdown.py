"""Markdown: whatever a cell holds is text, and stays in its cell."""

from teritwa.report.markdown import bullet_list, escape, table


def test_markup_is_text() -> None:
    """Signs of Markdown and HTML are escaped, and a line break is a space."""
    assert escape("a <b> & *c*\n| [d] `e` \\") == (
        "a &lt;b&gt; &amp; \\*c\\* \\| \\[d\\] \\`e\\` \\\\"
    )


def test_a_table_has_its_cells_escaped_and_numbers_to_the_right() -> None:
    """The first column is aligned left, the others right."""
    assert table(("name", "value"), [("a|b", "1"), ("c", "2")]) == (
        "| name | value |\n| --- | ---: |\n| a\\|b | 1 |\n| c | 2 |"
    )


def test_a_list_has_a_line_an_item() -> None:
    """Items are Markdown already, so they are not escaped."""
    assert bullet_list(["**a**", "b"]) == "- **a**\n- b"
