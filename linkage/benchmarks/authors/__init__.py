"""The benchmark of author linking."""
