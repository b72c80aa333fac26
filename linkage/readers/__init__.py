"""Reading records from files: a format is one file with a `Reader`, listed in `files.READERS`."""
