"""A browser for the tests of pages: Chromium, where it is installed; what a page says or asks for fails its test."""

import pytest

from chromium import started_browser

LOCAL = ("file:", "data:", "about:", "blob:")


@pytest.fixture(scope="module")
def browser():
    """Chromium without a window, shut before the next file: playwright allows no second one beside it in a process."""
    with started_browser() as opened:
        yield opened


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
