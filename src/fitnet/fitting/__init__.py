"""Fitting: settings and rows in, a model out; what the estimators and the shell share."""
