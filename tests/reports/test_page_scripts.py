"""The page's scripts as text: each fits in a head, and none redefines another's names or writes markup from data."""

import re
from pathlib import Path

import pytest

import fitnet.reports
from fitnet.reports.page import LAST_SCRIPT, script_names, script_text

FOLDER = Path(fitnet.reports.__file__).parent / "page"
SCRIPTS = {name: (FOLDER / name).read_text(encoding="utf-8") for name in [*script_names(), LAST_SCRIPT]}
NAMES = re.compile(r"^(?:async )?(?:function|class|const|let|var)\s+(\w+)", re.M)
FILE_LINES = 250


def test_all_scripts_are_in_the_page():
    assert set(SCRIPTS) == {path.name for path in FOLDER.glob("*.js")}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_fits_in_a_head(name):
    assert len(SCRIPTS[name].splitlines()) <= FILE_LINES


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_makes_no_markup_and_asks_for_nothing(name):
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttp", SCRIPTS[name])
        == []
    )


def test_no_name_is_defined_twice():
    found = [name for text in SCRIPTS.values() for name in NAMES.findall(text)]
    assert sorted({name for name in found if found.count(name) > 1}) == []


def test_the_script_does_not_end_its_element():
    assert re.findall(r"</script|<!--", script_text(), re.I) == []
