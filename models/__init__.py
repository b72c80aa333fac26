"""TODO."""

if __name__ != "linkage.models":
    raise ImportError("import this package as linkage.models, not as models")
