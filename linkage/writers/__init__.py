"""Writing records as BibTeX, RIS and tables."""
