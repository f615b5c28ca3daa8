"""The report's page in a browser: what it shows, that it fits, prints and can be read, and that nothing in it runs."""

import re
from base64 import b64encode
from hashlib import sha256

import numpy as np
import pytest
from small_reports import HOSTILE, opened, rows_for, small_model, small_report

import fitnet

MOST_BYTES = 2_000_000
NARROW, A4 = {"width": 360, "height": 740}, {"width": 794, "height": 1123}
WIDE, WIDEST = {"width": 1280, "height": 900}, {"width": 1900, "height": 900}
LINKS = "Array.from(document.querySelectorAll('a[href^=\"#\"]'), (a) => a.getAttribute('href').slice(1))"
WIDER = """Array.from(document.querySelectorAll('main *')).filter((e) => {
  const box = e.getBoundingClientRect();
  for (let outer = e.parentElement; outer; outer = outer.parentElement) {
    if (getComputedStyle(outer).overflowX !== 'visible') return false;
  }
  return box.right > innerWidth + 1 && box.width > 0;
}).map((e) => e.outerHTML.slice(0, 200))"""
OVERLAPS = """Array.from(document.querySelectorAll('.plot svg')).flatMap((svg) => {
  const boxes = Array.from(svg.querySelectorAll('.axes text'), (t) => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([text, a], i) => boxes.slice(i + 1).filter(([, b]) => a.width > 0 && b.width > 0
    && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
    .map(([other]) => text + ' | ' + other));
})"""


@pytest.fixture(scope="module")
def report():
    return small_report(np.random.default_rng(3), units={"a": "m/s", "y": "dB"})


def test_every_link_leads_somewhere(page, report, tmp_path):
    opened(page, report, tmp_path)
    links = page.evaluate(LINKS)
    assert {"verdict", "errors", "parity", "residuals", "importance", "profiler", "contour", "identity"} <= set(links)
    assert page.evaluate("(ids) => ids.filter((id) => !document.getElementById(id))", links) == []


def test_pictures_are_drawn_with_names_units_and_a_text_alternative(page, report, tmp_path):
    opened(page, report, tmp_path)
    for name in ("parity", "residuals", "importance", "ratios"):
        assert page.locator(f"[data-picture={name}] svg").count() > 0
    parity = page.locator("[data-picture=parity] svg.drawing")
    assert "Root mean square error" in parity.get_attribute("aria-label")
    assert "measured y [dB]" in parity.text_content()
    assert "a [m/s]" in page.locator("[data-picture=residuals]").text_content()
    assert page.evaluate("document.querySelectorAll('svg.drawing:not([aria-label], [aria-hidden])').length") == 0


def test_the_error_in_the_page_is_the_error(page, report, tmp_path):
    opened(page, report, tmp_path)
    rmse = report.facts["targets"][0]["errors"]["network"]["rmse"]
    shown = page.locator("#errors tr.own td").first.text_content()
    assert float(shown) == pytest.approx(rmse, rel=1e-3)  # four digits are shown


@pytest.mark.parametrize(
    ("viewport", "media"),
    [(NARROW, "screen"), (A4, "screen"), (A4, "print"), (WIDE, "print"), (WIDE, "screen"), (WIDEST, "screen")],
)
def test_nothing_is_wider_than_the_page_or_overlaps(page, report, tmp_path, viewport, media):
    page.set_viewport_size(viewport)
    opened(page, report, tmp_path)
    page.emulate_media(media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate(WIDER) == []
    assert page.evaluate(OVERLAPS) == []


def test_print_is_light_and_without_controls(page, report, tmp_path):
    page.emulate_media(color_scheme="dark")
    opened(page, report, tmp_path)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#theme").is_visible()
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def test_the_theme_button_changes_colours_and_says_so(page, report, tmp_path):
    opened(page, report, tmp_path)
    ink = "getComputedStyle(document.body).color"
    before = page.evaluate(ink)
    button = page.locator("#theme")
    assert button.get_attribute("aria-pressed") == "false"
    button.press("Enter")
    assert (button.get_attribute("aria-pressed"), page.evaluate(ink) != before) == ("true", True)
    button.press("Enter")
    assert (button.get_attribute("aria-pressed"), page.evaluate(ink)) == ("false", before)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, report, tmp_path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    opened(page, report, tmp_path)
    violations = axe.run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


def test_nothing_runs_from_names(page, tmp_path):
    generator = np.random.default_rng(5)
    model = small_model(generator, names=HOSTILE[:-1], targets=(HOSTILE[0] + "y", HOSTILE[-1]))
    model = model.with_units(dict.fromkeys(model.given_names, '<i onload="window.executed = 3">'))
    report = fitnet.report(model, *rows_for(model, generator), title=f"{HOSTILE[0]}{HOSTILE[2]}")
    page.set_viewport_size(NARROW)
    opened(page, report, tmp_path)
    assert page.evaluate("window.executed") is None
    assert page.title().startswith("<script>")
    assert page.evaluate("document.querySelectorAll('img, b, i').length") == 0
    assert page.evaluate(WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert HOSTILE[4] in page.locator("main").text_content()
    assert "{{ 7 * 7 }}" in page.locator("main").text_content()


def test_another_target_is_drawn_when_it_is_chosen(page, tmp_path):
    opened(page, small_report(np.random.default_rng(7), targets=("first", "second")), tmp_path)
    parity = page.locator("[data-picture=parity] svg.drawing")
    assert "measured first" in parity.text_content()
    page.locator("#target").select_option("1")
    assert "measured second" in parity.text_content()
    shown = "Array.from(document.querySelectorAll('#worst .of-target'), (e) => !e.hidden)"
    assert page.evaluate(shown) == [False, True]


def test_without_a_script_the_words_and_tables_are_there(browser, report, tmp_path):
    report.save(tmp_path / "report.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert report.verdict[0]["sentence"] in page.locator("#verdict").text_content()
    assert page.locator("#worst table tbody tr").count() == 10
    assert page.locator("noscript").is_visible()
    context.close()


def test_the_frame_of_a_notebook_runs_the_report_and_nothing_of_the_notebook(page, report):
    page.set_content(f"<!doctype html><title>notebook</title>{report._repr_html_()}")
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached")
    assert frame.locator("#parity svg.drawing").count() == 1
    outside = "(() => { try { return Boolean(window.parent.document); } catch { return 'refused'; } })()"
    assert page.frames[1].evaluate(outside) == "refused"


def test_a_page_of_200_columns_and_100_targets(page, tmp_path):
    generator = np.random.default_rng(11)
    names, targets = [f"input {i}" for i in range(200)], [f"target {j}" for j in range(100)]
    report = small_report(generator, names=names, targets=targets)
    page.set_viewport_size(NARROW)
    opened(page, report, tmp_path)
    assert len(report.html.encode()) < MOST_BYTES
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.locator("#target option").count() == 12


def test_the_file_holds_all_it_needs_and_allows_its_own_script_alone(report):
    html = report.html
    assert len(html.encode()) < MOST_BYTES
    assert re.findall(r"(?:src|href)=\"(?!#|data:,)[^\"]*\"", html) == []
    scripts = re.findall(r"<script>(.*?)</script>", html, re.S)
    styles = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert (len(scripts), len(styles)) == (1, 1)
    for kind, text in (("script-src", scripts[0]), ("style-src", styles[0])):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{kind} &#39;sha256-{digest}&#39;" in html
    assert "default-src &#39;none&#39;" in html
