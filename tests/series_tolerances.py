"""The tolerances of forecasts, beside those of tolerances.py, each with the reason for its size."""

# Forecasts' derivatives beside central differences, through several steps and a logarithm: as JACOBIAN_RTOL, times ten.
FORECAST_SLOPES_RTOL = 1e-6
# One network for several series beside the closed formula they follow without noise: what training leaves.
SERIES_FORMULA_ATOL = 1e-3
# The share of new values in 90 % intervals of autoregressive noise, from 60 series of 5 steps: binomial spread 0.017 of
# each, but steps are alike; and what the errors of some hundred neighbouring forecasts leave open.
FORECAST_COVERAGE_ATOL = 0.07
# Intervals of the same forecasts in two ways: differences of numbers up to a thousand times larger, and exp of log.
FORECAST_ENDS_RTOL = 1e-9
# Least squares of sines of one circle, by an orthogonal decomposition: eps times some dozen terms of size 1.
CIRCLE_ATOL = 1e-12
# A sine of unit height that Adam learned in 300 epochs, or a fast ensemble from 120 rows.
LEARNED_SINE_ATOL = 0.05
# Of white noise, what least squares with a handful of coefficients may gain by chance on 200 rows.
NOTHING_GAINED = 0.95
# Widths along a random walk grow as the root of the steps, 3 for 9: a third less or half more from 200 errors alike.
ROOT_OF_NINE_STEPS = (2.0, 4.5)
# The Mackey-Glass equation with half the step: fourth order until delayed values jump, then their mean counts.
RUNGE_KUTTA_ATOL, AFTER_THE_JUMP_ATOL = 1e-9, 1e-2
# Least squares that finds a recurrence exactly, some steps on: eps by the condition of its windows, some thousands.
LEAST_SQUARES_FORECAST_ATOL = 1e-9
# The same windows cut by another package: changes that are summed in another order, through a network's training.
OTHER_WINDOWS_RTOL = 1e-5
# Weights of a mean of two, by a formula for two and one for any number: eps by the condition of two alike residuals.
MEAN_WEIGHTS_ATOL = 1e-9
