"""What is known of the distinct names of mentions, and which may be one person's."""
