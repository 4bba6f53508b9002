"""The page as text: complete, the same each time, escaped, and with the numbers of the results."""

import base64
import csv
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.compare import compare
from teritwa.engine.formatting import format_amount
from teritwa.ensemble.result import Result, ResultError
from teritwa.report.answer_sentences import pair_shares, uncertainty_sentences
from teritwa.report.page import compose_page, write_page
from teritwa.report.verdicts import KEY_OUTCOMES

Make = Callable[..., Result]
HOSTILE = "<script>alert(1)</script> $x{$ \"'& {{ 7*7 }} " + "very long " * 40
VOID = {"meta", "link", "input", "br", "img"}


class Outline(HTMLParser):
    """Tags of a page in order; each closing tag must belong to the tag that was opened last."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Each end belongs to the tag that was opened last."""
        assert self.open.pop() == tag, self.getpos()


def visible_text(text: str) -> str:
    """Return the text of a page without its tags."""
    stripped = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", stripped.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture
def page(page_file: Path) -> str:
    """The page about both results."""
    return page_file.read_text(encoding="utf-8")


def test_the_page_is_well_made(page: str) -> None:
    """Tags are closed, ids unique, labels and links lead somewhere, headings skip no level."""
    found = Outline(page)
    assert found.open == []
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found.tags:
        named = [attributes.get(key) for key in ("for", "aria-labelledby", "aria-describedby")]
        address = attributes.get("href") or ""
        named += [address[1:]] if address.startswith("#") else []
        assert all(name in ids for name in named if name), (tag, attributes)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_comes_from_elsewhere_and_only_this_script_runs(page: str) -> None:
    """Nothing is loaded; the policy allows the script of the page alone, by its hash."""
    found = Outline(page)
    pairs = [pair for _, attributes in found.tags for pair in attributes.items()]
    loading = ("src", "href", "action", "data", "poster")
    addresses = [value or "" for name, value in pairs if name in loading]
    assert [value for value in addresses if not value.startswith(("#", "data:,"))] == []
    assert not re.search(r"@import|url\((?!#)", page)
    script = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(script) == 1
    allowed = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{allowed}'" in policy
    assert "connect-src" not in policy
    assert not [name for name, _ in pairs if name.startswith("on")]


def test_every_picture_has_words(page: str) -> None:
    """Comparisons, four figures a scenario and maps: each has a name and a description."""
    found = Outline(page)
    images = [
        attributes
        for tag, attributes in found.tags
        if tag == "svg" and attributes.get("role") == "img"
    ]
    assert len(images) == 2 + 2 * 4 + 2 * (1 + 1 + 1)
    for attributes in images:
        for key, letters in (("aria-labelledby", 10), ("aria-describedby", 40)):
            words = re.search(rf'id="{attributes[key]}">([^<]+)<', page)
            assert words is not None
            assert len(words[1]) > letters


def test_sentences_have_the_numbers_of_the_comparison(two_results: list[Result], page: str) -> None:
    """Each key outcome has the numbers of its row of the comparison, word for word."""
    text = visible_text(page)
    rows = {row.outcome: row for row in compare(two_results).rows}
    for key in KEY_OUTCOMES:
        row = rows[key.outcome]
        assert f"({pair_shares(row)}). {uncertainty_sentences(row)}" in text
    assert "almost always lower (lower in 100 % of 4 pairs, the same in 0 %, higher in 0 %)" in text
    assert "There are only 4 pairs" in text


def test_shares_of_the_capital_are_those_of_the_summary(
    two_results: list[Result], page: str
) -> None:
    """Median and interval of each scenario's last day are q50, q05 and q95 of summary.csv."""
    text = visible_text(page)
    for result in two_results:
        with (result.path / "summary.csv").open(encoding="utf-8", newline="") as stream:
            rows = [
                row for row in csv.DictReader(stream) if row["outcome"] == "gang_control_capital"
            ]
        low, median, high = (
            format_amount(float(rows[-1][name]), "1") for name in ("q05", "q50", "q95")
        )
        assert (
            f"gangs hold {median} of the capital's people on 10 February 2024 in the median run, "
            f"and between {low} and {high} in 90 % of runs"
        ) in text


