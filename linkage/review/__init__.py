"""Reviewing in the browser: one question a screen, one key a verdict."""
