"""The study of a sweep: gone on with where all is the same, refused in a sentence where anything is not."""

import pytest
from short_sweeps import sweep

from fitnet.errors import ArgumentValueError
from fitnet.tuning.storage import opened

optuna = pytest.importorskip("optuna")


@pytest.mark.parametrize("name", ["s.db", "s.journal"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"table_sha256": "1" * 64}, "is of another table, or of other columns"),
        ({"seed": 1}, r"was begun with other settings \(seed\)"),
        ({"sampler": "random"}, r"was begun with other settings \(sampler\)"),
    ],
)
def test_another_table_or_other_settings_are_refused(tmp_path, name, change, sentence):
    place = str(tmp_path / name)
    sweep(place).run(1)
    with pytest.raises(ArgumentValueError, match=rf"holds a study 'fitnet' that {sentence}; .*another") as refused:
        sweep(place, **change)
    assert refused.value.argument == "storage"
    assert len(sweep(place).study.get_trials()) == 1
    assert sweep(place, name="other", **change).study.get_trials() == []


def test_a_study_of_somebody_else_is_refused(tmp_path):
    place = str(tmp_path / "s.db")
    study = optuna.create_study(storage=opened(place), study_name="fitnet")
    study.tell(study.ask(), 1.0)
    with pytest.raises(ArgumentValueError, match="that fitnet tune did not begin"):
        sweep(place)
