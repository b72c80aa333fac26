"""The page of all benchmark results."""
