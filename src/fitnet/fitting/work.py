"""Work: what training a member takes, in multiplications and additions, never by the clock.

They count as much as those of a dense layer in float32.
"""

from fitnet.fitting.candidate import Candidate
from fitnet.fitting.solver_choice import SOLVERS
from fitnet.training.least_squares import LOOK, LevenbergMarquardt

A_STEP = 6.0  # multiplications and additions a parameter and row: there, back, and for the weights
# What takes their time in an iteration of Levenberg-Marquardt, in float64, on n rows with P parameters:
A_PRODUCT, A_SLOPE = 1.5, 300.0  # n P^2 products of a row's derivatives by parameters, and the n P derivatives
A_FACTOR = 0.15  # the P^3 of a step
AN_INVERSE, AN_ENTRY = 1.85, 1400.0  # what evidence needs besides: P^3 and P^2
A_READING = 27.0  # what time those take in which a neuron reads a column in pieces, there and back, for a row
AN_UPDATE = 50.0  # and those in which a parameter is updated


def learned(candidate: Candidate, m: int) -> int:
    """How many of m outputs, or of their components, the candidate's network has."""
    return m if candidate.components is None else min(m, candidate.components)


def evidence_work(candidate: Candidate, n: int, p: int, m: int) -> float:
    """Multiplications and additions, about, of a member by Levenberg-Marquardt, which cannot be shortened; else 0."""
    if candidate.recipe.optimizer is not None:
        return 0.0
    P = candidate.recipe.network(p, learned(candidate, m)).n_parameters
    an_iteration = n * (A_PRODUCT * P**2 + A_SLOPE * P) + A_FACTOR * P**3
    if candidate.recipe.solver != SOLVERS["lm"]:
        an_iteration += AN_INVERSE * P**3 + AN_ENTRY * P**2
    solver = candidate.recipe.solver
    looked_at = LOOK if isinstance(solver, LevenbergMarquardt) and solver.screened else 0.0
    return an_iteration * float(candidate.recipe.max_epochs) * (1 + looked_at)


def work_of(candidate: Candidate, n: int, p: int, m: int) -> float:
    """Multiplications and additions of a member's training, where it goes by gradients."""
    recipe = candidate.recipe
    if recipe.optimizer is None:
        return 0.0
    first = recipe.hidden_layer_sizes[0]
    cut = 0 if candidate.bins is None else p + candidate.bins.projections
    pieces = 0 if candidate.bins is None else cut * candidate.bins.pieces + candidate.bins.more_pieces
    P = recipe.network(max(p, cut) + pieces, learned(candidate, m)).n_parameters
    read = A_READING * cut * int(first)
    a_row = A_STEP * (P - pieces * int(first)) + read + AN_UPDATE * P / float(recipe.rows_a_step(n) or n)
    return n * a_row * float(recipe.max_epochs)


def whole_work_of(candidate: Candidate, n: int, p: int, m: int) -> float:
    """Multiplications and additions of a member's training, about, however it goes."""
    return work_of(candidate, n, p, m) + evidence_work(candidate, n, p, m)
