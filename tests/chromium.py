"""Chromium without a window, where it is installed, for the tests of pages."""

import os
import shutil
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


def path_of_chromium():
    """What FITNET_CHROMIUM names, or one of the usual names; None where there is none."""
    named = os.environ.get("FITNET_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started_browser():
    """The browser; where there is none, the test is skipped."""
    path = path_of_chromium()
    if path is None:
        pytest.skip(f"pages are tested in Chromium, and there is none of {', '.join(NAMES)}; FITNET_CHROMIUM names one")
    playwright = pytest.importorskip("playwright.sync_api", reason="pages are tested in Chromium through playwright")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()
