"""Made-up records with known duplicates."""
