"""A candidate: a recipe that an ensemble may be made of, by its name."""

from dataclasses import dataclass, replace

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.schedules import Cosine
from fitnet.fitting.bins import Bins
from fitnet.fitting.recipe import Auto, Recipe
from fitnet.fitting.training_rows import TrainingRows
from fitnet.training.least_squares import LevenbergMarquardt

COMPONENTS = 64  # of many targets: what 64 units tell apart; more were no better, on spectra without noise or with
COMPONENTS_BY_EVIDENCE = 12  # the same, where the work grows with their square


@dataclass(frozen=True)
class Held:
    """What holds a network back from learning its rows by heart: units it does without, and weights that shrink.

    One that is not `watched` besides is kept as it is after its last epoch: its error out of fold is then no better
    than on any other rows.
    """

    dropout: float = 0.0
    decay: float = 0.0
    watched: bool = True


FREE = Held()


@dataclass(frozen=True)
class Candidate:
    """A recipe by name, and how columns are encoded for it; None leaves them as they are.

    With `components` it learns at most so many principal components of the targets, and these by them. One that is
    `always` there to compare with is never left out early. Of one that is `watched` every member is as it was when it
    did best on its fold. One that comes `after` others does not race: it goes on where the best of all is one of these,
    in its place, if that still gains or, with evidence, is well ahead of all that nothing comes after.
    """

    name: str
    recipe: Recipe
    bins: Bins | None = None
    always: bool = False
    must_lead: bool = False
    components: int | None = None
    after: tuple[str, ...] = ()
    watched: bool = True

    @property
    def is_by_evidence(self) -> bool:
        """Whether it is a network with hidden layers that Levenberg-Marquardt trains with evidence."""
        solver = self.recipe.solver
        return (
            self.recipe.hidden_layer_sizes != ()
            and isinstance(solver, LevenbergMarquardt)
            and solver.regularization == "bayesian"
        )

    def looked_at(self, unseen: TrainingRows) -> TrainingRows | None:
        """The fold's rows, if they are to say when a member was best; never of classes, where a penalty does that."""
        return unseen if self.watched and not isinstance(self.recipe.loss, CrossEntropy) else None


def network(
    name: str,
    activation: str,
    widths: tuple[int, ...],
    bins: Bins | None = None,
    *,
    rate: float = 5e-3,
    batch: int | Auto = "auto",
    epochs: int = 200,
    alpha: float = 0.0,
    held: Held = FREE,
) -> Candidate:
    """A candidate that Adam trains with a rate that falls to 0; half of the epochs without a gain end one watched."""
    recipe = Recipe(
        widths,
        activation,
        solver=Adam(rate, schedule=Cosine(), weight_decay=held.decay),
        batch_size=batch,
        max_epochs=epochs,
        alpha=alpha,
        dropout=held.dropout,
        patience=patience(epochs),
        scale_inputs=bins is None,
        error_bars=False,
    )
    return Candidate(name, recipe, bins, watched=held.watched)


def patience(epochs: int) -> int:
    """How many epochs to wait for a lower loss on the fold that is watched."""
    return -(-epochs // 2)


def of_components(candidate: Candidate) -> Candidate:
    """The same recipe for principal components of the targets."""
    most = COMPONENTS_BY_EVIDENCE if candidate.recipe.optimizer is None else COMPONENTS
    return replace(candidate, name=f"{candidate.name}, by components", components=most)


def of_logarithms(candidate: Candidate) -> Candidate:
    """The same recipe for the targets' logarithms."""
    recipe = replace(candidate.recipe, target_transform="log")  # type: ignore[arg-type]
    return replace(candidate, name=f"{candidate.name}, of logarithms", recipe=recipe)
