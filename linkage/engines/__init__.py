"""Where candidate pairs are joined. One file an engine; only that file imports it."""
