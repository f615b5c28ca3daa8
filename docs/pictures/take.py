"""The pictures of docs/how-to/report.md and the README: `make demo`, then `.venv/bin/python docs/pictures/take.py`."""

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from sklearn.datasets import load_iris

import fitnet

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "demo" / "airfoil.html"
OF_CLASSES = HERE.parents[1] / "demo" / "iris.html"  # made here
WIDE, NARROW, HEIGHT = 1180, 380, 900  # pixels
COLOURS = 96  # of a picture, which keeps its file small
REST = 3000  # milliseconds, until curves and contour are fine


def keep(name: str, shot: bytes) -> None:
    """The picture with few colours."""
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


def shown(browser: Any, width: int, scheme: str, section: str, report: Path = REPORT) -> Any:
    """A page with a section at its top."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page.goto(report.as_uri())
    page.evaluate("name => document.getElementById(name).scrollIntoView()", section)
    page.wait_for_timeout(REST)
    return page


def report_on_irises() -> None:
    """The report of classes."""
    rows = load_iris(as_frame=True)
    X, y = rows.data.rename(columns=lambda name: name.removesuffix(" (cm)")), rows.target_names[rows.target]
    classifier = fitnet.AutoClassifier("fast", random_state=0).fit(X, y)
    fitnet.report(classifier, X, y, path=OF_CLASSES, title="Irises")


def main() -> None:
    """Light, dark, narrow, and as it prints."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        keep("verdict", shown(browser, WIDE, "light", "verdict").screenshot())
        keep("profiler", shown(browser, WIDE, "light", "profiler").screenshot())
        keep("dark", shown(browser, WIDE, "dark", "profiler").screenshot())
        keep("narrow", shown(browser, NARROW, "light", "profiler").screenshot())
        printed = shown(browser, WIDE, "light", "verdict")
        printed.emulate_media(media="print")
        printed.wait_for_timeout(REST)
        keep("print", printed.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": WIDE, "height": 2 * HEIGHT}))
        report_on_irises()
        of_classes = shown(browser, WIDE, "light", "profiler", OF_CLASSES)
        keep("classes", of_classes.screenshot(clip={"x": 0, "y": 0, "width": WIDE, "height": 640}))
        browser.close()


if __name__ == "__main__":
    main()
