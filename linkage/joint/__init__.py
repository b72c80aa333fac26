"""Papers and people together: copies of one paper are found first, then who wrote what."""
