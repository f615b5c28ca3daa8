"""The words that options take, without the tables that they stand in elsewhere: help and completion load no numbers.

A test compares them with those tables.
"""

AUTO = "auto"
ACTIVATIONS = (
    *("identity", "relu", "tanh", "logistic", "silu", "gelu", "softplus", "leaky_relu"),
    "exponential",
)
CALENDAR = ("hour", "weekday", "month", "day of year")
DERIVATIVES = ("none", "jacobian", "hessian")
DTYPES = ("float32", "float64")
EFFORTS = ("fast", "standard", "thorough")
ENGINES = ("auto", "native", "reference")
ERROR_BARS = ("auto", "yes", "no")
INITIALIZATIONS = ("he", "glorot")
INPUTS = ("matrix", "by-name")
LANGUAGES = ("numpy", "c", "fortran", "onnx")
LOSSES = ("squared_error", "absolute_error", "huber", "quantile", "poisson", "cross_entropy")
MISSING_RULES = ("refuse", "drop", "impute")
NUMBERS = ("whole", "real")
OPTIMIZERS = ("adam", "momentum", "gradient-descent")
OUTSIDE = ("warn", "raise", "nan", "ignore")
PRECISIONS = ("single", "double")
PRUNERS = ("median", "none")
ROOTS = ("largest", "all")
SAMPLERS = ("tpe", "random")
SCALINGS = ("auto", "standard", "robust", "common")
SCHEDULES = ("constant", "cosine", "step")
SOLVERS = ("lm", "lm-bayesian", "lbfgs", *OPTIMIZERS)
STRATEGIES = ("direct", "recursive")
TASKS = ("auto", "regression", "classification")
TRANSFORMS = ("none", "log", "auto")
