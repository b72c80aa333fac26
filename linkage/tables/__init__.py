"""Reading and writing tables: clusterings, labelled pairs, results."""
