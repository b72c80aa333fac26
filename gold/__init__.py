"""TODO."""

if __name__ != "linkage.gold":
    raise ImportError("import this package as linkage.gold, not as gold")
