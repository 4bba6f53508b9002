"""The page in a browser, offline: its controls work, nothing is loaded, nothing overflows."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex

from teritwa.ensemble.result import Result
from teritwa.report.page import write_page

playwright = pytest.importorskip(
    "playwright.sync_api", reason="needs playwright (in the dev extra)"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((found for found in map(shutil.which, BROWSERS) if found), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason=f"needs a browser on the path: {', '.join(BROWSERS)}"
    ),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
HOSTILE = "<script>alert(1)</script> $x{$ \"' " + "x" * 300


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a network."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class OpenedPage:
    """A page that was opened, with its requests and whatever the browser complained of."""

    def __init__(
        self, browser: Any, file: Path, width: int = 1000, *, scripts: bool = True
    ) -> None:
        self.context = browser.new_context(
            offline=True, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.goto(file.as_uri())

    def _dismiss(self, dialog: Any) -> None:
        """Note a dialog, which no page should open, and close it."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def text(self, selector: str) -> str:
        """Return the text of an element."""
        return " ".join(str(self.page.locator(selector).text_content()).split())

    def set(self, selector: str, value: object) -> None:
        """Move a slider as its user does."""
        self.page.locator(selector).fill(str(value))

    def fills(self) -> list[str]:
        """Return the colours of the country's map."""
        script = "all => all.map(one => one.getAttribute('fill'))"
        return list(self.page.locator("#map-figure .country .cells use").evaluate_all(script))


@pytest.fixture(scope="module")
def read(browser: Any, page_file: Path) -> Iterator[OpenedPage]:
    """The page about both results, opened once for tests that only read it."""
    found = OpenedPage(browser, page_file)
    yield found
    found.context.close()


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[OpenedPage]:
    """The page about both results, opened anew for a test that uses its controls."""
    found = OpenedPage(browser, page_file)
    yield found
    found.context.close()


def test_one_request_and_no_error(read: OpenedPage, page_file: Path) -> None:
    """Opening the page requests the page alone, and the browser does not complain."""
    assert read.requests == [page_file.as_uri()]
    assert read.complaints == []


def test_pictures_are_all_there_with_words(read: OpenedPage) -> None:
    """Ten figures and two maps have a size, a name and a description for screen readers."""
    images = read.page.locator("svg[role=img]")
    assert images.count() == 2 + 2 * 4 + 2
    for i in range(images.count()):
        box = images.nth(i).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 100
        assert all(images.nth(i).locator(tag).first.text_content() for tag in ("title", "desc"))
    names = read.page.get_by_role("img").evaluate_all("all => all.length")
    assert names == images.count()


def test_numbers_are_those_of_the_summary(read: OpenedPage, two_results: list[Result]) -> None:
    """The number of each scenario is the q50 of its last day in summary.csv."""
    for result in two_results:
        with (result.path / "summary.csv").open(encoding="utf-8", newline="") as stream:
            rows = [
                row for row in csv.DictReader(stream) if row["outcome"] == "gang_control_capital"
            ]
        text = read.text(f"#answers .answers li:has(strong:text-is('{result.scenario_id}'))")
        median = 100 * float(rows[-1]["q50"])
        assert f"gangs hold {median:.1f} % of the capital's people" in text


def test_the_slider_changes_day_caption_and_colours(opened: OpenedPage) -> None:
    """Day, caption, colours and description of the map follow the slider to the first day."""
    assert opened.text("#map-day") == "10 February 2024"
    before = opened.fills()
    opened.set("#map-date", 0)

    assert opened.text("#map-day") == "1 January 2024"
    caption = "Chance that gangs hold each district, baseline, 1 January 2024"
    assert opened.text("#map-caption") == caption
    assert opened.page.locator("#map-date").get_attribute("aria-valuetext") == "1 January 2024"
    assert len(before) == 195
    assert len(set(before)) > 1
    assert set(opened.fills()) != set(before)
    assert opened.text("#map-country-desc").startswith("Gangs hold 0 of 195 districts")


def test_scenario_and_view_change_the_reading(
    opened: OpenedPage, two_results: list[Result]
) -> None:
    """A chosen district has the numbers of the runs under each scenario, then as a change."""
    row = 150
    held = [result.runs("held_by_gangs")[:, -1, row] for result in two_results]
    name = two_results[0].labels("district_name")[row]
    opened.page.locator("#map-district").select_option(str(row))
    assert opened.text("#map-reading") == (
        f"{name}, 10 February 2024: gangs hold it in {100 * held[0].mean():.0f} % of runs under "
        "baseline (n = 4 runs)."
    )
    assert opened.page.locator("input[value=change]").is_disabled()
    assert opened.page.locator("#map-change-hint").is_visible()
    opened.page.locator("#map-scenario").select_option(label="policy")
    assert f"{100 * held[1].mean():.0f} % of runs under policy" in opened.text("#map-reading")

    opened.page.locator("input[value=change]").check()
    points = round(100 * (held[1].mean() - held[0].mean()))
    change, caption = opened.text("#map-reading"), opened.text("#map-caption")
    assert f"{'−' if points < 0 else ''}{abs(points)} points in the chance" in change
    assert change.endswith("policy against baseline (n = 4 pairs).")
    assert caption.startswith("Change of the chance that gangs hold each district")
    assert opened.text("#map-legend").startswith("lower by ")

    opened.page.locator("#map-scenario").select_option(label="baseline")
    assert opened.page.locator("input[value=chance]").is_checked()
    opened.page.locator("#map-scenario").select_option(label="policy")
    assert opened.page.locator("input[value=change]").is_checked()
    assert not opened.page.locator("#map-change-hint").is_visible()


