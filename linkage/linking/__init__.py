"""What both linkers are made of: clustering, constraints, estimators, explanations."""
