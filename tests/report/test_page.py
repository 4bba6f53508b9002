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
from teritwa.ensemble.result import Result, ResultError
from teritwa.report.page import compose, write_page
from teritwa.report.verdicts import SUBJECTS, amount, how_sure, pairs

Make = Callable[..., Result]
HOSTILE = "<script>alert(1)</script> $x{$ \"'& {{ 7*7 }} " + "very long " * 40
VOID = {"meta", "link", "input", "br", "img"}


class Outline(HTMLParser):
    """What a reader of the page finds: tags in order, ids, and whether each opened tag is closed."""

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


def plain(text: str) -> str:
    """Return what a page says without its tags."""
    stripped = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", stripped.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture
def page(two: list[Result]) -> str:
    """The page about the two."""
    return compose(two)


def test_the_page_is_well_made(page: str) -> None:
    """Every tag is closed, ids are unique, labels and inner links lead somewhere, headings skip no level."""
    found = Outline(page)
    assert found.open == []
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found.tags:
        led = [attributes.get("for"), attributes.get("aria-labelledby"), attributes.get("aria-describedby")]
        led += [(attributes.get("href") or "")[1:] if (attributes.get("href") or "").startswith("#") else None]
        assert all(one in ids for one in led if one), (tag, attributes)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_comes_from_elsewhere_and_only_this_script_runs(page: str) -> None:
    """No address to load from; the policy allows one script by its hash, and it is the one on the page."""
    found = Outline(page)
    given = [(name, value or "") for _, attributes in found.tags for name, value in attributes.items()]
    led = [value for name, value in given if name in ("src", "href", "action", "data", "poster")]
    assert [value for value in led if not value.startswith(("#", "data:,"))] == []
    assert not re.search(r"@import|url\((?!#)", page)
    script = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(script) == 1
    allowed = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{allowed}'" in policy
    assert "connect-src" not in policy
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]


def test_every_picture_has_words(page: str) -> None:
    """Two comparisons, two fans and two pictures of mission and harm a scenario, maps, each named and described."""
    found = Outline(page)
    images = [attributes for tag, attributes in found.tags if tag == "svg" and attributes.get("role") == "img"]
    assert len(images) == 2 + 2 * 4 + 2 * (1 + 1 + 1)
    for attributes in images:
        for key, letters in (("aria-labelledby", 10), ("aria-describedby", 40)):
            words = re.search(rf'id="{attributes[key]}">([^<]+)<', page)
            assert words is not None
            assert len(words[1]) > letters


def test_sentences_have_the_numbers_of_the_comparison(two: list[Result], page: str) -> None:
    """Each of the four questions is answered with the row of the comparison, word for word."""
    said = plain(page)
    rows = {row.outcome: row for row in compare(two).rows}
    for subject in SUBJECTS:
        assert f"({pairs(rows[subject.outcome])}). {how_sure(rows[subject.outcome])}" in said
    assert "almost always lower (lower in 100 % of 4 pairs, the same in 0 %, higher in 0 %)" in said
    assert "There are only 4 pairs" in said


def test_shares_of_the_capital_are_those_of_the_summary(two: list[Result], page: str) -> None:
    """The median and the band of each scenario's last day are the q50, q05 and q95 of its summary.csv."""
    said = plain(page)
    for result in two:
        with (result.path / "summary.csv").open(encoding="utf-8", newline="") as stream:
            lines = [line for line in csv.DictReader(stream) if line["outcome"] == "gang_control_capital"]
        low, median, high = (amount(float(lines[-1][name]), "1") for name in ("q05", "q50", "q95"))
        assert f"gangs hold {median} of the capital's people on 10 February 2024 in the median run, and " in said
        assert f"median run, and between {low} and {high} in 90 % of runs" in said


