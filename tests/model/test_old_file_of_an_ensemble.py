"""A model file of version 7 with all an ensemble can hold: words, gaps, folds, intervals, domain, error bars below."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from ensembles import CATEGORIES, FRAME, LEADERBOARD, domain_of_words
from forged_files import stored

from fitnet import LogTransform, load, verify
from fitnet.model.description import Description
from tolerances import DOMAIN_RTOL, FLOAT32_JACOBIAN_ATOL_OF_LARGEST, PREDICTION_ATOL_OF_LARGEST

FILE = Path(__file__).parent / "files" / "version-7.fitnet"
# What the reference engine of its time gave for FRAME; a member computes in float32.
PREDICTIONS = [
    [1.1529516525341734, -0.08395603003132669],
    [0.5277881979447059, -2.325834909140398],
    [0.4163044995514157, -0.24797349257381518],
]
FOLD_PREDICTIONS = [
    [
        [1.729422880368835, 0.7424730694588713],
        [0.3389691653016441, 1.3880413291494293],
        [2.3981288205207933, 0.6968411530708106],
    ],
    [
        [1.008833845575508, -0.29056330490387616],
        [0.5749929561054714, -3.254303968712855],
        [-0.07915158069092881, -0.48417715398497163],
    ],
]
FOLD_SPREADS = [
    [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
    [
        [1.0205616415928782, 0.05412820229796441],
        [0.4100651225028044, 2.1416134039899486],
        [0.10261271513391598, 0.8686883240752759],
    ],
]
SPREADS = [
    [0.9572442846854198, 0.41604104839336753],
    [0.37872929715914166, 2.667850362380353],
    [0.995153458137064, 0.9093207366842099],
]
DEVIATIONS = [
    [0.46996928874650334, 0.28787049191012026],
    [0.2674128960116023, 0.28787049191012026],
    [0.21107795249171774, 0.28787049191012026],
]
INTERVALS = [
    [[0.26616269730794495, 2.039740607760402], [-0.7017028296466178, 0.5009492975849089]],
    [[0.023204582916067085, 1.0323718129733446], [-2.9435817087556893, -1.7409295815241626]],
    [[0.018019757455457808, 0.8145892416473736], [-0.8657202921891063, 0.3369318350424204]],
]
DERIVATIVES = [
    [[0.0, 0.3541307520567931], [0.0, -0.17563027914396717]],
    [[0.13934266663840666, 0.0], [-0.4337854990704694, 0.0]],
    [[0.1096218146979173, 0.25337559242742796], [-0.29046350502355706, -0.23233482426449237]],
]


def as_it_was(found, expected, atol_of_largest=PREDICTION_ATOL_OF_LARGEST["float32"]):
    np.testing.assert_allclose(found, expected, 0, atol_of_largest * np.abs(expected).max())


def test_it_says_what_it_said(engine):
    whole = load(FILE, engine=engine.name)
    outputs, deviations = whole.predict(FRAME, return_std=True)
    as_it_was(outputs, PREDICTIONS)
    as_it_was(deviations, DEVIATIONS)
    as_it_was(whole.predict_interval(FRAME, 0.9), INTERVALS)
    as_it_was(replace(whole, conformal=None).predict(FRAME, return_std=True)[1], SPREADS)
    as_it_was(whole.fold_predictions(FRAME), FOLD_PREDICTIONS)
    as_it_was(whole.fold_spreads(FRAME), FOLD_SPREADS)
    as_it_was(whole.jacobian(FRAME), DERIVATIVES, FLOAT32_JACOBIAN_ATOL_OF_LARGEST)
    assert verify(FILE).passed


def test_everything_else_is_there():
    whole = load(FILE)
    assert stored(FILE).version == 7
    assert (whole.weights.tolist(), whole.folds, whole.leaderboard) == ([0.2, 0.3, 0.5], (0, 1, 1), LEADERBOARD)
    assert whole.provenance == {"seed": 7, "note": "by hand, 1e-3"}
    assert (whole.categories, whole.output_names, whole.units) == (CATEGORIES, ("flux", "mass"), {"x": "m"})
    assert (whole.imputation.told, whole.imputation.medians.tolist()) == ((4,), [0.25, 0.5, 0, 0, 2])
    assert whole.input_ranges.tolist() == [[-1, 0, 0, 0, 0, 0], [1, 1, 1, 1, 4, 1]]
    assert [member.target_transform for member in whole.members] == [LogTransform(0.0), None, None]
    assert [member.parameters.dtype for member in whole.members] == ["float64", "float32", "float64"]
    assert whole.members[0].provenance == {"recipe": "tanh 4"}
    assert Description.of(whole.members[1]).effective_parameters == 3


def test_its_domain_is_that_of_its_rows():
    whole, expected = load(FILE), domain_of_words()
    assert whole.domain.groups.tolist() == [-1, 0, 0, 0, -1, -1]
    np.testing.assert_allclose(whole.domain.references, expected.references, DOMAIN_RTOL)
    far = FRAME | {"T": [1.0, np.nan, 30.0]}
    assert (whole.domain_score(far) > 1).tolist() == [False, False, True]
    assert whole.worst_input(far) == "T"


def test_saved_again_it_holds_the_same(tmp_path):
    load(FILE).save(tmp_path / "again.fitnet")
    old, new = stored(FILE), stored(tmp_path / "again.fitnet")
    assert (new.version, new.description, new.tensors.keys()) == (7, old.description, old.tensors.keys())
    for name in new.tensors:
        if not name.endswith("example_outputs"):  # which are computed anew
            assert new.tensors[name].tobytes() == old.tensors[name].tobytes()
