"""The benchmark of paper linking."""
