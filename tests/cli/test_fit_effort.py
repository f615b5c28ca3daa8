"""fitnet fit --effort: an ensemble from a table, its leaderboard and errors, and what cannot stand beside it."""

import json

import numpy as np
import pytest

from fitnet import Ensemble, load
from fitnet.engine import ENGINES
from tolerances import FLOAT64_RTOL

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")


@pytest.fixture
def table(tmp_path, monkeypatch):
    """120 rows: y = a + b^2, and a column of words."""
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    a, b = generator.uniform(-1, 1, (2, 120))
    rows = [
        f"{x:.4f},{z:.4f},{['red', 'blue'][i % 2]},{x + z * z + i % 2:.4f}"
        for i, (x, z) in enumerate(zip(a, b, strict=True))
    ]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,colour,y", *rows]) + "\n")
    return tmp_path


def test_an_ensemble_is_fitted_kept_and_used(fitnet, table):
    answer = fitnet("fit", "t.csv", "--target", "y", "--effort", "fast")
    assert answer.code == 0, answer.err
    said = (
        "Recipes, fast effort, 5 folds",
        "Ensemble: ",
        "Out of fold, 96 rows",
        "in the 90% interval",
        "On the 24 rows kept out",
    )
    for part in said:
        assert part in answer.out
    assert answer.out.index(said[0]) < answer.out.index("least squares") < answer.out.index(said[1])
    assert "Nothing clearly beats" not in answer.out
    assert "\nModel:    t.fitnet\nNext:     fitnet predict t.fitnet NEW_TABLE --interval 0.9\n" in answer.out
    assert isinstance(load("t.fitnet"), Ensemble)
    assert fitnet("verify", "t.fitnet").code == 0
    predicted = fitnet("predict", "t.fitnet", "t.csv", "--interval", "0.9")
    assert predicted.code == 0, predicted.err
    assert predicted.out.splitlines()[0].split(",")[-2:] == ["y_lower", "y_upper"]
    assert fitnet("evaluate", "t.fitnet", "t.csv").code == 0


def test_a_smooth_ensemble_has_neither_kinks_nor_bins(fitnet, table):
    answer = fitnet("fit", "t.csv", "--target", "y", "--effort", "fast", "--smooth")
    assert answer.code == 0, answer.err
    ensemble = load("t.fitnet")
    assert {layer.activation for member in ensemble.members for layer in member.network.layers} <= {
        *("tanh", "silu", "identity")
    }
    assert all(member.encoding is None for member in ensemble.members)
    assert ensemble.provenance["settings"]["smooth"] == "True"
    assert "--smooth" in ensemble.provenance["command"]


def test_json_has_the_leaderboard(fitnet, table):
    facts = json.loads(fitnet("fit", "t.csv", "--target", "y", "--effort", "fast", "--json").out)
    assert facts["training_rows"] == 96 and facts["members"] >= 5
    assert {"recipe", "error", "weight", "seconds"} == set(facts["leaderboard"][0])
    assert facts["evaluation"]["y"]["network"]["r2"] > 0.9
    out_of_fold = facts["out_of_fold"]
    assert out_of_fold["rows"] == 96 and list(out_of_fold["coverage"]["y"]) == ["0.9"]
    assert list(out_of_fold["evaluation"]["y"]) == ["ensemble", "mean", "least squares"]
    (line,) = (line for line in facts["leaderboard"] if line["recipe"] == "least squares")
    assert out_of_fold["evaluation"]["y"]["least squares"]["rmse"] == pytest.approx(line["error"], rel=FLOAT64_RTOL)
    assert facts["unbeaten"] == {"y": []}


@pytest.mark.parametrize(
    ("slope", "sentence"),
    [
        (2, "Nothing clearly beats least squares for y: these rows may show no more than a linear function.\n"),
        (0, "Nothing clearly beats the mean of y: these columns may tell nothing of it.\n"),
    ],
    ids=["linear", "noise"],
)
def test_where_nothing_beats_a_baseline_it_says_so(fitnet, table, slope, sentence):
    generator = np.random.default_rng(0)
    a, b, noise = generator.normal(size=(3, 120))
    rows = zip(a, b, slope * (a - b) + noise, strict=True)
    (table / "t.csv").write_text("a,b,y\n" + "".join(f"{x:.4f},{z:.4f},{y:.4f}\n" for x, z, y in rows))
    answer = fitnet("fit", "t.csv", "--target", "y", "--effort", "fast")
    assert answer.out.count(sentence) == answer.out.count("Nothing clearly") == 1


