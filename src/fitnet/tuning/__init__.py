"""Sweeps: settings of one network tried by Optuna's samplers and pruners, in a study that several processes share."""
