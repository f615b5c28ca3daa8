"""The experiment: the paper's recipe, results that come out again, and test rows that only measure."""

import numpy as np
import pytest

import fitnet
from fitnet.algorithm.optimizers import Adam, GradientDescent
from fitnet.engine import choose
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.quadratic import Problem, Recipe, Rows, accuracy, experiment
from fitnet.quadratic import run as run_experiment
from fitnet.training.least_squares import LevenbergMarquardt
from tolerances import LOSS_RTOL


def test_default_recipe_is_the_papers():
    recipe = Recipe()
    assert recipe == Recipe(
        problem=Problem("largest", -10, 10, "whole", False),
        triplets=3000,
        test_triplets=1000,
        hidden=(64, 64),
        activation="relu",
        initialization="he",
        solver=Adam(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8),
        epochs=10_000,
        batch_size=None,
        dtype="auto",
        scaled=False,
        alpha=0.0,
    )


@pytest.mark.parametrize(("roots", "outputs"), [("largest", 1), ("all", 4)])
def test_architecture_is_the_papers(roots, outputs):
    network = Recipe(problem=Problem(roots)).network
    assert network.architecture == [(3, 64), (64, 64), (64, outputs)]
    assert [layer.activation for layer in network.layers] == ["relu", "relu", "identity"]


def test_paper_figures_are_those_of_section_3_2():
    assert experiment.PAPER_FIGURES == {"largest": (0.94, 0.91), "all": (0.88, 0.83)}


def test_recipe_is_followed(recipe):
    own = recipe("all", hidden=(5,), activation="tanh", dtype="float64", batch_size=7, solver=GradientDescent(1e-4))
    run = run_experiment(own, 0, verbose=False)
    assert run.model.architecture == [(3, 5), (5, 4)]
    assert run.model.network.layers[0].activation == "tanh"
    assert run.model.parameters.dtype == np.float64
    assert run.history.epochs == 12
    assert run.history.learning_rate == [1e-4] * 12
    assert len(run.training.triplets) == 60


@pytest.mark.parametrize("settings", [{}, {"batch_size": 16}, {"roots": "all", "dtype": "float64"}])
def test_same_seed_gives_the_same_bytes(recipe, tmp_path, settings):
    files = []
    for name in ("first.fitnet", "again.fitnet"):
        run = run_experiment(recipe(**settings), 4, verbose=False)
        run.model.save(tmp_path / name)
        files.append((run.model.parameters.tobytes(), (tmp_path / name).read_bytes()))
    assert files[0] == files[1]


def test_other_seed_gives_other_triplets_and_parameters(recipe):
    first, other = (run_experiment(recipe(), seed, verbose=False) for seed in (4, 5))
    assert first.training.triplets.tobytes() != other.training.triplets.tobytes()
    assert first.test.triplets.tobytes() != other.test.triplets.tobytes()
    assert first.model.parameters.tobytes() != other.model.parameters.tobytes()


def test_rows_are_the_problems_from_the_first_stream_of_the_seed(run):
    stream = np.random.default_rng(np.random.SeedSequence(3).spawn(2)[0])
    expected = run.recipe.problem.draw(stream, 60, 30)
    for rows, drawn in zip((run.training, run.test), expected, strict=True):
        assert rows.triplets.tobytes() == drawn.triplets.tobytes()
        assert rows.targets.tobytes() == drawn.targets.tobytes()


def test_provenance_is_complete(run):
    assert run.model.provenance == {
        "made by": f"fitnet {fitnet.__version__}",
        "command": "what the user typed",
        "roots": run.recipe.problem.roots,
        "low": -10,
        "high": 10,
        "numbers": "whole",
        "zero a": False,
        "triplets": 60,
        "test triplets": 30,
        "optimizer": repr(Adam()),
        "initialization": "he",
        "batch size": None,
        "scaled": False,
        "l2": 0.0,
        "epochs": 12,
        "seed": 3,
        "engine": choose().name,
        "numpy": np.__version__,
    }


def test_levenberg_marquardt_on_scaled_triplets_beats_least_squares(recipe):
    """Forty iterations of a tiny network; the model keeps its scalings, so it takes and gives plain numbers."""
    settings = {"hidden": (8,), "activation": "tanh", "initialization": "glorot", "epochs": 40, "scaled": True}
    done = run_experiment(recipe("all", triplets=400, solver=LevenbergMarquardt(), **settings), 1, verbose=False)
    assert done.model.parameters.dtype == np.float64
    A = np.column_stack([done.training.triplets, np.ones(len(done.training.triplets))])
    coefficients = np.linalg.lstsq(A, done.training.targets, rcond=None)[0]
    linear = np.mean((A @ coefficients - done.training.targets) ** 2)
    assert done.train_loss < 0.5 * linear
    assert np.all(np.diff(done.history.loss) <= 0)


