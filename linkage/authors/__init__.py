"""The author job: which name mentions are the same person."""
