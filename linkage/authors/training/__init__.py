"""Training the author model: labelled folders, worse copies, samples, the fit."""
