"""Tables: CSV and TSV, Parquet, spreadsheets, and what their columns are called."""
