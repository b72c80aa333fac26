"""One clean record a paper."""
