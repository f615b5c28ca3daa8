"""The profiler with many inputs, many outputs, hostile names, no rows, a narrow window, and a keyboard alone."""

import numpy as np
import pytest
from profiler_models import linear, rows_of, tent
from profiler_page import ProfilerPage

import tolerances

ISOLATES = "\u2068\u2069"  # around a name that runs from right to left
NAMES = ("<script>alert(1)</script>", 'it\'s "quoted"', "😀 emoji", "עברית", "x" * 300)


def test_of_two_hundred_inputs_the_important_come_first(page, tmp_path, generator):
    model = linear(generator.normal(size=(200, 1)), input_ranges=[[0.0] * 200, [1.0] * 200])
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model), importance=["x150", "x7"])
    names = page.locator(".input-card").evaluate_all("(cards) => cards.map((card) => card.getAttribute('aria-label'))")
    assert names[:4] == ["x150", "x7", "x1", "x2"]
    assert (len(names), len({*names})) == (200, 200)
    assert page.locator(".input-card:visible").count() == 12
    page.get_by_text("188 more inputs").click()
    profiler.settle()
    assert page.locator(".input-card:visible").count() == 200
    assert all(len(profiler.curve(name)[0]) > 40 for name in ("x150", "x12", "x200"))


def test_a_hundred_outputs_are_a_spectrum(page, tmp_path, generator):
    model = linear(generator.normal(size=(3, 100)), input_ranges=[[-1.0] * 3, [1.0] * 3])
    X, Y = rows_of(model)
    Y = Y + np.arange(100)
    profiler = ProfilerPage(page, tmp_path, model, X, Y)
    profiler.set([0.25, -0.5, 0.75])
    np.testing.assert_allclose(profiler.state("y"), model.predict([[0.25, -0.5, 0.75]])[0], rtol=tolerances.PAGE_RTOL)
    assert page.locator(".spectrum .line.model").get_attribute("d").count("L") == 99
    assert page.locator(".spectrum .dots.data circle").count() == 100
    page.get_by_label("curves of").select_option(label="y42")
    profiler.settle()
    xs, ys = profiler.curve("x1")
    expected = model.predict(np.column_stack([xs, np.full(len(xs), -0.5), np.full(len(xs), 0.75)]))[:, 41]
    np.testing.assert_allclose(ys, expected, rtol=tolerances.PAGE_RTOL)
    page.locator(".spectrum .drawing").click(position={"x": 40, "y": 100})
    profiler.settle()
    assert profiler.page.evaluate("fitnet.profiler.shown[0]") < 20


def test_three_outputs_share_one_axis_each_and_can_be_hidden(page, tmp_path, generator):
    model = linear(generator.normal(size=(2, 3)), input_ranges=[[-1.0] * 2, [1.0] * 2])
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model))
    ranges = page.evaluate("fitnet.profiler.cards.map((card) => card.plots.map((plot) => plot.y))")
    assert ranges[0] == ranges[1]
    page.get_by_label("y2", exact=True).uncheck()
    profiler.settle()
    assert profiler.card("x1").locator("svg.small-plot").count() == 2
    assert page.locator(".prediction .outcome").count() == 3  # the values stay


def test_names_are_text_and_nothing_else(page, tmp_path, generator):
    model = linear(generator.normal(size=(5, 1)), input_names=NAMES, output_names=["<img src=x onerror=alert(2)>"])
    ProfilerPage(page, tmp_path, model)
    written = page.locator(".input-card h4").all_text_contents()
    assert [text.strip(ISOLATES) for text in written] == list(NAMES)
    assert page.locator("#profiler img, #profiler script, #contour img").count() == 0


def test_without_rows_and_ranges_it_still_runs(page, tmp_path):
    model = linear([[3.0], [1.0]])
    profiler = ProfilerPage(page, tmp_path, model)
    profiler.move("x1", 0.5)
    assert profiler.value("y1") == pytest.approx(1.5)
    assert page.get_by_role("button", name="Nearest row").count() == 0


@pytest.mark.parametrize("width", [360, 700, 1200])
def test_no_width_scrolls_sideways(page, tmp_path, width, generator):
    page.set_viewport_size({"width": width, "height": 800})
    model = linear(generator.normal(size=(7, 2)), input_ranges=[[-1.0] * 7, [1.0] * 7], input_names=(*NAMES, "a", "b"))
    profiler = ProfilerPage(page, tmp_path, model, *rows_of(model))
    page.get_by_role("button", name="Remember").click()
    profiler.settle()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_thumb_lies_under_the_current_value_of_its_curve(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, tent())
    profiler.move("x1", 0.5)
    parts = ("input[type=range]", "svg.small-plot")
    slider, plot = (profiler.card("x1").locator(part).bounding_box() for part in parts)
    thumb = slider["x"] + 9 + 0.75 * (slider["width"] - 18)
    mark = profiler.card("x1").locator(".mark").bounding_box()
    assert thumb == pytest.approx(mark["x"] + mark["width"] / 2, abs=tolerances.PAGE_THUMB_PIXELS)
    assert slider["width"] == pytest.approx(plot["width"], abs=tolerances.PAGE_THUMB_PIXELS)


def test_the_keyboard_alone_moves_locks_and_finds(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, tent())
    slider = page.get_by_role("slider", name="x1", exact=True)
    slider.focus()
    before = profiler.settings()[0]
    page.keyboard.press("ArrowRight")
    profiler.settle()
    assert profiler.settings()[0] == pytest.approx(before + 0.01)
    assert slider.get_attribute("aria-valuetext") == "0.01"
    assert "y1" in page.locator(".spoken").text_content()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="Lock x1").get_attribute("aria-pressed") == "true"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Find":
            break
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.found').textContent.includes('Locked')")
    assert profiler.settings() == pytest.approx([before + 0.01, -0.5], abs=tolerances.PAGE_OPTIMUM_ATOL)


def test_a_drag_in_a_small_plot_moves_its_input(page, tmp_path):
    profiler = ProfilerPage(page, tmp_path, tent())
    box = profiler.card("x2").locator("svg.small-plot").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=3)
    page.mouse.up()
    profiler.settle()
    assert profiler.settings()[1] == pytest.approx(0, abs=tolerances.PAGE_DRAG_ATOL)