def test_the_map_has_whole_per_cent_of_all_weeks(two_results: list[Result], page: str) -> None:
    """Chances are shares of runs by week and district, changes those of pairs, counted here."""
    (text,) = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page)
    data: dict[str, Any] = json.loads(text)
    held = [
        np.rint(100 * result.runs("held_by_gangs").mean(axis=0)).astype(int).tolist()
        for result in two_results
    ]
    assert data["chances"] == held
    assert data["scenarios"] == ["baseline", "policy"]
    assert np.shape(data["changes"][1]) == (7, 195)
    assert data["changes"][1][-1] == (np.array(held[1][-1]) - np.array(held[0][-1])).tolist()
    assert data["dates"][0][0] == "1 January 2024"
    assert page.count('<path id="cell-') == 195


def test_same_results_give_the_same_bytes(
    two_results: list[Result], page_file: Path, tmp_path: Path
) -> None:
    """Written twice, the page has the same bytes, and no moment of making."""
    again = write_page(two_results, tmp_path / "a" / "two.html")
    assert again.read_bytes() == page_file.read_bytes()


def test_hostile_titles_are_text(of_haiti: Make) -> None:
    """A title with a script, a formula, quotes and a template is text wherever it stands."""
    page = compose_page([of_haiti(), of_haiti(id="policy", title=HOSTILE, question=HOSTILE)])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x{$" in page
    assert "{{ 7*7 }}" in visible_text(page)
    assert Outline(page).open == []


def test_data_cannot_end_its_element(of_haiti: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario's name that holds the end of a script stays within the data of the map."""
    result = of_haiti()
    result.manifest["scenario"] = "</script><b>"
    page = compose_page([result])
    assert Outline(page).open == []
    assert "\\u003c/script\\u003e\\u003cb\\u003e" in page


def test_one_result_has_a_page_without_comparison(of_haiti: Make) -> None:
    """With a single result the page has no pairs and no drivers."""
    page = compose_page([of_haiti()])
    assert 'id="drivers"' not in page
    assert "of 4 pairs" not in visible_text(page)
    assert "gangs hold 83.0 % of the capital's people" in visible_text(page)


def test_another_world_has_its_page_without_map_and_counts(made_up: Make) -> None:
    """A world without cells has no map and no published counts, and the page says why."""
    result = made_up({"gang_control_capital": 0.5})
    page = compose_page([result])
    text = visible_text(page)
    assert "There is no map: the world of these runs has no cells to draw" in text
    assert "No published count falls into these runs" in text
    assert_no_path(page, result)


def test_scenarios_that_end_on_different_days(made_up: Make) -> None:
    """Each number has its own day, differences are of shared days, medians are not ranked."""
    runs = 0.01 * np.arange(4)[None, :, None]
    longer = made_up({"gang_control_capital": 0.5 + runs}, id="longer", end=date(2026, 3, 1))
    shorter = made_up({"gang_control_capital": 0.4 + runs}, id="shorter")
    base = made_up({"gang_control_capital": 0.6 + runs}, end=date(2026, 2, 1))
    text = visible_text(compose_page([base, longer, shorter]))

    assert "gangs hold 51.5 % of the capital's people on 1 March 2026" in text
    assert "51.5 % (50.1 to 52.8 %), 1 March 2026" in text
    for day in ("1 February 2026", "2 January 2026"):
        assert f"Share of the capital's people under gangs, {day}: almost always lower" in text
    assert "The lowest median" not in text


def assert_no_path(page: str, *results: Result) -> None:
    """Assert that a page does not say where its results and the package are."""
    for place in (*(result.path.parent for result in results), Path(__file__).parents[2]):
        assert str(place) not in page


def test_no_path_of_the_machine_is_shown(two_results: list[Result], page: str) -> None:
    """Where the results are is not on the page with a map; above is one without."""
    assert_no_path(page, *two_results)


def test_results_that_cannot_be_reported_are_mistakes(made_up: Make) -> None:
    """No finished run, or runs that are not pairs, are mistakes that name the folder."""
    with pytest.raises(ResultError, match="no run finished"):
        compose_page([made_up(failed={(0, i): "x" for i in range(4)})])
    with pytest.raises(ResultError, match="cannot be compared"):
        compose_page([made_up(), made_up(id="other", seed=8)])
    with pytest.raises(ResultError, match="nobody"):
        compose_page([made_up(), made_up(id="other")], "nobody")
