"""How good a result is; knows ids, clusters and pairs only."""
