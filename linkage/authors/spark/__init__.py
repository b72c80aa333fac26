"""The author job on Spark."""
