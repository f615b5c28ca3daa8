"""The report of a model of classes in a browser: the model runs there, and the page shows, fits, prints and is safe."""

import numpy as np
import pytest
from class_models import ensemble_of_classes, in_double, model_of_classes, rows_for
from live_page import LivePage
from profiler_page import ProfilerPage
from small_reports import HOSTILE, opened

import fitnet
from tolerances import LIVE_RTOL, LIVE_SINGLE_OF_LARGEST, PAGE_RTOL

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SECTIONS = {"scores", "confusion", "reliability", "truths", "mistakes", "importance", "profiler", "contour", "identity"}
TWO, MANY = ("no", "yes"), tuple(f"class {k}" for k in range(14))


def kinds(generator):
    """Models by name."""
    return {
        "two classes, one logit": model_of_classes(generator, TWO, logits=1),
        "two classes, two logits": model_of_classes(generator, TWO),
        "three classes": model_of_classes(generator),
        "fourteen classes": model_of_classes(generator, MANY),
        "three classes, float32": model_of_classes(generator, dtype="float32"),
        "an ensemble": ensemble_of_classes(generator),
        "an ensemble of one logit": ensemble_of_classes(generator, TWO, logits=1, dtype="float32"),
    }


@pytest.mark.parametrize("name", kinds(np.random.default_rng(0)))
def test_the_page_says_what_the_model_says(page, tmp_path, generator, name):
    model = kinds(generator)[name]
    X = 3 * generator.normal(size=(150, 3))
    live, double = LivePage(page, tmp_path, model), in_double(model)
    probabilities, slopes = live.predict(X), live.jacobian(X)
    np.testing.assert_allclose(probabilities, double.predict(X), LIVE_RTOL)
    np.testing.assert_allclose(slopes, double.jacobian(X), LIVE_RTOL, atol=LIVE_RTOL)
    assert np.abs(probabilities - model.predict(X)).max() < LIVE_SINGLE_OF_LARGEST
    assert np.abs(probabilities.sum(axis=1) - 1).max() < PAGE_RTOL
    assert live.ask("live.coverages") == []


def test_logits_too_large_for_an_exponential_give_probabilities(page, tmp_path, generator):
    for logits in (1, 2):
        model = model_of_classes(generator, TWO, logits=logits)
        large = fitnet.Model(model.network, 1e4 * model.parameters, classes=TWO)
        X = generator.normal(size=(40, 3))
        found = LivePage(page, tmp_path, large).predict(X)
        np.testing.assert_allclose(found, large.predict(X), LIVE_RTOL, atol=LIVE_RTOL)
        assert np.isfinite(found).all()


def test_curves_of_all_classes_lie_in_one_plot(page, tmp_path, generator):
    model = model_of_classes(generator)
    X, labels = rows_for(model, generator)
    profiler = ProfilerPage(page, tmp_path, model, X, np.eye(3)[[model.classes.index(each) for each in labels]])
    profiler.set([0.5, -0.25, 1.0])
    assert profiler.card("x1").locator("svg.small-plot").count() == 1
    assert profiler.card("x1").locator("path.curve").count() == 3
    for place in range(3):
        xs, ys = profiler.curve("x1", place)
        rows = np.column_stack([xs, np.full(len(xs), -0.25), np.full(len(xs), 1.0)])
        np.testing.assert_allclose(ys, model.predict(rows)[:, place], rtol=LIVE_RTOL)
    likeliest = int(model.predict([[0.5, -0.25, 1.0]])[0].argmax())
    slope = profiler.card("x1").locator(".slope").text_content()
    assert slope.startswith(f"slope of {model.classes[likeliest]} ")
    shown = float(slope.split()[-1].replace("\N{MINUS SIGN}", "-"))
    assert shown == pytest.approx(model.jacobian([[0.5, -0.25, 1.0]])[0, likeliest, 0], rel=1e-2)  # three digits
    assert profiler.value("ash") == pytest.approx(model.predict([[0.5, -0.25, 1.0]])[0, 0], abs=1e-3)
    assert page.locator(".outcome.likeliest .output-name").text_content() == model.classes[likeliest]
    dots = [profiler.path("x1", f"near.class-{k}", place) for k in range(3) for place in range(4)]
    assert any(dots) and all("NaN" not in each for each in dots)


