"""Every tolerance of the tests, with the reason for its size; a test holds no number of its own.

RTOL is relative to the expected value, ATOL absolute; ATOL_OF_LARGEST is relative to the largest expected entry.
Where an engine may sum in another order, the tolerance is a dict by dtype.
"""

# Central differences in float64: truncation grows as step**2, rounding as eps / step; eps**(1/3) balances them.
DIFFERENCE_STEP = 6e-6
# Second differences over a tenth of a step, of outputs about 1: rounding is 2e-14, and where the step is a few
# hundredths what they leave out of the fourth derivative is 1e-4 of the second, which may be small itself.
SECOND_DIFFERENCE_ATOL = 1e-12
SECOND_DIFFERENCE_OF_LARGEST = 1e-2
# A step moves a pre-activation by about step * inputs; this far from relu's corner no difference straddles it.
DIFFERENCE_MARGIN = 1e-3
# Measured agreement of the gradients is about 1e-9; anything wrong in the mathematics is off by far more than 1e-6.
GRADIENT_RTOL = 1e-6
# Rounding in the differences is eps * loss / step, 1e-10 or less of the largest entry; it drowns much smaller entries.
GRADIENT_ATOL_OF_LARGEST = 1e-8
# The same for derivatives with respect to the inputs, which no sum over rows blurs; measured agreement is about 1e-9.
JACOBIAN_RTOL = 1e-7
JACOBIAN_ATOL_OF_LARGEST = 1e-8
# Sums over rows of products of two such derivatives; relative to the largest entry, for each is an inner product.
NORMAL_EQUATIONS_ATOL_OF_LARGEST = 1e-7
# Second derivatives of a network by differences of its Jacobian, entry against largest entry: measured agreement is
# about 1e-9, and stays there when curvatures of several layers nearly cancel in one output.
HESSIAN_ATOL_OF_LARGEST = 1e-7
# One neuron against its formula: a dozen roundings of terms of size 1.
HESSIAN_RTOL = 1e-13
# Derivatives of activations by differences: values are of size 1, so rounding leaves eps / step, about 4e-11.
DERIVATIVE_RTOL = 1e-8
DERIVATIVE_ATOL = 1e-9

# The same formula in another order, in float64: a few hundred roundings at most.
FLOAT64_RTOL = 1e-12
# exp(t) - 1 - t for t = 1e-3 in float64: a rounding of t in t^2 / 2; the smaller t is, the more it weighs.
NEAR_THE_BEST_RTOL = 1e-12
# Entries that cancel to near zero keep the absolute rounding of the terms of size 1 they are made of.
FLOAT64_ATOL = 1e-13
# The optimizers against their formulas: 50 steps of a dozen roundings each, in float64.
OPTIMIZER_RTOL = 1e-12
# Activations keep their digits in the tails: a handful of roundings, and NumPy's float32 exp is good to 3 units.
ACTIVATION_RTOL = {"float32": 6e-7, "float64": 1e-15}
# 1 - s(z) cancels for large z and silu multiplies it by z: half a unit of 1, times z of 17 or 37, where s(z) becomes 1.
SLOPE_ATOL = {"float32": 1.2e-6, "float64": 4.5e-15}

# Predictions against a row-by-row loop in float64: the engine's own rounding, over sums of a dozen terms of size 1.
PREDICTION_ATOL_OF_LARGEST = {"float32": 2e-6, "float64": 1e-14}
# The float32 gradient against the float64 one: 6e-8 a rounding, sums over a few dozen rows, four layers.
FLOAT32_GRADIENT_ATOL_OF_LARGEST = 1e-5
# A dozen steps in an engine against the same steps in Python: an engine may sum in another order at each of them.
TRAJECTORY_ATOL_OF_LARGEST = {"float32": 2e-5, "float64": 1e-13}
# Losses are sums over rows in float64 of float32 or float64 residuals.
LOSS_RTOL = {"float32": 1e-5, "float64": 1e-12}
# The native engine against the reference engine in float64, norm against norm: one call, or 200 steps of training
# in which no corner is near a rounding (those were measured: up to 4e-6 in float32 and 4e-15 in float64).
PARITY_RTOL = {"float32": 1e-5, "float64": 1e-12}
# A difference of PARITY_RTOL this many times over, in a residual or a pre-activation, flips no sign beyond.
ROUNDINGS_FROM_KINK = 10
# A dozen layers' roundings in float32, in sums over a dozen terms, against the same in float64.
FLOAT32_JACOBIAN_ATOL_OF_LARGEST = 1e-5
# Mean and deviation against exact sums: the sums' own error, and a few roundings to scale and shift them back.
MOMENTS_RTOL = 1e-14
# Against scikit-learn, whose sums over 50,000 rows of up to 180 deviations are not corrected; relative to a deviation.
SCALER_RTOL = 1e-11
# Scaled and back: four roundings, which are relative to the larger of value and shift.
SCALING_RTOL = 1e-15
# Training to the minimum of a well-conditioned linear problem, until only rounding moves the parameters.
LEAST_SQUARES_RTOL = {"float32": 1e-4, "float64": 1e-9}
# A constant on its way to a quantile or to Huber's minimum: its last steps are shorter than this.
CONSTANT_ATOL = 1e-4
# Full-batch training keeps the lowest loss: it is flat at its minimum, so parameters within sqrt(eps) = 1.5e-8 tie.
LOWEST_LOSS_RTOL = 1e-7