def test_errors_are_in_the_targets_unit(fitnet, table):
    heading, *rows = (table / "t.csv").read_text().splitlines()
    (table / "t.csv").write_text("\n".join([heading, "[m],[m],[],[kW]", *rows]) + "\n")
    answer = fitnet("fit", "t.csv", "--target", "y", "--effort", "fast")
    assert answer.out.count("│ y [kW] │ ensemble ") == 2


def test_the_same_seed_gives_the_same_file(fitnet, table):
    files = []
    for threads in (1, 2):
        assert fitnet("fit", "t.csv", "--target", "y", "--effort", "fast", "--threads", threads).code == 0
        files.append((table / "t.fitnet").read_bytes())
    assert files[0] == files[1]


def test_a_checkpoint_is_gone_on_from(fitnet, table):
    fit = ("fit", "t.csv", "--target", "y", "--effort", "fast")
    assert fitnet(*fit).code == 0
    whole = (table / "t.fitnet").read_bytes()
    kept = (*fit, "--checkpoint", "kept", "--resume")
    first = json.loads(fitnet(*kept, "--json").out)["leaderboard"]
    members = sorted((table / "kept").iterdir())
    members[0].unlink()  # of least squares, the first candidate: its time alone is another
    answer = fitnet(*kept, "--json")
    assert answer.code == 0, answer.err
    assert (table / "t.fitnet").read_bytes() == whole
    again = json.loads(answer.out)["leaderboard"]
    assert [line["recipe"] for line in again] == [line["recipe"] for line in first]
    kept_times = [[line["seconds"] for line in lines if line["recipe"] != "least squares"] for lines in (first, again)]
    assert kept_times[0] == kept_times[1] and len(kept_times[0]) > 0
    assert sorted((table / "kept").iterdir()) == members
    other = fitnet(*kept, "--seed", 1)
    assert (other.code, other.err) == (
        2,
        "fitnet: The training in kept was begun with other rows or another seed; to resume it the table and the "
        "options that choose rows and seed must be as they were.\n",
    )
    members[0].write_bytes(members[1].read_bytes())
    assert "recipe-00-fold-00.member is damaged: " in fitnet(*kept).err


@pytest.mark.filterwarnings("default::fitnet.errors.ConstantInputWarning")
def test_an_input_that_never_varied_is_named(fitnet, table):
    lines = (table / "t.csv").read_text().splitlines()
    (table / "t.csv").write_text("\n".join([f"lab,{lines[0]}", *(f"7,{line}" for line in lines[1:])]) + "\n")
    answer = fitnet("fit", "t.csv", "--target", "y", "--effort", "fast")
    sentence = "The input 'lab' is the same in all rows, so it has no effect on the predictions; leave it out."
    assert (answer.code, answer.err) == (0, f"fitnet: {sentence}\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--effort", "great"], "`--effort` is 'great'; it must be one of fast, standard, thorough."),
        (["--effort", "fast", "--hidden", "8"], "`--effort` is 'fast' beside --hidden; an ensemble chooses"),
        (["--effort", "fast", "--solver", "lm"], "beside --solver"),
        (["--effort", "fast", "--resume"], "`--resume` needs `--checkpoint`, to go on from."),
        (["--effort", "fast", "--checkpoint", "t.csv"], "`--checkpoint` is 't.csv', which is `TABLE` too"),
        (["--effort", "fast", "--checkpoint", "no/c"], "`--checkpoint` writes to no/c, whose folder does not exist"),
        (
            ["--effort", "fast", "--target-transform", "log"],
            "`--target-transform` is 'log' and column 'y' holds -0.9323",
        ),
        (["--effort", "fast", "--test-fraction", "0.95"], "there are 6 rows for training; there must be at least 10"),
    ],
)
def test_what_cannot_be_is_refused(fitnet, table, options, said):
    answer = fitnet("fit", "t.csv", "--target", "y", *options)
    assert answer.code == 2
    assert said in answer.err
    assert not (table / "t.fitnet").exists()
