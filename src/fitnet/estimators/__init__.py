"""Estimators: scikit-learn's contract, and nothing else."""
