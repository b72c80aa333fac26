"""The report: one self-contained page. Nobody but commands and benchmarks knows it."""
