"""The words that options take are those of the tables they stand for."""

import pytest

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES
from fitnet.algorithm.network import INITIALIZATIONS
from fitnet.algorithm.optimizers import OPTIMIZERS
from fitnet.algorithm.schedules import SCHEDULES
from fitnet.arguments import DTYPES
from fitnet.cli import choices, completion_values, fit_settings
from fitnet.engine import ENGINES
from fitnet.export.subject import DERIVATIVES, PRECISIONS
from fitnet.export.write import LANGUAGES
from fitnet.fitting.plans import EFFORTS
from fitnet.fitting.recipe import SCALINGS
from fitnet.fitting.solver_choice import SOLVERS
from fitnet.model.exporting.door import INPUTS
from fitnet.model.file import EXTENSION
from fitnet.quadratic.problem import NUMBERS, ROOTS
from fitnet.rows import MISSING_RULES
from fitnet.series import member_recipes
from fitnet.series.calendar import PARTS
from fitnet.series.settings import STRATEGIES
from fitnet.tables.class_selection import TASKS
from fitnet.tables.compression import COMPRESSED
from fitnet.tables.reading import FORMATS, TEXT
from fitnet.tuning.pruners import PRUNERS
from fitnet.tuning.seeded_sampler import SAMPLERS
from fitnet.uncertainty.outside_rows import OUTSIDE

TABLES = {
    "ACTIVATIONS": ACTIVATIONS,
    "CALENDAR": PARTS,
    "DERIVATIVES": DERIVATIVES,
    "DTYPES": DTYPES,
    "EFFORTS": EFFORTS,
    "ENGINES": ["auto", *ENGINES, "native"],
    "ERROR_BARS": fit_settings.ERROR_BARS,
    "INITIALIZATIONS": INITIALIZATIONS,
    "INPUTS": INPUTS,
    "LANGUAGES": LANGUAGES,
    "LOSSES": LOSSES,
    "MISSING_RULES": MISSING_RULES,
    "NUMBERS": NUMBERS,
    "OPTIMIZERS": OPTIMIZERS,
    "OUTSIDE": OUTSIDE,
    "PRECISIONS": PRECISIONS,
    "PRUNERS": PRUNERS,
    "ROOTS": ROOTS,
    "SAMPLERS": SAMPLERS,
    "SCALINGS": SCALINGS,
    "SCHEDULES": SCHEDULES,
    "SOLVERS": SOLVERS,
    "STRATEGIES": STRATEGIES,
    "TASKS": TASKS,
    "TRANSFORMS": fit_settings.TRANSFORMS,
}


@pytest.mark.parametrize("name", TABLES)
def test_choices(name):
    assert set(getattr(choices, name)) == set(TABLES[name])


def test_every_tuple_is_held_against_a_table():
    assert {name for name in vars(choices) if name.isupper()} == {*TABLES, "AUTO"}


def test_efforts_of_forecasts_are_the_same():
    assert set(choices.EFFORTS) == set(member_recipes.EFFORTS)


def test_the_endings_of_files():
    assert completion_values.MODELS == (EXTENSION,)
    assert set(completion_values.TEXT) == set(TEXT)
    assert set(FORMATS) <= set(completion_values.TABLES)
    assert {f"{text}{packed}" for text in TEXT for packed in COMPRESSED} <= set(completion_values.TABLES)
