"""Training the paper models: labelled folders, worse copies, the fit."""
