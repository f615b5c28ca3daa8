"""Training: the loop around an engine, what it records, and who may watch."""
