"""Tolerances of exported code, each with the reason for its size.

Units are those of the last place of the larger of a value and the largest of its entry, over 1,000 rows of each of 24
kinds of models. Exported code and the model sum the same terms in another order, and both round.
"""

# In double. Outputs and slopes are within 4 units in most kinds; measured 5.3 where a logarithm's error is one of exp's
# argument ("error bars"), 5.9 in numpy and C and 6.6 in Fortran behind six layers ("deep"), where the model itself is
# as far from the exact numbers; intervals 5.5, second derivatives, sums of products of three slopes, 10.9. Processors
# that add in other orders may add some.
EXPORTED_UNITS = {"outputs": 10, "jacobian": 10, "hessian": 20, "interval": 10}
# Of forty outputs some are sums that cancel, of which the largest value is small: the model itself was 6 units off the
# exact outputs and 13 off the slopes; measured 10.5 and 18.6.
EXPORTED_UNITS_OF_FORTY_OUTPUTS = {"outputs": 20, "jacobian": 40, "hessian": 40}
# In single, in units of float32: 1e-5, what exported code promises; measured 13.
EXPORTED_SINGLE_UNITS = 84
EXPORTED_SINGLE_OF_LARGEST = 1e-5

# C. Far from 0, where rounding of a large exponent counts as often as it is large, and the slope of tanh, 1 - a^2, is
# nothing but a rounding of 1, times weights and scales.
C_FAR_RTOL, C_FAR_ATOL = 1e-11, 1e-13
# tanh from exp and from its series near 0 (measured 1.6 units beside 64 bits of mantissa, of NumPy's 0.8).
C_TANH_RTOL = 6e-16
# The state that the example's emulator finds for a gas, beside the one whose pressure it is (measured 2e-4).
NEWTON_ATOL = 2e-3

# Fortran. Tangents and adjoints, which sum over columns or outputs too.
FORTRAN_PRODUCT_UNITS = 40
# Rows together and one by one: the same sums in the same order, but compilers may take exp and tanh of several numbers
# at once by functions that are good to 4 units; measured 0 with gfortran 12.
FORTRAN_ROWS_UNITS = 16
# A network of 205 parameters that learned a smooth function from 2,000 exact values, after 20 s of a swing: measured
# 4e-5 rad; what other rounding in its training leaves is a few times that. Its slopes: measured below 1e-4.
PENDULUM_ATOL = 1e-3
PENDULUM_SLOPE_ATOL = 5e-3

# ONNX. Forward and reverse mode of one graph in float64: the same products in another order; measured 2e-15.
ONNX_AD_ATOL_OF_LARGEST = 1e-13
# A pipeline in onnxruntime and in scikit-learn, in float64: scalings and sums of a dozen terms in another order.
ONNX_PIPELINE_RTOL = 1e-10
# Activations in onnxruntime, beside the larger of 1 and |z|: its tanh in float64 is within 3.2 units of the last place,
# in float32 within 2.3.
ONNX_FUNCTION_ATOL = {"double": 1e-15, "single": 1e-6}
# Small values by exp(-z^2 / 2), whose exponent of up to 600 is rounded, here and in SciPy: measured 2.3e-13.
ONNX_TAIL_RTOL = 5e-13
# A pendulum's period that a network of 16 neurons learned from 400 rows, and its slopes, as a page shows them: measured
# 2e-5 s, and 1e-3 s a metre or radian; they are rounded to 4 digits, and 3.
EXAMPLE_PERIOD_ATOL = 1e-3
EXAMPLE_SLOPE_ATOL = 1e-2
