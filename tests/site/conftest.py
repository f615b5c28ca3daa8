"""The built site, which `make test-docs` names by FITNET_SITE; without it these tests are skipped."""

import os
from pathlib import Path

import pytest

from chromium import started_browser


@pytest.fixture(scope="session")
def site():
    """The folder of the built pages."""
    named = os.environ.get("FITNET_SITE")
    if not named:
        pytest.skip("FITNET_SITE names no built site; `make test-docs` builds one")
    return Path(named).resolve()


@pytest.fixture(scope="session")
def browser(site):
    """One that starts only where there is a site: tests of reports may have started another in this process."""
    with started_browser() as opened:
        yield opened


@pytest.fixture
def page(browser):
    opened = browser.new_page()
    yield opened
    opened.close()
