"""Reports: one HTML file from facts and a model, which opens anywhere and runs the model in the page."""