def test_the_map_has_whole_per_cent_of_all_weeks(two: list[Result], page: str) -> None:
    """Chances are shares of runs by week and district, changes those of pairs, as counted from the runs here."""
    (text,) = re.findall(r'<script type="application/json" id="atlas-data">(.*?)</script>', page)
    data: dict[str, Any] = json.loads(text)
    held = [np.rint(100 * (result.runs("gang_influence") >= 0.5).mean(axis=0)).astype(int).tolist() for result in two]
    assert data["chances"] == held
    assert data["scenarios"] == ["baseline", "policy"]
    assert np.shape(data["changes"][1]) == (7, 195)
    assert data["changes"][1][-1] == (np.array(held[1][-1]) - np.array(held[0][-1])).tolist()
    assert data["dates"][0][0] == "1 January 2024"
    assert page.count('<path id="cell-') == 195


def test_same_results_give_the_same_bytes(two: list[Result], tmp_path: Path) -> None:
    """Written twice, the page has the same bytes, and no moment of making."""
    first, second = (write_page(two, tmp_path / name) for name in ("a/one.html", "b/two.html"))
    assert first.read_bytes() == second.read_bytes()


def test_hostile_titles_are_text(of_haiti: Make) -> None:
    """A title with a script, a formula, quotes and a template is text wherever it stands."""
    page = compose([of_haiti(), of_haiti(id="policy", title=HOSTILE, question=HOSTILE)])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x{$" in page
    assert "{{ 7*7 }}" in plain(page)
    assert Outline(page).open == []


def test_data_cannot_end_its_element(of_haiti: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario's name with the end of a script in it stays within the data of the map."""
    result = of_haiti()
    result.manifest["scenario"] = "</script><b>"
    page = compose([result])
    assert Outline(page).open == []
    assert "\\u003c/script\\u003e\\u003cb\\u003e" in page


def test_one_result_has_a_page_without_comparison(of_haiti: Make) -> None:
    """With a single result there is nothing to compare, and the page says nothing of pairs or drivers."""
    page = compose([of_haiti()])
    assert 'id="drivers"' not in page
    assert "of 4 pairs" not in plain(page)
    assert "gangs hold 83.0 % of the capital's people" in plain(page)


def test_another_world_has_its_page_without_map_and_counts(made_up: Make) -> None:
    """A world without cells has no map and no published counts, and the page says why."""
    said = plain(compose([made_up({"gang_control_capital": 0.5})]))
    assert "There is no map: the world of these runs has no cells to draw" in said
    assert "No published count falls into these runs" in said


def test_scenarios_that_end_on_different_days(made_up: Make) -> None:
    """Each number has its own day, differences are of the days that both have, and medians are not ranked."""
    runs = 0.01 * np.arange(4)[None, :, None]
    longer = made_up({"gang_control_capital": 0.5 + runs}, id="longer", end=date(2026, 3, 1))
    shorter = made_up({"gang_control_capital": 0.4 + runs}, id="shorter")
    said = plain(compose([made_up({"gang_control_capital": 0.6 + runs}, end=date(2026, 2, 1)), longer, shorter]))

    assert "gangs hold 51.5 % of the capital's people on 1 March 2026" in said
    assert "51.5 % (50.1 to 52.8 %), 1 March 2026" in said
    assert "Share of the capital's people under gangs, 1 February 2026: almost always lower" in said
    assert "Share of the capital's people under gangs, 2 January 2026: almost always lower" in said
    assert "The lowest median" not in said


def test_no_path_of_the_machine_is_told(of_haiti: Make, made_up: Make) -> None:
    """Where the results lie is no part of the page, whether or not there is a map."""
    for result in (of_haiti(), made_up(id="elsewhere")):
        page = compose([result])
        assert str(result.path.parent) not in page
        assert str(Path(__file__).parents[2]) not in page


def test_what_cannot_be_reported_is_said(made_up: Make) -> None:
    """No finished run, or runs that are no pairs, are mistakes that name the folder."""
    with pytest.raises(ResultError, match="no run finished"):
        compose([made_up(failed={(0, i): "x" for i in range(4)})])
    with pytest.raises(ResultError, match="cannot be compared"):
        compose([made_up(), made_up(id="other", seed=8)])
    with pytest.raises(ResultError, match="nobody"):
        compose([made_up(), made_up(id="other")], "nobody")
