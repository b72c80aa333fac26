"""Which pairs to label, the files of labels, the screen that asks."""
