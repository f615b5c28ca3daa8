"""Spellings: what other packages call the things that have names here, for "did you mean ...?"."""

from collections.abc import Collection, Mapping

# Every name here, and what others call the same: without capitals, spaces and signs.
NAMES: Mapping[str, str] = {
    "squared_error": "mse mseloss rmse meansquarederror rootmeansquarederror squaredloss l2 l2loss ls leastsquares "
    "regsquarederror gaussian normal msereg",
    "absolute_error": "mae maeloss meanabsoluteerror absoluteloss l1 l1loss lad regabsoluteerror laplace median",
    "huber": "smoothl1 smoothl1loss huberloss pseudohuber regpseudohubererror robust",
    "quantile": "pinball pinballloss quantileloss regquantileerror",
    "poisson": "poissonnll poissonnllloss poissonloss countpoisson counts loglinear",
    "cross_entropy": "logloss crossentropyloss bce bceloss bcewithlogitsloss binarycrossentropy nll nllloss "
    "categoricalcrossentropy sparsecategoricalcrossentropy multiclass multinomial softmax binomial deviance",
    "gradient-descent": "sgd gd bgd steepestdescent traingd",
    "momentum": "sgdm nesterov traingdm traingdx heavyball",
    "adam": "adamw nadam adamax amsgrad rmsprop adagrad adadelta radam",
    "lm": "trainlm levenbergmarquardt marquardt levmar leastsq gaussnewton",
    "lm-bayesian": "trainbr bayesian bayes evidence brnn bayesianregularization",
    "lbfgs": "lbfgsb bfgs trainbfg quasinewton newton",
    "logistic": "sigmoid logsig logit expit sigm",
    "tanh": "tansig hyperbolictangent htan",
    "silu": "swish",
    "leaky_relu": "lrelu prelu leaky leakyrectifier",
    "relu": "rectifier rectified poslin",
    "identity": "linear none purelin lineair",
    "he": "kaiming henormal heuniform kaimingnormal kaiminguniform",
    "glorot": "xavier xaviernormal xavieruniform glorotnormal glorotuniform",
    "reference": "numpy python",
    "native": "cpp cplusplus c cpu",
    "numpy": "py python python3",
    "c": "h header cpp cplusplus cxx hpp c89 c90 c99 c11 c17",
    "fortran": "f f90 f95 f03 f08 f18 f2003 f2008 f2018 f2023 fortran90 fortran95 gfortran",
    "onnx": "ort onnxruntime",
    "fast": "quick low short small",
    "standard": "normal medium default middle",
    "thorough": "slow high long full best large",
}

# What other packages' parameters would be as parameters of `Regressor`.
PARAMETERS: Mapping[str, str] = {
    "max_iter": "max_epochs",
    "n_iter": "max_epochs",
    "epochs": "max_epochs",
    "n_epochs": "max_epochs",
    "num_epochs": "max_epochs",
    "iterations": "max_epochs",
    "n_iter_no_change": "patience",
    "early_stopping_rounds": "patience",
    "learning_rate_init": "solver=Adam(learning_rate=...)",
    "learning_rate": "solver=Adam(learning_rate=...)",
    "lr": "solver=Adam(learning_rate=...)",
    "eta": "solver=Adam(learning_rate=...)",
    "lr_scheduler": "solver=Adam(schedule=...)",
    "schedule": "solver=Adam(schedule=...)",
    "beta_1": "solver=Adam(beta1=...)",
    "beta_2": "solver=Adam(beta2=...)",
    "epsilon": "solver=Adam(epsilon=...)",
    "momentum": "solver=Momentum(momentum=...)",
    "nesterovs_momentum": "solver=Momentum(momentum=...)",
    "weight_decay": "solver=Adam(weight_decay=...)",
    "l2": "alpha",
    "penalty": "alpha",
    "regularization": "alpha",
    "dropout_rate": "dropout",
    "p_drop": "dropout",
    "hidden": "hidden_layer_sizes",
    "hidden_layers": "hidden_layer_sizes",
    "hidden_units": "hidden_layer_sizes",
    "layers": "hidden_layer_sizes",
    "layer_sizes": "hidden_layer_sizes",
    "units": "hidden_layer_sizes",
    "n_hidden": "hidden_layer_sizes",
    "size": "hidden_layer_sizes",
    "optimizer": "solver",
    "algorithm": "solver",
    "criterion": "loss",
    "objective": "loss",
    "seed": "random_state",
    "random_seed": "random_state",
    "rng": "random_state",
    "generator": "random_state",
    "n_jobs": "n_threads",
    "num_threads": "n_threads",
    "threads": "n_threads",
    "device": "engine",
    "validation_split": "validation_fraction",
    "test_fraction": "validation_fraction",
    "normalize": "scale_inputs",
    "standardize": "scale_inputs",
    "scale": "scale_inputs",
    "precision": "dtype",
}


def did_you_mean(value: object, names: Collection[str]) -> str:
    """ " (did you mean 'tanh'?)", where one of the `names` is near to a name that is none of them; else nothing."""
    name = nearest(value, names, {other: name for name in names for other in NAMES.get(name, "").split()})
    return "" if name is None else f" (did you mean {name!r}?)"


def nearest(value: object, names: Collection[str], meant: Mapping[str, str]) -> str | None:
    """What another package's name stands for, if that is known, or the most similar of the `names`; or None."""
    if not isinstance(value, str):
        return None
    spelt = {plain(name): name for name in names}
    given = plain(value)
    if given in spelt:
        return spelt[given]
    for name in (meant.get(value), meant.get(given)):
        if name is not None and name.partition("=")[0] in names:
            return name
    from difflib import get_close_matches  # which only a mistake needs

    similar = get_close_matches(given, spelt, n=1, cutoff=0.6)
    return spelt[similar[0]] if similar else None


def share_meant(value: object) -> str:
    """ " (did you mean 0.9?)" of 90, "90%" and "0,9", as `did_you_mean`."""
    text = str(value).strip().replace(",", ".")
    percent = text.endswith("%")
    try:
        number = float(text.rstrip("% "))
    except ValueError:
        return ""
    share = number / 100 if percent or number > 1 else number
    return f" (did you mean {share:g}?)" if 0 < share < 1 else ""


def plain(name: str) -> str:
    """A name without capitals, spaces and signs."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
