"""A browser for the tests of pages: Chromium, where it is installed; what a page says or asks for fails its test."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
LOCAL = ("file:", "data:", "about:", "blob:")


def chromium():
    """The path of the browser: what FITNET_CHROMIUM names, or one of the usual names; None where there is none."""
    named = os.environ.get("FITNET_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window, for as long as the tests run."""
    path = chromium()
    if path is None:
        pytest.skip(f"pages are tested in Chromium, and there is none of {', '.join(NAMES)}; FITNET_CHROMIUM names one")
    playwright = pytest.importorskip("playwright.sync_api", reason="pages are tested in Chromium through playwright")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """An empty page; at the end it must have said nothing, met no error and asked for nothing from elsewhere."""
    context = browser.new_context()
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    context.on("request", lambda request: None if request.url.startswith(LOCAL) else complaints.append(request.url))
    yield opened
    context.close()
    assert complaints == []
