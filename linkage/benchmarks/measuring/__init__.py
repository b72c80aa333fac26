"""Seconds and memory of whole processes, and of what machine."""
