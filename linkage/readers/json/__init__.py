"""Formats in JSON: works of Crossref, OpenAlex and others, CSL, plain records."""