def test_colours_are_those_of_the_numbers(opened: OpenedPage, two_results: list[Result]) -> None:
    """Each cell has the colour of its chance, and as a change that of its share of the limit."""
    held = [
        np.rint(100 * one.runs("held_by_gangs")[:, -1].mean(axis=0)).astype(int)
        for one in two_results
    ]
    chances = [to_hex(colormaps["cividis_r"](int(value) / 100)) for value in held[0]]
    assert opened.fills() == chances

    opened.page.locator("#map-scenario").select_option(label="policy")
    opened.page.locator("input[value=change]").check()
    limit = int(opened.text("#map-legend .low").split()[2])
    points = (held[1] - held[0]).tolist()
    assert min(points) < 0
    steps = [int(np.floor(100 * (point / limit + 1) / 2 + 0.5)) for point in points]
    assert opened.fills() == [to_hex(colormaps["PuOr_r"](step / 100)) for step in steps]


def test_pointing_at_a_district_shows_its_number(opened: OpenedPage) -> None:
    """A pointer over a cell shows its district; a click keeps it until none is chosen."""
    assert opened.text("#map-reading").startswith("Point at a district")
    country = "#map-figure .country"
    cell, other = (opened.page.locator(f"{country} .cells use[data-row='{row}']") for row in (0, 1))
    chosen = opened.page.locator("#map-district")
    mark = opened.page.locator(f"{country} .mark use")
    cell.dispatch_event("pointerover")
    assert (chosen.input_value(), mark.get_attribute("href")) == ("", "#cell-0")
    cell.dispatch_event("click")
    assert chosen.input_value() == "0"
    kept = opened.text("#map-reading")
    assert kept.startswith(opened.text("#map-district option:checked"))

    other.dispatch_event("pointerover")
    assert opened.text("#map-reading") != kept
    opened.page.locator(country).dispatch_event("pointerleave")
    assert opened.text("#map-reading") == kept
    assert (chosen.input_value(), mark.get_attribute("href")) == ("0", "#cell-0")
    chosen.select_option("")
    assert opened.text("#map-reading").startswith("Point at a district")
    assert mark.count() == 0


def test_the_keyboard_moves_the_slider(opened: OpenedPage) -> None:
    """Home and the arrow key move the date, and the focus can be seen."""
    opened.page.locator("#map-date").focus()
    opened.page.keyboard.press("Home")
    opened.page.keyboard.press("ArrowRight")
    assert opened.text("#map-day") == "8 January 2024"


def test_the_filter_finds_parameters(opened: OpenedPage) -> None:
    """A word keeps the rows that hold it and counts them; without a word all are back."""
    every = opened.page.locator("#parameter-table tbody tr").count()
    assert opened.text("#filter-count") == f"{every} of {every} numbers"
    opened.page.locator("#filter").fill("mission_effect")
    assert opened.text("#filter-count") == f"1 of {every} numbers"
    assert opened.page.locator("#parameter-table tbody tr:visible").count() == 1
    opened.page.locator("#filter").fill("no such number")
    assert opened.text("#filter-count") == f"0 of {every} numbers"
    opened.page.locator("#filter").fill("")
    assert opened.text("#filter-count") == f"{every} of {every} numbers"


@pytest.mark.parametrize("width", [800, 400])
def test_nothing_overflows(browser: Any, page_file: Path, width: int) -> None:
    """At both widths the page is as wide as its window: what is wider scrolls within itself."""
    found = OpenedPage(browser, page_file, width)
    assert found.page.evaluate("document.documentElement.scrollWidth") == width
    script = (
        "all => all.filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
        ".map(one => one.outerHTML)"
    )
    assert found.page.locator("section > *, header > *, li, dd, p").evaluate_all(script) == []
    found.context.close()


def test_without_scripts_all_is_there_to_read(browser: Any, page_file: Path) -> None:
    """Without scripts controls are hidden; maps of the first and last day and a table are there."""
    found = OpenedPage(browser, page_file, scripts=False)
    assert not found.page.locator("#map-controls").is_visible()
    assert not found.page.locator("#filter-controls").is_visible()
    captions = found.page.locator("figure.maps figcaption").all_text_contents()
    assert captions == [
        "Chance that gangs hold each district, baseline, 10 February 2024",
        "Chance that gangs hold each district, baseline, 1 January 2024",
        "Chance that gangs hold each district, policy, 10 February 2024",
    ]
    found.page.locator("#map details summary").click()
    assert found.page.locator("#map details tbody tr").count() == 195
    assert found.page.locator("#map details tbody tr").first.is_visible()
    assert found.requests == [page_file.as_uri()]
    found.context.close()


def test_hostile_titles_do_nothing(browser: Any, of_haiti: Any, tmp_path: Path) -> None:
    """A title with a script and three hundred letters is text, and nothing runs or overflows."""
    results = [of_haiti(), of_haiti(id="policy", title=HOSTILE, question=HOSTILE)]
    found = OpenedPage(browser, write_page(results, tmp_path / "hostile.html"), 400)
    assert found.complaints == []
    assert "<script>alert(1)</script> $x{$" in found.text("#answers")
    assert found.page.evaluate("document.documentElement.scrollWidth") == 400
    assert found.page.locator("script").count() == 2
    found.context.close()


def test_it_prints(opened: OpenedPage) -> None:
    """In print there are no controls, and the map is there."""
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("#map-controls").is_visible()
    assert opened.page.locator("#map-figure .country").is_visible()
    assert len(opened.page.pdf(format="A4")) > 50_000
