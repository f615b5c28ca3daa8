"""Levenberg-Marquardt: least squares by the parameters' Jacobian, with a step that is as bold as it proves right.

Levenberg 1944; Marquardt 1963. Around parameters P the residuals are nearly r + J step; with weights W and D, diagonal,
every parameter's decay (the L2 penalty in units of the sum of squares, 0 for biases) the step solves

    (J^T W J + D + damping) step = -(J^T W r + D P).

That is the beginning of a path, and where the outputs' second derivative along the step, y'', is told, so is its bend
(geodesic acceleration: Transtrum and Sethna 2012, arXiv:1201.5885):

    (J^T W J + D + damping) bend = -J^T W y'' / 2,

and the parameters go to P + step + bend. Where that leads down the damping is lowered. Where it leads up half of the
way is tried, P + step / 2 + bend / 4, and then another with more damping, which costs little, for the normal equations
stay what they are.

Of the cross-entropy J^T W H J and its gradient J^T W (p - y) take their places, with its Hessian H in the logits
(Bishop 2006, section 4.3.3, of a network): the misfit that every step must lower is twice its weighted sum.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import SquaredError
from fitnet.arguments import Array, one_of, real_number, true_or_false, whole_number
from fitnet.blas import one_blas_thread
from fitnet.engine.checks import check_logits
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError
from fitnet.training.beginnings import BEGINNINGS, LOOSE, STIFF
from fitnet.training.descent import Descent
from fitnet.training.second_order import AfterIteration

REGULARIZATIONS = ("none", "bayesian")
MATRICES = 4  # of P x P in float64 that are alive at once
SHARE_OF_MEMORY = 0.5
LOOK = 0.25  # of the iterations: where the one that is to go on is chosen
CLEARLY = 0.5  # of a stiff network's cross-validation: what a loose one must be below, for it fits noise sooner


@dataclass(frozen=True)
class LevenbergMarquardt:
    """Damped Gauss-Newton steps: for smooth networks of up to some thousand parameters, in float64.

    It lowers the squared error or the cross-entropy.

    Parameters
    ----------
    regularization
        "none", or "bayesian": the noise and a decay for the weights of every input and later layer are chosen at every
        iteration by MacKay's evidence, so that the network is as smooth as the noise asks for and listens only to the
        inputs that matter; no rows need to be kept out.
    damping
        The first damping, at least 0, in units of the largest curvature; 0 begins with a Gauss-Newton step.
    max_epochs
        At most so many iterations; None: what training is given.
    gradient_tolerance
        Stop where the residuals are orthogonal to every column of the Jacobian to this cosine.
    step_tolerance
        Stop where the step is smaller than this share of the parameters.
    loss_tolerance
        Stop where an iteration lowers the loss by less than this share.
    starts
        With "bayesian", how often the search begins, each time for its share of the iterations: from the parameters
        there are with a stiff network and with two looser ones, then in the same way from others that are drawn. The
        fit that should generalise best is kept, and recorded as one more iteration.
    screened
        With "bayesian" and one start, whether a quarter of the iterations are done twice, from a stiff network and from
        a loose one that is drawn; the one that should then generalise better goes on.
    """

    regularization: str = "none"
    damping: float = 1e-3
    max_epochs: int | None = None
    gradient_tolerance: float = 1e-10
    step_tolerance: float = 1e-10
    loss_tolerance: float = 1e-10
    starts: int = 1
    screened: bool = False

    def __post_init__(self) -> None:
        one_of("regularization", self.regularization, REGULARIZATIONS)
        object.__setattr__(self, "starts", whole_number("starts", self.starts))
        object.__setattr__(self, "screened", true_or_false("screened", self.screened))
        if self.screened and self.starts > 1:
            raise ArgumentValueError("`screened` is True; with several `starts` it must be False.", "screened")
        if self.max_epochs is not None:
            object.__setattr__(self, "max_epochs", whole_number("max_epochs", self.max_epochs))
        for name in ("damping", "gradient_tolerance", "step_tolerance", "loss_tolerance"):
            object.__setattr__(self, name, real_number(name, getattr(self, name), 0))

    @property
    def moves_its_objective(self) -> bool:
        """Whether the penalty changes from iteration to iteration: the evidence's does."""
        return self.regularization == "bayesian"

    def check(self, objective: Objective) -> None:
        """Refuse a loss without normal equations, two penalties, and matrices that memory cannot hold.

        Raises
        ------
        ArgumentValueError
        """
        if type(objective.loss) not in (SquaredError, CrossEntropy):
            raise ArgumentValueError(
                f"`loss` is {objective.loss!r}; for LevenbergMarquardt it must be SquaredError() or CrossEntropy(); "
                "LBFGS() takes others.",
                "loss",
            )
        if objective.of_classes:
            check_logits(objective.network)
        self.check_penalty("alpha", objective.l2)
        P, most = objective.network.n_parameters, most_parameters()
        if most < P:
            raise ArgumentValueError(
                f"`network` has {P:,} parameters; LevenbergMarquardt keeps matrices of {P:,} x {P:,}, and this "
                f"machine's memory allows at most {most:,}; use LBFGS() or Adam().",
                "network",
            )

    def check_penalty(self, name: str, penalty: float) -> None:
        """Refuse a penalty beside the evidence's, by the `name` that users know it by."""
        if self.regularization == "bayesian" and penalty > 0:
            raise ArgumentValueError(
                f"`{name}` is {penalty:g}; with regularization='bayesian' it must be 0, for the evidence chooses it.",
                name,
            )

    def minimise(
        self, objective: Objective, start: Array, iterations: int, after: AfterIteration, draw: Callable[[], Array]
    ) -> None:
        """Iterate from `start` (P,); see `SecondOrderSolver`.

        LAPACK, by which the reference engine solves, has one thread: the bits then depend on no number of threads.
        """
        with one_blas_thread():
            if self.regularization == "bayesian" and self.screened:
                look = self._better_look(objective, (start, draw()), max(1, round(LOOK * iterations)))
                for parameters, value, measured in look.steps:
                    after(parameters, value, **measured)
                look.descent.walk(iterations - len(look.steps), after)
                return
            if self.starts == 1 or self.regularization == "none" or iterations <= self.starts:
                Descent(self, objective, start).walk(iterations, after)
                return
            ends = []
            for i in range(self.starts):
                beginning = BEGINNINGS[i % len(BEGINNINGS)]
                if i > 0 and beginning is BEGINNINGS[0]:
                    start = draw()
                descent = Descent(self, objective, start, beginning)
                descent.walk((iterations - 1) // self.starts, after)
                ends.append((descent.cross_validation(), descent.parameters, descent.value, descent.measured()))
            best = min(range(self.starts), key=lambda i: ends[i][0])
            if best < len(ends) - 1:
                _, parameters, value, measured = ends[best]
                after(parameters, value, **measured)

    def _better_look(self, objective: Objective, starts: tuple[Array, Array], iterations: int) -> "Look":
        """The better of two beginnings, stiff and loose, from parameters (P,) each; nothing of the other is left."""
        looks = [Look(Descent(self, objective, *each)) for each in zip(starts, (STIFF, LOOSE), strict=True)]
        for look in looks:
            look.descent.walk(iterations, look.keep)
        stiff, loose = (look.descent.cross_validation() for look in looks)
        return looks[loose < CLEARLY * stiff]


@dataclass
class Look:
    """The first steps of a descent that may go on, as they are to be recorded."""

    descent: Descent
    steps: list[tuple[Array, float, dict[str, float]]] = field(default_factory=list)

    def keep(self, parameters: Array, value: float, /, **measured: float) -> None:
        """Keep a step."""
        self.steps.append((parameters, value, measured))


def most_parameters() -> int:
    """How many parameters a network may have for its matrices to fit in half of the memory there is."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int((SHARE_OF_MEMORY * pages / (8 * MATRICES)) ** 0.5)
