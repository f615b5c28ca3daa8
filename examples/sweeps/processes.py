"""A sweep by several processes of one machine, placed by joblib: each joins the study in one journal.

    python processes.py ../airfoil/airfoil.csv --target SPL --trials 40 --processes 2

Run it again to go on; run it elsewhere on the same journal to help.
"""

import argparse

import joblib
import optuna

from fitnet import Adam, PruningCallback, Regressor, tables

REPORTS = 20  # a trial


def loss_of(trial, X, Y, epochs):
    """The loss on a tenth of the rows of a network with the trial's settings."""
    widths = [trial.suggest_int("width", 16, 128, log=True)] * trial.suggest_int("layers", 1, 3)
    regressor = Regressor(
        widths,
        trial.suggest_categorical("activation", ["relu", "silu", "tanh"]),
        solver=Adam(learning_rate=trial.suggest_float("learning_rate", 5e-4, 2e-2, log=True)),
        alpha=trial.suggest_float("alpha", 1e-8, 1e-2, log=True),
        max_epochs=epochs,
        early_stopping=True,
        random_state=0,  # the same tenth of the rows in all trials
        n_threads=1,  # of each of several processes
        callbacks=PruningCallback(trial, every=max(1, epochs // REPORTS)),
    )
    return min(regressor.fit(X, Y).history_.validation_loss)


def work(storage, number, trials, X, Y, epochs):
    """Make trials until the study has as many as it should."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.load_study(
        study_name="sweep",
        storage=journal(storage),
        sampler=optuna.samplers.TPESampler(seed=number, constant_liar=True),
    )
    enough = optuna.study.MaxTrialsCallback(trials, states=None)
    if len(study.trials) < trials:
        study.optimize(lambda trial: loss_of(trial, X, Y, epochs), callbacks=[enough])


def journal(path):
    """A storage that processes can share, also on a network's disk."""
    return optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(path))


def main():
    """Begin the study, or go on with it, and say what was best."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table")
    parser.add_argument("--target", required=True)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--storage", default="sweep.journal")
    asked = parser.parse_args()
    rows = tables.select(tables.read_table(asked.table), [asked.target])
    study = optuna.create_study(study_name="sweep", storage=journal(asked.storage), load_if_exists=True)
    joblib.Parallel(n_jobs=asked.processes)(
        joblib.delayed(work)(asked.storage, number, asked.trials, rows.X, rows.Y, asked.epochs)
        for number in range(asked.processes)
    )
    print(f"{len(study.trials)} trials; the best: loss {study.best_value:.4g} with {study.best_params}")


if __name__ == "__main__":
    main()
