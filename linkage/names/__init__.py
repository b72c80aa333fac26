"""Reading printed names and strings of authors."""
