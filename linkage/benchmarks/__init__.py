"""Benchmarks that anyone can repeat: ours beside other tools, on labelled data of one's own."""
