"""One member of a cross-fit: a candidate trained without a fold, and its prediction there.

Shapes: X (n, p), Y (n, m), folds (n,).
"""

from contextlib import suppress
from dataclasses import replace
from time import perf_counter

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.blas import one_blas_thread
from fitnet.engine.compute import Compute
from fitnet.errors import DivergenceError
from fitnet.fitting.bins import scaling_beside
from fitnet.fitting.candidate import Candidate
from fitnet.fitting.member import Member, Place, encoded
from fitnet.fitting.member_files import MemberFiles
from fitnet.fitting.principal_components import fit
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import features_of


def cross_fitted(
    candidate: Candidate, rows: TrainingRows, folds: Array, k: int, generator: np.random.Generator, compute: Compute
) -> Member | None:
    """The candidate's member for fold k of the rows, in memory, of classes of their logits; None where it diverges."""
    began = perf_counter()
    seen, unseen = rows.part(np.flatnonzero(folds != k)), rows.part(np.flatnonzero(folds == k))
    features, unseen_features, encoding, scaling = seen, unseen, None, None
    if candidate.bins is not None:
        standard = Scaling.from_statistics(seen.inputs())
        encoding = candidate.bins.encoding(np.asarray(seen.X), np.asarray(seen.Y), seen.weights, standard)
        scaling = scaling_beside(encoding, seen.inputs())
        make = encoding.rows if candidate.recipe.needs_no_features else encoding.apply
        features, unseen_features = (
            replace(each, X=make(each.X, scaling, np.float32), imputation=None, categories=None)
            for each in (seen, unseen)
        )
    with suppress(DivergenceError):
        settings, looked_at = Settings(candidate.recipe, compute.engine, 1), candidate.looked_at(unseen_features)
        fitted = fit(settings, features, generator, looked_at, candidate.components)
        if fitted.result.stopped == "interrupted":  # training itself would keep what it has
            raise KeyboardInterrupt
        model = fitted.model
        prediction = np.asarray(model.predict(features_of(unseen_features.X)), np.float64)
        if encoding is not None:
            model = encoded(model, encoding, scaling, seen)
        watched = np.asarray(fitted.result.history.validation_loss, np.float64)
        return Member(model, prediction, watched, perf_counter() - began)
    return None


def cross_fitted_and_kept(
    rows: TrainingRows,
    folds: Array,
    compute: Compute,
    files: MemberFiles | None,
    candidate: Candidate,
    place: Place,
    generator: np.random.Generator,
) -> Member | None:
    """The member at that place, in its file too where there are `files`."""
    with one_blas_thread():  # also where it is made in another process
        member = cross_fitted(candidate, rows, folds, place.fold, generator, compute)
    if files is not None:
        files.keep(place, member)
    return member