# The variance of 20,000 normal or uniform draws has a standard error of 1 % or less; five of them.
SAMPLE_VARIANCE_RTOL = 0.05
# A Kolmogorov-Smirnov p-value below this would be a one-in-a-thousand draw; seeds are fixed, so it never flickers.
SMALLEST_P_VALUE = 1e-3

# Roots of quadratics: the compensated discriminant is good to two units in the last place, and four roundings follow.
ROOTS_RTOL = 2e-15
# Substituting a root back: its own few roundings times the size of the three terms.
ROOTS_RESIDUAL_RTOL = 4e-15
# One prediction of a model that is right on average to a few per cent, at a triplet in the middle of its range.
PRETRAINED_ROOT_ATOL = 0.5
# What the shipped models reach on triplets they never saw, a point or two below what they were measured at.
PRETRAINED_ACCURACY = {"largest": 0.95, "all": 0.90}

# Means over 60 rows in two orders, and differences of predictions from targets a thousand times larger.
METRIC_RTOL = 1e-10
# Least squares twice, raw columns against standardised ones: eps times a condition number of about 1e7.
BASELINE_RTOL = 1e-7
# Files keep every digit, and the shell computes as Python does; text for people keeps four.
PRINTED_RTOL = 1e-3

# Regressor, trained by Adam with a rate that goes down to 0 until it stands still at the least-squares solution; of
# the targets' spread.
CONVERGED_FIT_ATOL_OF_SPREAD = 1e-6
# The same float64 training reached by other sums (other units, rows repeated in place of weights): rounding, which
# some 20 steps of a small network enlarge a little.
SAME_FIT_RTOL = 1e-8
# Central differences of predictions of size 1 with a step of 1e-5: truncation and rounding are both about 1e-10.
FITTED_SLOPE_ATOL = 1e-8

# Reading 64 MB in chunks may take more memory than reading 13 MB by what allocators and decoders keep for themselves:
# measured up to 17 % of the table. A reader that loads it takes 80 %.
CHUNK_MEMORY_SHARE = 0.5
# An epoch in one call of an engine and in a call a step: the same sums, which only rounding tells apart.
TRAJECTORY_RTOL = 1e-11
# Two trainings that see the rows in different orders end at losses that differ by chance.
AS_GOOD_A_FIT = 2
# Scalings found chunk by chunk and in one piece: the same sums in other blocks.
CHUNKED_SCALING_RTOL = 1e-12
# Peak memory of fitting and predicting a file of 120 MB beside one of 30 MB, in MB, apart from the predictions
# themselves: what allocators keep. A reader that keeps the file adds 90.
CHUNKED_FIT_MEGABYTES = 25

