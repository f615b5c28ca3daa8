"""The manual page: made of the commands, kept beside the documents as the wheel ships it, and read by man."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from fitnet.cli import command_line

KEPT = Path(__file__).parents[2] / "docs" / "fitnet.1"
SECONDS = 60


@pytest.fixture
def page(fitnet):
    """The page as `fitnet info --man` prints it."""
    code, out, err = fitnet("info", "--man")
    assert (code, err) == (0, "")
    return out


def test_the_page_that_is_shipped_is_of_these_commands(page):
    """Another one is made by: fitnet info --man > docs/fitnet.1"""
    title, _, rest = page.partition("\n")
    assert title.startswith('.TH FITNET 1 "" "fitnet ')
    assert KEPT.read_text(encoding="utf-8").partition("\n")[2] == rest


def test_it_has_every_command_and_option(page):
    plain = page.replace("\\-", "-")
    for name in command_line.list_commands(None):
        command = command_line.commands[name]
        assert f"\\fBfitnet {name}\\fR" in plain
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert f"\\fB{', '.join(option.opts)}" in plain
    assert "\\fBfitnet quadratic solve\\fR" in plain


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff, which sets manual pages")
def test_it_is_set_without_a_warning(page):
    run = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=page, capture_output=True, text=True, timeout=SECONDS, check=True
    )
    assert run.stderr == ""
    assert "Column to predict; repeatable." in run.stdout
