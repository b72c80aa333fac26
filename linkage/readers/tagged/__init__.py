"""Formats of tags and fields, line by line: RIS, nbib, refer, BibTeX, Web of Science."""