def test_triplets_drawn_twice_weigh_double():
    drawn = Rows(np.array([[1.0, 2, 1], [1, 0, -4], [1, 2, 1]]), np.array([[-1.0], [2], [-1]]))
    rows, weights = experiment.distinct(drawn)
    assert rows.triplets.tolist() == [[1, 0, -4], [1, 2, 1]]
    assert (rows.targets.tolist(), weights.tolist()) == ([[2], [-1]], [1, 2])


def test_columns_have_names(run):
    assert run.model.input_names == ("a", "b", "c")
    assert run.model.output_names == run.recipe.problem.output_names


def test_stored_examples_are_test_rows(run):
    np.testing.assert_array_equal(run.model.example_inputs, run.test.triplets[:8])


@pytest.mark.parametrize("part", ["train", "test"])
def test_measurements_are_the_kept_models(run, part):
    rows = {"train": run.training, "test": run.test}[part]
    prediction = run.model.predict(rows.triplets)
    assert getattr(run, f"{part}_accuracy") == accuracy(prediction, rows.targets)
    expected = float(np.mean((prediction - rows.targets) ** 2))
    assert getattr(run, f"{part}_loss") == pytest.approx(expected, rel=LOSS_RTOL["float64"])


def test_history_and_seconds_are_the_trainings(run):
    assert run.stopped == "finished"
    assert len(run.history.loss) == len(run.history.seconds) == 12
    assert run.seconds == run.history.seconds[-1] > 0


def test_curve_is_the_loss_on_test_rows(run):
    """Loss falls in every one of these epochs, so the kept parameters are the last ones and end the curve."""
    assert [epoch for epoch, _ in run.test_curve] == list(range(1, 13))
    assert run.history.loss == sorted(run.history.loss, reverse=True)
    assert run.test_curve[-1][1] == pytest.approx(run.test_loss, rel=LOSS_RTOL["float32"])


def test_curve_has_the_points_asked_for_and_does_not_change_training(recipe, monkeypatch):
    runs = []
    for points in (1, 3, 12):
        monkeypatch.setattr(experiment, "CURVE_POINTS", points)
        runs.append(run_experiment(recipe(batch_size=16), 3, verbose=False))
    assert [[epoch for epoch, _ in run.test_curve] for run in runs] == [[12], [4, 8, 12], list(range(1, 13))]
    assert len({run.model.parameters.tobytes() for run in runs}) == 1


def test_test_targets_do_not_change_training(recipe, monkeypatch):
    honest = run_experiment(recipe(), 3, verbose=False)
    draw = Problem.draw

    def false_targets(*arguments):
        training, test = draw(*arguments)
        return training, Rows(test.triplets, np.full_like(test.targets, 1e3))

    monkeypatch.setattr(Problem, "draw", false_targets)
    misled = run_experiment(recipe(), 3, verbose=False)
    assert misled.test_loss > 1e5 > honest.test_loss
    assert misled.model.parameters.tobytes() == honest.model.parameters.tobytes()


def test_verbose_decides_whether_an_interrupt_is_mentioned(recipe, monkeypatch, capsys):
    def press_ctrl_c(curve, state):
        raise KeyboardInterrupt

    monkeypatch.setattr(experiment.UnseenLossCurve, "on_epoch_end", press_ctrl_c)
    assert run_experiment(recipe(), 3, verbose=False).stopped == "interrupted"
    assert capsys.readouterr() == ("", "")
    assert run_experiment(recipe(), 3, verbose=True).stopped == "interrupted"
    assert "Interrupted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "seed", "error", "message"),
    [
        ({}, -1, ArgumentValueError, "`seed` is -1; it must be at least 0."),
        ({}, 0.5, ArgumentTypeError, "`seed` is 0.5; it must be a whole number."),
        ({"epochs": 0}, 0, ArgumentValueError, "`epochs` is 0; it must be at least 1."),
        ({"epochs": "12"}, 0, ArgumentTypeError, "`epochs` is '12'; it must be a whole number."),
        ({"dtype": "float16"}, 0, ArgumentValueError, "`dtype` is 'float16'; it must be float32 or float64."),
        ({"dtype": "single"}, 0, ArgumentValueError, "`dtype` is 'single'; it must be float32 or float64."),
        ({"dtype": "flaot32"}, 0, ArgumentValueError, "`dtype` is 'flaot32'; it must be float32 or float64."),
        ({"batch_size": 61}, 0, ArgumentValueError, "`batch_size` is 61; it must be at most the number of rows, 60."),
        (
            {"initialization": "hee"},
            0,
            ArgumentValueError,
            "`initialization` is 'hee'; it must be one of he, glorot (did you mean 'he'?).",
        ),
    ],
)
def test_refusals(recipe, settings, seed, error, message):
    with pytest.raises(error) as refusal:
        run_experiment(recipe("all", **settings), seed, verbose=False)
    assert str(refusal.value) == message
