"""The search for an optimum in the page: it finds known ones, keeps locked inputs, and stays inside the domain."""

import numpy as np
import pytest
from profiler_models import hill, linear, of_words, rows_of, slope_with_domain, tent
from profiler_page import ProfilerPage

import tolerances

TOLERANCE = tolerances.PAGE_OPTIMUM_ATOL


def find(profiler, kind=None, value=None):
    """Ask for an optimum as a user does, and wait until it is found; the settings."""
    page = profiler.page
    if kind:
        page.get_by_label("Goal", exact=True).select_option(kind)
    if value is not None:
        page.get_by_label("Value to reach").fill(str(value))
    page.evaluate("fitnet.profiler.container.addEventListener('searched', () => (fitnet.searched = true))")
    page.get_by_role("button", name="Find", exact=True).click()
    page.wait_for_function("fitnet.searched")
    page.evaluate("fitnet.searched = false")
    profiler.settle()
    return profiler.settings()


def test_the_top_of_a_smooth_hill(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, hill())
    np.testing.assert_allclose(find(profiler), [0.1, 0.3], atol=tolerances.PAGE_SMOOTH_OPTIMUM_ATOL)


def test_the_top_of_a_tent_of_kinks(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, tent())
    np.testing.assert_allclose(find(profiler), [0.3, -0.5], atol=TOLERANCE)
    assert profiler.value("y1") == pytest.approx(5)
    assert "y1 from" in page.locator(".found").text_content()


def test_the_least_of_a_tent_is_a_corner(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, tent())
    assert find(profiler, "minimise") == [-1, 1]
    assert "At an end of the training range: x1, x2." in page.locator(".found").text_content()


def test_a_value_is_hit(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, hill())
    settings = find(profiler, "target", 2)
    assert hill().predict([settings])[0, 0] == pytest.approx(2, abs=TOLERANCE)


def test_a_locked_input_stays(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, hill())
    profiler.set([-0.6, 0.0])
    page.get_by_role("button", name="Lock x1").click()
    x1, x2 = find(profiler)
    best = np.linspace(-1, 1, 20001)
    values = hill().predict(np.column_stack([np.full(len(best), -0.6), best]))[:, 0]
    assert x1 == -0.6
    assert x2 == pytest.approx(best[values.argmax()], abs=TOLERANCE)
    assert "Locked: x1." in page.locator(".found").text_content()


def test_undo_goes_back(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, tent())
    profiler.set([-0.25, 0.75])
    find(profiler)
    page.get_by_role("button", name="Undo").click()
    profiler.settle()
    assert profiler.settings() == [-0.25, 0.75]


def test_words_are_searched_too(page, tmp_path):
    model = of_words()
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model))
    assert find(profiler) == [1, 1, 20]
    assert find(profiler, "minimise") == [-1, 0, 10]


def test_the_search_stays_inside_the_domain(page, tmp_path):
    model, rows = slope_with_domain()
    profiler = ProfilerPage(page, tmp_path, model, rows, rows.sum(axis=1))
    inside = find(profiler)
    assert model.domain_score([inside])[0] <= 1
    assert sum(inside) > rows.sum(axis=1).max() - 0.1
    page.get_by_label("stay inside the domain").uncheck()
    assert find(profiler) == pytest.approx(model.input_ranges[1].tolist())


def test_where_nothing_inside_the_domain_has_the_locked_inputs(page, tmp_path):
    model, rows = slope_with_domain()
    profiler = ProfilerPage(page, tmp_path, model, rows, rows.sum(axis=1))
    profiler.set([0.9, 0.9])
    page.get_by_role("button", name="Lock x1").click()
    page.get_by_role("button", name="Lock x2").click()
    assert find(profiler) == [0.9, 0.9]
    assert page.locator(".found").text_content() == "No point inside the domain has the locked inputs as they are."


def test_goals_of_several_outputs_are_weighed_alike(page, tmp_path):
    model = linear([[1.0, 0.0], [0.0, 100.0]], input_ranges=[[-1, -1], [1, 1]])
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model))
    page.get_by_role("button", name="Add a goal").click()
    assert find_second(profiler, "target", 25) == pytest.approx([1, 0.25], abs=TOLERANCE)


def find_second(profiler, kind, value):
    profiler.page.get_by_label("Goal", exact=True).nth(1).select_option(kind)
    profiler.page.get_by_label("Value to reach").nth(1).fill(str(value))
    return find(profiler)
