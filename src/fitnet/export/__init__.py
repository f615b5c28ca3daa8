"""Export: a model in other languages, made of its steps alone; `Model.export` and `fitnet export` are the doors."""
