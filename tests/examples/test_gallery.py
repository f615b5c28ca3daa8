"""docs/gallery: every script runs without a warning and draws one picture; its look is the gallery's."""

import re
import runpy
from pathlib import Path

import pytest

from fitnet.engine import ENGINES

pyplot = pytest.importorskip("matplotlib.pyplot")
GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
SCRIPTS = sorted(path for path in GALLERY.glob("*.py") if path.stem != "gallery_look")


@pytest.mark.skipif("native" not in ENGINES, reason="they take minutes without the native engine")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_draws_one_picture(script, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pyplot, "show", lambda: None)
    with pyplot.style.context(GALLERY / "fitnet.mplstyle"):
        pyplot.switch_backend("agg")
        runpy.run_path(str(script))
        figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
        pyplot.close("all")
    assert len(figures) == 1
    assert all(axes.get_xlabel() or axes.get_ylabel() for axes in figures[0].axes)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_begins_with_a_title_and_two_sentences_or_three(script):
    text = script.read_text()
    title, line, sentences = re.match(r'"""\n(.+)\n(=+)\n\n([^"]*?)\n"""\n', text.replace('"log"', "log")).groups()
    assert len(title) == len(line)
    assert 1 <= len(re.findall(r"\.(?:\s|$)", sentences)) <= 3
    assert len(text.splitlines()) <= 60
    assert text.endswith("plt.show()\n")
