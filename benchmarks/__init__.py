"""Benchmarks: fitnet beside other packages on the same work, in the same run."""
