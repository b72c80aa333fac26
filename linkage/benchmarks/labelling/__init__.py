"""The benchmark of labelling."""
