"""The paper job: which records are the same paper."""
