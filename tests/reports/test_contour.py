"""The contour in a real browser: its levels, its inputs, its link with the profiler, and where it is hatched."""

import numpy as np
import pytest
from profiler_models import linear, of_words, rows_of, slope_with_domain, tent
from profiler_page import ProfilerPage, shown

import tolerances

PLACE = "(({left, right, top, bottom}) => [left, right, top, bottom])(fitnet.contour.plot)"  # in pixels of the drawing


class ContourPage(ProfilerPage):
    """The page with the contour in sight."""

    def settle(self):
        super().settle()
        self.page.locator("#contour").scroll_into_view_if_needed()
        self.page.wait_for_function("!fitnet.contour.stale && fitnet.contour.container.dataset.drawn === 'fine'")

    def grid(self):
        """Where it is computed, and its values: xs, ys, z (ys, xs)."""
        xs, ys, z = self.page.evaluate("(({xs, ys, z}) => [xs, ys, Array.from(z)])(fitnet.contour.grid)")
        return np.array(xs), np.array(ys), np.reshape(z, (len(ys), len(xs)))


def test_values_are_the_models(page, tmp_path):
    contour = ContourPage(page, tmp_path, tent())
    xs, ys, z = contour.grid()
    X = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    assert (xs[0], xs[-1], ys[0], ys[-1]) == (-1, 1, -1, 1)
    np.testing.assert_allclose(z.ravel(), tent().predict(X)[:, 0], rtol=tolerances.PAGE_RTOL)


def test_lines_lie_where_the_model_has_their_value(page, tmp_path):
    contour = ContourPage(page, tmp_path, linear([[1.0], [2.0]], input_ranges=[[0, 0], [1, 1]]))
    page.get_by_label("across").select_option("0")
    contour.settle()
    nodes = page.locator(".contour-line")
    lines = nodes.evaluate_all("(nodes) => nodes.map((node) => [Number(node.dataset.level), node.getAttribute('d')])")
    left, right, top, bottom = page.evaluate(PLACE)
    assert len(lines) > 5
    for level, path in lines:
        numbers = np.array([float(text) for text in path.replace("M", " ").replace("L", " ").split()]).reshape(-1, 2)
        x = (numbers[:, 0] - left) / (right - left)
        y = (bottom - numbers[:, 1]) / (bottom - top)
        np.testing.assert_allclose(x + 2 * y, level, atol=tolerances.PAGE_PIXELS_ATOL)


def test_other_inputs_follow_the_profiler(page, tmp_path):
    model = linear([[1.0], [2.0], [10.0]], input_ranges=[[0.0] * 3, [1.0] * 3])
    contour = ContourPage(page, tmp_path, model, *rows_of(model), importance=["x1", "x2", "x3"])
    contour.set([0.5, 0.5, 0.0])
    before = contour.grid()[2]
    contour.move("x3", 0.5)
    np.testing.assert_allclose(contour.grid()[2], before + 5)


def test_a_click_moves_the_point(page, tmp_path):
    contour = ContourPage(page, tmp_path, tent())
    box = page.locator("#contour .drawing").bounding_box()
    left, right, top, bottom = page.evaluate(PLACE)
    page.mouse.click(box["x"] + (left + right) / 2, box["y"] + (3 * top + bottom) / 4)
    contour.settle()
    assert contour.settings() == pytest.approx([0, 0.5], abs=tolerances.PAGE_DRAG_ATOL)


def test_the_two_inputs_differ_and_words_are_none_of_them(page, tmp_path):
    model = of_words()
    contour = ContourPage(page, tmp_path, model, *rows_of(model))
    across, up = page.get_by_label("across"), page.get_by_label("up", exact=True)
    assert across.locator("option").all_text_contents() == ["x", "T [K]"]
    chosen = across.input_value(), up.input_value()
    across.select_option(chosen[1])
    contour.settle()
    assert (across.input_value(), up.input_value()) == chosen[::-1]


def test_one_input_has_no_contour_and_it_says_so(page, tmp_path):
    ProfilerPage(page, tmp_path, linear([[1.0]], input_ranges=[[0.0], [1.0]]))
    assert "needs two inputs" in page.locator("#contour").text_content()


def test_what_lies_outside_the_domain_is_said(page, tmp_path):
    model, rows = slope_with_domain()
    contour = ContourPage(page, tmp_path, model, rows, rows.sum(axis=1))
    assert "Hatched: outside the domain" in page.locator("#contour .caption").text_content()
    scores = np.array(page.evaluate("Array.from(fitnet.contour.grid.scores)"))
    xs, ys, _ = contour.grid()
    X = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    np.testing.assert_allclose(scores, model.domain_score(X), rtol=tolerances.LIVE_RTOL)


def test_the_extremes_are_told_to_screen_readers(page, tmp_path):
    ContourPage(page, tmp_path, tent())
    label = page.locator("#contour .drawing").get_attribute("aria-label")
    assert shown("y1 is lowest, 0.7, at -1 and 1") in label
    assert shown("and highest, 5, at 0.3 and -0.5") in label
