"""How alike two values are: one file per attribute, one plain function per feature."""

if __name__ != "linkage.features":
    raise ImportError("import this package as linkage.features, not as features")
