"""How sure a prediction is: intervals from rows that a model did not see, and how far new rows lie outside training."""
