"""TODO."""

if __name__ != "linkage.features":
    raise ImportError("import this package as linkage.features, not as features")
