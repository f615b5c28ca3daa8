"""What the tests of the experiment share: one tiny run a kind of roots."""

import pytest

from fitnet.quadratic import Problem, Recipe
from fitnet.quadratic import run as run_experiment


def tiny_recipe(roots="largest", **settings):
    return Recipe(**{"problem": Problem(roots), "triplets": 60, "test_triplets": 30, "epochs": 12} | settings)


@pytest.fixture(name="recipe")
def recipe_fixture():
    """A function that gives a recipe of no cost; its arguments replace the recipe's fields."""
    return tiny_recipe


@pytest.fixture(scope="session", params=["largest", "all"])
def run(request):
    """A finished run of the tiny recipe, seed 3; look, do not touch."""
    return run_experiment(tiny_recipe(request.param), 3, verbose=False, command="what the user typed")
