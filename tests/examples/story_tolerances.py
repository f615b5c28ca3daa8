"""The tolerances of the stories in examples/, with the reason for each."""

# A story's README beside what its script prints: training goes another way on another processor or with another NumPy,
# and the last digits of what it comes to with it.
SAID_RTOL = 0.15
# g by films of a pendulum: the mean of five, in standard errors that come from the five.
GRAVITY_ERRORS, GRAVITY_LARGEST_ERROR = 4, 0.01
# The share in 90 % intervals: whole spectra, and years of a cycle, are inside or outside together.
SPECTRA_COVERAGE_ATOL, CYCLE_COVERAGE_ATOL = 0.08, 0.2
# The posterior by emulator and integral, with the same random numbers: errors of 0.1 mmag where data have 20.
POSTERIOR_STDS = 0.05
# Of 599 digits; others come to 97 % (docs/how-to/classification.md), which is six digits more.
DIGITS_RIGHT, DIGITS_IN_SETS = 0.97, 0.98
# Committed pictures are small, and a figure with nothing in it is smaller than that; bytes.
PICTURE_BYTES = (10_000, 120_000)
