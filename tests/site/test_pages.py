"""The built site in a browser, from its files: it can be searched, read by all, and fits a narrow screen."""

from pathlib import Path

import pytest

PAGES = (
    "index",
    "tutorials/first-fit",
    "how-to/tables",
    "gallery/generated/index",
    "reference/generated/fitnet.Regressor",
    "reference/errors",
)
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LOCAL = ("file:", "data:", "about:", "blob:")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def opened(page, site, name):
    page.goto((site / f"{name}.html").as_uri())
    return page


@pytest.mark.parametrize(("words", "found"), [("jacobian", "jacobian"), ("levenberg", "LevenbergMarquardt")])
def test_search_works_without_a_server(page, site, words, found):
    page.goto(f"{(site / 'search.html').as_uri()}?q={words}")
    page.wait_for_selector(f"#search-results ul.search li a:has-text('{found}')")  # they come one by one


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_from_elsewhere(page, site, name):
    asked = []
    page.on("request", lambda request: None if request.url.startswith(LOCAL) else asked.append(request.url))
    opened(page, site, name)
    assert asked == []


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_page_is_not_scrolled_sideways(page, site, name):
    page.set_viewport_size(NARROW)
    opened(page, site, name)
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(page, site, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme=scheme)
    opened(page, site, name)
    violations = axe.run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


def test_a_tutorial_can_be_downloaded_as_a_notebook(page, site):
    import json

    opened(page, site, "tutorials/first-fit")
    link = page.locator("p.notebook a").get_attribute("href")
    notebook = json.loads(Path(site, "tutorials", link).read_text(encoding="utf-8"))
    assert [cell["cell_type"] for cell in notebook["cells"]].count("code") > 0
