"""The profiler in a real browser: sliders, fields and words move the numbers and the curves."""

import numpy as np
import pytest
from profiler_models import hill, linear, of_words, rows_of, slope_with_domain, tent, with_gaps
from profiler_page import ProfilerPage, shown

import tolerances
from fitnet import Ensemble
from fitnet.model.propagation import propagate

PLANE = {"input_ranges": [[-1, 0], [1, 10]], "units": {"x1": "m", "y1": "dB"}}


def plane():
    """y = 3 x1 - 2 x2 + 1."""
    return linear([[3.0], [-2.0]], 1.0, **PLANE)


def test_a_slider_moves_the_prediction_and_the_other_curves(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, plane())
    (_, before), (_, along) = profiler.curve("x2"), profiler.curve("x1")
    profiler.move("x1 [m]", 0.5)
    assert profiler.value("y1") == pytest.approx(3 * 0.5 - 2 * 5 + 1)
    assert page.get_by_label("x1 [m], number").input_value() == "0.5"
    np.testing.assert_allclose(profiler.curve("x2")[1], before + 1.5)
    xs, ys = profiler.curve("x1")
    np.testing.assert_allclose(ys, 3 * xs - 9)
    assert {*along} <= {*ys}


def test_curves_pass_through_the_models_predictions(page, tmp_path, generator):
    model = hill()
    profiler = ProfilerPage(page, tmp_path, model)
    profiler.set([0.31, -0.72])
    xs, ys = profiler.curve("x1")
    X = np.column_stack([xs, np.full(len(xs), -0.72)])
    assert len(xs) > 40
    np.testing.assert_allclose(ys, model.predict(X)[:, 0], rtol=tolerances.PAGE_RTOL)
    assert 0.31 in xs


def test_the_slope_is_the_derivative(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, plane())
    assert profiler.card("x1").locator(".slope").first.text_content() == "slope 3 dB/m"
    assert profiler.card("x2").locator(".slope").first.text_content() == shown("slope -2 dB")


@pytest.mark.parametrize(("model", "jumps"), [(tent, True), (hill, False)])
def test_slopes_that_jump_are_said_to(page, tmp_path, model, jumps):
    ProfilerPage(page, tmp_path, Ensemble([model(), hill()]))
    assert ("where slopes jump" in page.locator("#profiler .caption").text_content()) is jumps


def test_the_unit_of_a_slope_divides_by_the_whole_unit_of_the_input(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, plane().with_units({"x1": "m/s"}))
    assert profiler.card("x1").locator(".slope").first.text_content() == "slope 3 dB/(m/s)"


def test_a_number_beyond_the_range_is_marked_in_words(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, plane())
    mark = page.locator(".domain-mark")
    assert mark.text_content() == "✓ Inside the training ranges"  # this model knows no more
    profiler.type("x1 [m], number", "2.5")
    assert "x1 beyond the training range" in mark.text_content()
    assert profiler.path("x1", "beyond") != ""
    profiler.type("x1 [m], number", "0.5")
    assert mark.text_content().startswith("✓")
    assert profiler.path("x1", "beyond") == ""


def test_a_point_far_from_all_rows_is_marked_in_words(page, tmp_path):
    model, rows = slope_with_domain()
    profiler = ProfilerPage(page, tmp_path, model, rows, rows.sum(axis=1))
    mark = page.locator(".domain-mark")
    profiler.set([0.0, 0.0])
    assert mark.text_content() == "✓ Inside the domain of the training rows"
    profiler.set([0.9, 0.9])
    assert mark.text_content().startswith("▲ Outside the domain: no training row is near")


def test_words_are_a_choice(page, tmp_path):
    model = of_words()
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model))
    profiler.set([0.5, 0, 12.0])
    assert profiler.value("y1") == pytest.approx(0.5 + 0 + 6)
    page.get_by_label("colour", exact=True).and_(page.locator("select")).select_option(label="green")
    profiler.settle()
    assert profiler.value("y1") == pytest.approx(0.5 + 2 + 6)
    xs, ys = profiler.curve("colour")
    assert (list(xs), list(ys)) == ([0, 1, 2], [6.5, 8.5, 7.5])


def test_a_missing_number_is_filled_in(page, tmp_path):
    model = with_gaps()
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model))
    profiler.set([0.5, 0.5])
    assert profiler.value("y1") == pytest.approx(0.5 + 5)
    profiler.type("x2, number", "")
    assert profiler.value("y1") == pytest.approx(0.5 + 2.5 + 3)
    assert "missing" in profiler.card("x2").locator(".slope").first.text_content()


def test_propagated_errors_add_in_squares(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, plane())
    page.get_by_label("errors of the inputs").check()
    profiler.type("Standard deviation of x1 [m]", "0.1")
    profiler.type("Standard deviation of x2", "0.2")
    assert profiler.state("deviations")[0] == pytest.approx(np.hypot(3 * 0.1, 2 * 0.2), rel=tolerances.PAGE_RTOL)
    assert page.locator(".input-errors").text_content() == "± 0.5 from the inputs (64 % of its variance from x2)"


def test_propagated_errors_are_those_of_propagate(page, tmp_path):
    model = hill()
    profiler = ProfilerPage(page, tmp_path, model)
    profiler.set([0.31, -0.72])
    page.get_by_label("errors of the inputs").check()
    profiler.type("Standard deviation of x1", "0.03")
    profiler.type("Standard deviation of x2", "0.07")
    variance = propagate(model, [0.31, -0.72], np.diag([0.03, 0.07]) ** 2)[0, 0]
    assert profiler.state("deviations")[0] == pytest.approx(np.sqrt(variance), rel=tolerances.LIVE_RTOL)


def test_remembered_settings_stand_side_by_side(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, plane())
    profiler.set([0.5, 2])
    page.get_by_role("button", name="Remember").click()
    profiler.set([-0.5, 4])
    page.get_by_role("button", name="Remember").click()
    table = page.locator(".remembered-table")
    cells = [row.locator("th, td").all_text_contents() for row in table.locator("tbody tr").all()]
    expected = [["y1 [dB]", "-8.5", "-1.5", "-8.5"], ["x1 [m]", "-0.5", "0.5", "-0.5"], ["x2", "4", "2", "4"]]
    assert cells == [[shown(text) for text in row] for row in expected]
    page.get_by_role("button", name="use setting A").click()
    profiler.settle()
    assert profiler.value("y1") == pytest.approx(-1.5)
    page.get_by_role("button", name="forget setting A").click()
    assert table.locator("tbody tr").first.locator("th, td").all_text_contents() == [
        "y1 [dB]",
        shown("-1.5"),
        shown("-8.5"),
    ]


def test_training_rows_fade_with_the_distance_of_their_other_inputs(page, tmp_path):
    model = plane()
    rows = np.array([[0.2, 5.0], [0.4, 7.0], [0.6, 9.9], [-0.5, 0.1]])
    profiler = ProfilerPage(page, tmp_path, model, rows, model.predict(rows))
    profiler.set([0.0, 5.0])
    shades = page.evaluate("fitnet.profiler.nearby.shades(0)")
    opacity = {row: shade["opacity"] for shade in shades for row in shade["rows"]}
    assert opacity.keys() == {0, 1}
    assert opacity[0] > opacity[1]
    assert sum(profiler.path("x1", "near", shade).count("M") for shade in range(4)) == 2