def test_six_of_many_classes_are_drawn_and_others_can_be_chosen(page, tmp_path, generator):
    model = model_of_classes(generator, MANY)
    X, labels = rows_for(model, generator, 300)
    codes = [model.classes.index(each) for each in labels]
    profiler = ProfilerPage(page, tmp_path, model, X, np.eye(14)[codes])
    shown = page.evaluate("fitnet.profiler.shown")
    assert len(shown) == 6
    other = next(k for k in range(14) if k not in shown)
    page.get_by_label("one more").select_option(label=MANY[other])
    profiler.settle()
    assert other in page.evaluate("fitnet.profiler.shown") and profiler.card("x1").locator("path.curve").count() == 6
    page.locator(".class-legend").get_by_label(MANY[other], exact=True).click()  # its box goes away
    profiler.settle()
    assert profiler.card("x1").locator("path.curve").count() == 5
    assert page.evaluate("fitnet.profiler.spectrum.plot.yLabel") == "probability"


def test_the_probability_of_a_class_is_maximised(page, tmp_path, generator):
    model = model_of_classes(generator)
    X, labels = rows_for(model, generator)
    profiler = ProfilerPage(page, tmp_path, model, X, np.eye(3)[[model.classes.index(each) for each in labels]])
    page.get_by_label("Output", exact=True).select_option(label="cedar")
    page.get_by_role("button", name="Find").click()
    page.wait_for_function("document.querySelector('.found').textContent.includes('cedar from')")
    best = model.predict([profiler.settings()])[0, 2]
    assert best >= model.predict(generator.uniform(-2, 2, (5000, 3)))[:, 2].max() - LIVE_RTOL


@pytest.fixture(scope="module")
def report():
    generator = np.random.default_rng(8)
    model = ensemble_of_classes(generator, ("ash", "birch", "cedar", "dogwood"))
    return fitnet.report(model, *rows_for(model, generator, 200))


@pytest.mark.parametrize(("viewport", "media"), [(NARROW, "screen"), (WIDE, "screen"), (WIDE, "print")])
def test_every_part_is_there_and_nothing_is_wider_than_the_page(page, report, tmp_path, viewport, media):
    page.set_viewport_size(viewport)
    opened(page, report, tmp_path)
    page.emulate_media(media=media)
    assert set(page.locator("section").evaluate_all("(all) => all.map((each) => each.id)")) >= SECTIONS
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for name in ("reliability", "truths", "importance"):
        assert page.locator(f"[data-picture={name}] svg").count() > 0
    assert page.evaluate("document.querySelectorAll('svg.drawing:not([aria-label], [aria-hidden])').length") == 0
    assert "no intervals here: a probability says itself" in page.locator("#profiler").text_content()


def test_the_matrix_in_the_page_is_that_of_the_facts(page, report, tmp_path):
    opened(page, report, tmp_path)
    cells = page.locator("table.confusion tbody td").all_text_contents()
    shown = np.array([0 if each == "·" else int(each) for each in cells]).reshape(4, 4)
    np.testing.assert_array_equal(shown, report.facts["confusion"]["matrix"])
    own = page.locator("#scores tr.own td").all_text_contents()
    assert float(own[1]) == pytest.approx(report.facts["scores"]["network"]["log_loss"], rel=1e-3)  # four digits


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, report, tmp_path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    opened(page, report, tmp_path)
    violations = axe.run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


@pytest.mark.parametrize("names", [HOSTILE, (HOSTILE[0], HOSTILE[-2])], ids=["eight", "two"])
def test_nothing_runs_from_names_of_classes(page, tmp_path, generator, names):
    model = model_of_classes(generator, names, provenance={"target": HOSTILE[1]})
    report = fitnet.report(model, *rows_for(model, generator))
    page.set_viewport_size(NARROW)
    opened(page, report, tmp_path)
    assert page.evaluate("window.executed") is None
    assert page.evaluate("document.querySelectorAll('img, b, i').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert HOSTILE[0] in page.locator("#confusion").text_content()


@pytest.mark.parametrize("n_classes", [30, 31])
def test_a_matrix_of_thirty_classes_and_a_list_of_more(page, tmp_path, generator, n_classes):
    model = model_of_classes(generator, tuple(f"kind {k}" for k in range(n_classes)))
    report = fitnet.report(model, *rows_for(model, generator, 400))
    page.set_viewport_size(NARROW)
    opened(page, report, tmp_path)
    assert page.locator("table.confusion").count() == (n_classes == 30)
    assert page.locator("#confusion table.numbers").first.locator("tbody tr").count() == (5 if n_classes == 30 else 12)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_without_a_script_verdict_matrix_and_worst_rows_are_there(browser, report, tmp_path):
    report.save(tmp_path / "report.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert report.verdict[0]["sentence"] in page.locator("#verdict").text_content()
    assert page.locator("table.confusion tbody tr").count() == 4
    assert page.locator("#mistakes tbody tr").count() == 10
    context.close()
