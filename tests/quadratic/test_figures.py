"""The pictures: drawn from the run's own numbers, labelled, and with series that can be told apart."""

from itertools import combinations
from struct import unpack

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from fitnet.quadratic import figures

DRAW = {"true-and-predicted": figures.true_and_predicted, "loss": figures.loss_curves, "parity": figures.parity}
PIXELS = {"true-and-predicted": (1200, 675), "loss": (1200, 675), "parity": (825, 825)}


@pytest.fixture(params=DRAW)
def axes(request, run):
    """The axes of every picture of every kind of run."""
    return DRAW[request.param](run).axes[0]


@pytest.fixture(scope="module")
def saved(run, tmp_path_factory):
    """The files of one run's pictures, drawn once; look, do not touch."""
    return figures.save_figures(run, tmp_path_factory.mktemp(run.recipe.problem.roots))


def series(axes):
    """The lines by label."""
    return {line.get_label(): line for line in axes.lines}


def test_files_are_png_of_the_expected_size(run, saved):
    roots = run.recipe.problem.roots
    assert [path.name for path in saved] == [f"{roots}-{name}.png" for name in PIXELS]
    assert sorted(saved[0].parent.iterdir()) == sorted(saved)
    for path, pixels in zip(saved, PIXELS.values(), strict=True):
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert unpack(">II", data[16:24]) == pixels


def test_files_are_replaced(run, saved, tmp_path):
    for path in saved:
        (tmp_path / path.name).write_bytes(b"old")
    again = figures.save_figures(run, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in saved]


def test_axes_are_labelled_and_titled(axes, run):
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert axes.get_title().startswith({"largest": "Largest real root", "all": "All roots"}[run.recipe.problem.roots])
    assert f"{run.test_accuracy.value:.1%} test" in axes.get_title()


def test_legend_names_both_series(axes):
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names in (["predicted", "true"], ["training rows", "test rows"])


def test_series_differ_in_colour_and_in_shape(axes):
    """Shape too, for grey print."""
    named = [line for label, line in series(axes).items() if not label.startswith("_")]
    assert len(named) == 2
    for one, other in combinations(named, 2):
        assert to_rgb(one.get_color()) != to_rgb(other.get_color())
        assert (one.get_linestyle(), one.get_marker()) != (other.get_linestyle(), other.get_marker())


def test_true_and_predicted_shows_every_test_entry_by_true_value(run):
    lines = series(figures.true_and_predicted(run).axes[0])
    true, predicted = run.test.targets.ravel(), run.model.predict(run.test.triplets).ravel()
    order = np.argsort(true, kind="stable")
    np.testing.assert_array_equal(lines["true"].get_ydata(), np.sort(true))
    np.testing.assert_array_equal(lines["predicted"].get_ydata(), predicted[order])
    for line in lines.values():
        np.testing.assert_array_equal(line.get_xdata(), np.arange(len(true)))


def test_loss_curves_are_the_history_and_the_test_curve(run):
    axes = figures.loss_curves(run).axes[0]
    lines = series(axes)
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    np.testing.assert_array_equal(lines["training rows"].get_xdata(), np.arange(1, 13))
    np.testing.assert_array_equal(lines["training rows"].get_ydata(), run.history.loss)
    np.testing.assert_array_equal(lines["test rows"].get_xydata(), run.test_curve)


def test_parity_shows_both_sets_and_the_line_of_equality(run):
    axes = figures.parity(run).axes[0]
    lines = series(axes)
    for label, rows in (("training rows", run.training), ("test rows", run.test)):
        np.testing.assert_array_equal(lines[label].get_xdata(), rows.targets.ravel())
        np.testing.assert_array_equal(lines[label].get_ydata(), run.model.predict(rows.triplets).ravel())
    (equality,) = (line for label, line in lines.items() if label.startswith("_"))
    np.testing.assert_array_equal(equality.get_xdata(), equality.get_ydata())
    assert axes.get_aspect() == 1