# A dozen roundings of a sum whose terms partly cancel, at most a hundredfold.
KNOWN_FUNCTION_RTOL = 1e-12
# The same where the sum may cancel to nothing, of terms of size 1.
KNOWN_FUNCTION_ATOL = 1e-14
# Gauss's rule with 40 nodes on smooth functions over one period: rounding in sums over 64,000 terms.
QUADRATURE_RTOL = 1e-11
# The share of 20,000 draws within an interval has a standard error of 0.3 % or less; five of them.
COVERAGE_ATOL = 0.015
# One Gauss-Newton step solves a linear problem by its normal equations: eps times their condition number of about 10.
NORMAL_EQUATIONS_RTOL = 1e-11
# Damping that falls by a third an iteration, until the loss falls by less than 1e-10 of itself: parameters to its root.
DAMPED_CONVERGENCE_RTOL = 1e-5
# Noise-free data determine the parameters of a sum of three to eps times the square root of a condition of 1e6.
EXACT_FIT_RTOL = 1e-8
# Two least-squares programs on noisy data: the losses tie within eps, the parameters within its root, and conditions.
NOISY_FIT_RTOL = 1e-6
# Against an interpolation the residuals' start: what Levenberg-Marquardt leaves where parameters outnumber targets.
INTERPOLATION_SHARE = 1e-12
# The penalty that the evidence chooses, beside the noise of 2,000 targets: it moves estimates by less.
EVIDENCE_BIAS_RTOL = 1e-3
# The noise found in 400 targets by some ten parameters: its standard error is 4 %; three of them.
NOISE_RTOL = 0.12
# Quasi-Newton to a gradient of 1e-10 where curvatures are above 1e-3, and scikit-learn's solver to as much.
QUASI_NEWTON_RTOL = 1e-6
# MacKay's formulas by inverses whose condition number is about 1e6, biases having a prior of 1e-12 of the curvature.
EVIDENCE_RTOL = 1e-8
# The same where that prior alone, 1e12 times flatter than the data, tells biases apart: eps times 1e12.
DEGENERATE_EVIDENCE_RTOL = 1e-3
# J^T W J from the rows' Jacobians and from the normal equations: the same sums in another order.
JACOBIAN_SUMS_ATOL_OF_LARGEST = 1e-13
# Error bars of linear least squares by a Cholesky factor and by NumPy's inverse: eps times a condition of some hundred.
ERROR_BARS_RTOL = 1e-10
# The evidence's search ends where no decay changes by 0.1 %; what it converges to is at most some times further.
EVIDENCE_SEARCH_RTOL = 0.02
# Spread over 100 fits to new noise: a standard error of 1 / sqrt(200) = 7 % at each of nine points, a network that is
# not quite straight; measured up to 13 % at one point and 0.1 % in their mean.
SPREAD_RTOL = 0.2
# Of 2,000 rows a share of 95 % has a standard error of 0.5 %; what is found about noise and function from 300 rows adds
# two or three.
COVERAGE_95 = (0.90, 0.98)
# Covariance of 200,000 draws: standard error of a variance 0.3 %; the function bends by less than that over the errors.
PROPAGATED_RTOL = 0.02

# Of condition number times rounding: Cholesky's solution errs by a few of these (Higham 2002, section 10.1).
CHOLESKY_MARGIN = 100

# Moments of 400,000 log-normal draws of logarithmic deviation 0.6: the variance has a standard error of 0.7 %; five.
LOG_NORMAL_RTOL = 0.035
# Half of the logarithms, which span 12, are met within this after a short training. Half of the predictions of plain
# targets below the middle are further off.
SHORT_FIT_OF_DECADES = 0.3
# exp(log(y)): a rounding of the logarithm, of size up to 745, is one of exp's argument.
THERE_AND_BACK_RTOL = 4e-13

# A share of coins within this many standard deviations of its chance: seeds are fixed, so it never flickers.
BINOMIAL_DEVIATIONS = 4
# Choices that are made where there is nothing to choose: some 1 to 3 % were measured over 200 draws; 60 are tested.
CHANCE_CHOICES = 0.1
# Coverage of thirds of the rows, from least to most spread: the floor alone leaves it uneven by 3 to 6 %, and plain
# intervals of noise that differs twentyfold by more than 20 %.
EVEN_COVERAGE_ATOL = 0.1
# Ranges and distances in standard units whose mean and deviation are summed in another order, by 3,000 rows.
DOMAIN_RTOL = 1e-10
# Shares of new rows beyond the ranges of some 50 rows differ from draw to draw by as much as they are; in the mean of
# two dozen draws by a fifth. By two rules it is twice the share.
NEW_ROWS_OUTSIDE = 2
# A mean square by 2,000 evenly ranked values in place of some ten thousand: the trapezoidal rule, which the ends of a
# normal distribution bend; measured 2e-4.
KEPT_SCORES_RTOL = 1e-3


