"""Whole epochs in one call: a trainer made, run and read again, for tests that look at what a training changes."""

from fitnet.engine.objective import Objective


def run_epochs(
    engine,
    network,
    loss,
    optimizer,
    parameters,
    state,
    X,
    Y,
    weights,
    *,
    batch_size,
    learning_rates,
    row_orders,
    best=None,
    l2=0.0,
    dropout=0.0,
    seeds=None,
):
    """The losses (epochs,); `parameters`, `state` and `best` change in place."""
    objective = Objective(engine, network, loss, X, Y, weights, l2, dropout=dropout)
    trainer = engine.trainer(objective, optimizer, parameters, batch_size, keeps_lowest=best is not None)
    trainer.restore(parameters, state, state.step, best)
    try:
        return trainer.run(learning_rates, row_orders, seeds=seeds)[0]
    finally:
        parameters[:], reached = trainer.parameters(), trainer.state()
        state.step, state.moments[:] = reached.step, reached.moments
        if best is not None:
            found = trainer.best()
            best.loss, best.epoch, best.parameters[:] = found.loss, found.epoch, found.parameters
