"""Reading titles, formulas and page ranges; folding text."""
