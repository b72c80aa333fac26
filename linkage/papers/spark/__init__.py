"""The paper job on Spark."""