# Two least-squares fits by evidence, from other starts, end near one minimum, but thirty iterations leave them a little
# apart: their variance was up to 2e-5 of that of two networks on the drawings seen.
ONE_MINIMUM_VARIANCE = 1e-4

# A network's last layer folded with components, in standard units: the same sums of a dozen terms in another order.
FOLDED_ATOL_OF_LARGEST = 1e-13
# Shares of the variance by four orthogonal iterations, against singular values: measured 1e-16; by one 4e-9.
NEARLY_BEST_SHARE_ATOL = 1e-10
# Spectra of 2,507 outputs from 400 rows of 6 inputs: the 99th percentile of relative errors. All outputs learned
# directly have 36 % (measured), by components 10 %.
SPECTRA_ERROR = 0.22
# Predictions of the same rows in other blocks by the reference engine: BLAS sums as the block's shape has it; float32.
OTHER_BLOCKS_RTOL = 1e-5

# Steps walked in NumPy and predictions, in float64: the same sums of a dozen terms in another order, some cancelling.
STEPS_RTOL = 1e-9
# The same in float32, whose sums of some dozen terms are rounded in another order.
FLOAT32_STEPS_OF_LARGEST = 1e-6
# A page and a model, both in float64: the same sums in other orders, some of which cancel; measured 6e-12.
LIVE_RTOL = 1e-9
# A page and a model in float32, whose sums of some dozen terms are rounded at every step, beside the largest number.
LIVE_SINGLE_OF_LARGEST = 1e-5
# The optimum that the page's search finds, in ranges from -1 to 1: it halves its steps along inputs to 1e-7 of them.
PAGE_OPTIMUM_ATOL = 1e-5
# The same where the top is flat: a value rounded to 1e-16 of itself places the top no better than to its root.
PAGE_SMOOTH_OPTIMUM_ATOL = 1e-5
# Weights whose sum is 1, by least squares in which that sum counts a million times the rest, and by a search.
SEARCHED_WEIGHTS_ATOL = 1e-5
# Curves and contours in the page beside a small model in float64: the same few products and sums, in another order.
PAGE_RTOL = 1e-12
# A line of a contour, in ranges from 0 to 1 that take 200 pixels or more: places are rounded to a tenth of a pixel.
PAGE_PIXELS_ATOL = 2e-3
# Where a mouse drops a point, in ranges from -1 to 1 that take 200 pixels or more: a pixel on either side.
PAGE_DRAG_ATOL = 0.02
# A slider's thumb under its curve's mark, in pixels: browsers round the places of both.
PAGE_THUMB_PIXELS = 1.5
# A difference of a thousandth between two predictions in float32, and in float64: seven digits less three.
HALF_SHARE_RTOL = 1e-2

# Probabilities of a linear Classifier against scikit-learn's LogisticRegression, whose own solver stops at gradients of
# about 1e-8 of the sum; both minimise one convex objective.
CLASS_PROBABILITY_ATOL = 1e-5
# A temperature where its log loss is lowest, by two searches: values rounded to 1e-16 place it to their root.
TEMPERATURE_RTOL = 1e-5
# Probabilities by members whose last layer was divided by a temperature in float32, against float64 after the network:
# logits up to 50 are rounded to some 1e-6.
COOLED_ATOL = 1e-5
# A step that scikit-learn worked out by hand: three weights are off by up to 4e-4, for want of digits and by a slip (x1
# for x3). The smallest step of a parameter is 1.7e-3.
WORKED_OUT_STEP = 5e-4
# Measures of probabilities against scikit-learn's: the same means of some hundred numbers, summed in another order.
FACT_RTOL = 1e-12

# Weights, losses and predictions of the drop-in perceptrons, all about 1, beside scikit-learn's: the same sums in
# another order. In some hundred steps of float64 the roundings grew to 4e-15; a step missed would be 1e-5 or more.
SAME_PERCEPTRON_ATOL = 1e-11
# The same after 15 iterations of L-BFGS, whose line search and differences of gradients make roundings larger.
SAME_PERCEPTRON_LBFGS_ATOL = 1e-8

# Means and correlations of independent draws, in their standard deviations: one in 1.7 million lies beyond. Draws are
# of a printed seed, so a test always passes or never.
NORMAL_DEVIATIONS = 5
