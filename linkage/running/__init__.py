"""How long work runs: progress, processes, the collector."""
