"""Candidates: which recipes are tried, on tables of which size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fitnet.fitting.bins import Bins
from fitnet.fitting.candidate import FREE, Candidate, Held, network, of_components
from fitnet.fitting.effort import rows_a_step
from fitnet.fitting.recipe import Recipe
from fitnet.training.least_squares import LevenbergMarquardt

FEW_ROWS, MIDDLING_ROWS, FEW_COLUMNS = 1000, 5000, 30  # for which Levenberg-Marquardt with evidence is soon done
STEPS_BY_ONE_LAYER = 500  # rows, up to which two wide layers are no better at them and take six times as long
ROWS_OF_TWO_LAYERS = 200  # from which two layers by evidence are tried
PATIENCE = 10  # of their iterations without a gain on the fold; after six they ended on plateaus
LEAST_SQUARES = "least squares"
MANY_COLUMNS = 100  # beyond which least squares by evidence takes its time, and encodings have a sixth of the pieces
LEAST_PIECES = 4
VALUES, VALUES_OF_ALL = 512, 4096  # pieces of a column whose values repeat, and of all of them together
SMALL_BATCH, MANY_STEPS = 64, 400  # rows; where there are more than so many batches of a pass, they grow
MANY_COEFFICIENTS = 1000  # beyond which least squares goes by gradients: a square matrix of them takes too long


def small_batch(n: int) -> int:
    """The batch size for a member of n rows: many small steps reach further than few large ones for the same work."""
    return min(rows_a_step(n), max(SMALL_BATCH, n // MANY_STEPS))


def epochs_for(n: int, steps: int) -> int:
    """Passes over n rows that are so many steps."""
    return max(1, round(steps / (n / small_batch(n))))


def baselines(p: int, m: int = 1, *, by_evidence: bool = True) -> list[Candidate]:
    """Least squares, which is what a network must be better than, for m targets; else with a fixed penalty."""
    epochs = 30 if p <= MANY_COLUMNS else 15  # of many columns more take the same coefficients away
    solver, alpha, epochs = ("lm-bayesian", 0.0, epochs) if by_evidence else ("lm", 1e-3, 2)
    if (p + 1) * m > MANY_COEFFICIENTS:
        solver, alpha, epochs = "lbfgs", 1e-3 if p > MANY_COLUMNS else 1e-7, 200
    recipe = Recipe((), solver=solver, alpha=alpha, max_epochs=epochs, error_bars=False)  # type: ignore[arg-type]
    return [Candidate(LEAST_SQUARES, recipe, always=True)]


@dataclass(frozen=True)
class Shapes:
    """What makes candidates for n rows of p columns, so that each is named by what tells it from the others.

    Their bins have so many `projections` where they say so. `repeated` are the numbers of different values of the
    columns in which values repeat.
    """

    n: int
    p: int
    projections: int = 0
    repeated: tuple[int, ...] = ()

    def network(
        self,
        activation: str,
        widths: tuple[int, ...],
        bins: Bins | None,
        rate: float,
        steps: int,
        *,
        projected: bool = False,
        alpha: float = 0.0,
        held: Held = FREE,
    ) -> Candidate:
        """A candidate of so many steps, its bins as many as so many columns can have."""
        name = f"{activation} {'-'.join(map(str, widths))}"
        if bins is not None:
            bins = replace(bins, pieces=max(LEAST_PIECES, bins.pieces // 6)) if self.p > MANY_COLUMNS else bins
            bins = self.cut_at_values(bins) if bins.by == "values" else bins
            name += f", {bins.pieces} bins by {bins.by}"
            if projected and self.projections:
                bins, name = replace(bins, projections=self.projections), f"{name}, projections"
        if held.dropout:
            name += ", dropout"
        epochs, batch = epochs_for(self.n, steps), small_batch(self.n)
        return network(name, activation, widths, bins, rate=rate, batch=batch, epochs=epochs, alpha=alpha, held=held)

    def cut_at_values(self, bins: Bins) -> Bins:
        """The bins with as many pieces for columns whose values repeat as so many columns can have."""
        most = min(VALUES, VALUES_OF_ALL // self.p)
        more = sum(max(0, min(most, values) - bins.pieces) for values in self.repeated)
        return replace(bins, values=most, more_pieces=more)


def by_components(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same recipes for principal components of the targets, a plain one and one by evidence first."""
    found = [of_components(each) for each in candidates]
    plain = [each for each in found if each.bins is None and each.recipe.optimizer is not None]
    by_evidence = [each for each in found if each.recipe.optimizer is None]
    return [*plain[:1], *by_evidence, *plain[1:], *(each for each in found if each.bins is not None)]


