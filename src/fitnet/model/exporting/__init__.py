"""Exporting: from a model to the subject that exporters write of."""
