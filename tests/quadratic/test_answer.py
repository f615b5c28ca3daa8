"""The answer to one triplet: the pretrained model's, beside the exact roots."""

import numpy as np
import pytest

from fitnet.errors import ArgumentError
from fitnet.quadratic import pretrained
from fitnet.quadratic.answer import answer
from tolerances import FLOAT64_RTOL


@pytest.mark.parametrize(("roots", "exact"), [("largest", [2]), ("all", [2, 0, 1, 0])])
def test_prediction_exact_roots_and_how_far_off(roots, exact):
    told = answer(1, -3, 2, roots)
    predicted = pretrained(roots).predict([[1, -3, 2]])[0]
    assert told.exact.tolist() == exact
    assert told.prediction.tolist() == predicted.tolist()
    for error, prediction, true in zip(told.relative_error, predicted.astype(float), exact, strict=True):
        if true:
            np.testing.assert_allclose(error, abs(prediction - true) / true, rtol=FLOAT64_RTOL)
        else:
            assert np.isinf(error)
    assert told.outside_training == []


def test_what_is_not_finite_is_none_in_json():
    facts = answer(1, -3, 2, "all").as_dict()
    assert [error is None for error in facts["relative_error"]] == [False, True, False, True]
    facts = answer(1, 0, 1).as_dict()
    assert facts["exact"] == facts["relative_error"] == [None]
    assert facts["outside_training"] == ["it was trained on triplets with a real root, and this one has none"]
    assert list(facts) == [
        "triplet", "roots", "outputs", "prediction", "exact", "relative_error", "outside_training"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [((1, 2, np.nan), "c"), ((1e39, 2, 3), "a"), ((1, "2", 3), "b"), ((1, 2, 3, "some"), "roots")],
)
def test_refused(arguments, argument):
    with pytest.raises(ArgumentError) as error:
        answer(*arguments)
    assert error.value.argument == argument
