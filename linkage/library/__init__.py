"""A library that remembers: stable ids, judgements that stay, new records day after day."""