def networks(of_table: Shapes) -> list[Candidate]:
    """Networks for a table, those that are worth most for the work first; some have projections."""
    of, n = of_table.network, of_table.n
    values, fine = Bins("values", 48), Bins("values", 128)
    quantiles, targets = Bins("quantiles", 48), Bins("targets", 32)
    if n > MIDDLING_ROWS:
        return [
            of("silu", (64, 64), fine, 5e-3, 20_000, projected=True),
            of("silu", (64, 64), None, 5e-3, 15_000),
            of("relu", (128, 64), values, 3e-3, 12_000, projected=True, held=Held(0.1, 0.1)),
            *by_evidence(n, of_table.p),
        ]
    to_the_end = Held(0.2, 0.1, watched=False)
    few = of("relu", (128,), targets, 1e-3, 8000)
    return [
        of("silu", (64, 64), values, 5e-3, 8000),
        of("silu", (64, 64), targets, 5e-3, 8000),
        *by_evidence(n, of_table.p),
        few if n <= STEPS_BY_ONE_LAYER else of("relu", (256, 256), quantiles, 1e-3, 4000, held=to_the_end),
        of("silu", (64, 64), None, 5e-3, 30_000),
        of("silu", (64, 64), targets, 5e-3, 8000, held=to_the_end),
        *([of("silu", (64, 64), values, 5e-3, 8000, projected=True)] if of_table.projections else []),
    ]


def smooth_networks(n: int, p: int) -> list[Candidate]:
    """Networks whose derivatives have no jumps."""
    of = Shapes(n, p).network
    return [
        *by_evidence(n, p),
        of("silu", (64, 64), None, 5e-3, 30_000),
        of("tanh", (64, 64), None, 5e-3, 30_000),
        of("silu", (128, 128), None, 3e-3, 30_000),
    ]


def further_networks(of_table: Shapes) -> list[Candidate]:
    """What is tried where time is no matter."""
    of = of_table.network
    targets, fine = Bins("targets", 32), Bins("targets", 128)
    values, quantiles = Bins("values", 48), Bins("quantiles", 48)
    return [
        of("silu", (128, 128), None, 3e-3, 30_000),
        of("silu", (64, 64), fine, 5e-3, 12_000, alpha=3e-4),
        of("silu", (128, 64), values, 3e-3, 12_000),
        of("relu", (256,), quantiles, 3e-3, 8000),
        of("relu", (256, 128), targets, 3e-3, 12_000, projected=True, held=Held(0.2, 0.1)),
        of("silu", (64, 64, 64), None, 3e-3, 15_000),
        of("relu", (64, 64), None, 5e-3, 8000),
    ]


def by_evidence(n: int, p: int) -> list[Candidate]:
    """Tanh networks by Levenberg-Marquardt with evidence, of few columns at most; narrower of many rows."""
    if p > FEW_COLUMNS:
        return []
    few = n <= FEW_ROWS
    found = [tanh_by_evidence((16,), 60)] if few else []
    if n < ROWS_OF_TWO_LAYERS:
        return found
    two = (24, 24) if FEW_ROWS < n <= MIDDLING_ROWS else (16, 16)
    candidate = tanh_by_evidence(two, 48 if few else 32)
    return [*found, replace(candidate, recipe=replace(candidate.recipe, patience=PATIENCE), must_lead=True)]


def tanh_by_evidence(widths: tuple[int, ...], iterations: int) -> Candidate:
    """A tanh network that Levenberg-Marquardt trains with evidence for so many iterations.

    One layer begins stiff, which few rows and simple functions ask for; two are screened, which others ask for.
    """
    solver = LevenbergMarquardt("bayesian", screened=len(widths) > 1)
    recipe = Recipe(widths, "tanh", solver=solver, max_epochs=iterations, error_bars=False)
    return Candidate(f"tanh {'-'.join(map(str, widths))}, by evidence", recipe)
