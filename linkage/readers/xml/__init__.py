"""Formats in XML, and EndNote's packed library."""
