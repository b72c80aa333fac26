"""A page for every public name, filled by autodoc, and the list of them all."""

from pathlib import Path

import linkage

GROUPS = {
    "Read and write": "read_records write_records read_table write_table Problem",
    "Link": "link_papers link_authors link PaperLinker AuthorLinker PaperLinks AuthorLinks Links",
    "Merge and deduplicate": "merge_records merge_conflicts dedupe_records",
    "A library that remembers": "Library LibraryStatus Changes inherit_ids",
    "Look closer": "explain_papers explain_authors Explanation review_papers review_authors "
    "author_profiles write_people_page",
    "Reports": "papers_report authors_report evaluation_report write_report Evidence",
    "Measure": "evaluate Evaluation evaluate_blocking wrong_pairs compare_runs mention_clustering",
    "Teach": "pairs_to_label adapt_papers load_model PairModel",
    "Errors": "LinkageError InputError ModelError SetAsideWarning",
}
_HEAD = """# Names in Python

All that `dir(linkage)` lists. `import linkage` costs nothing: each name is loaded when it is first asked for.
"""


def write(folder: Path) -> None:
    """Write the pages; `tests/test_documentation.py` holds `GROUPS` to `dir(linkage)`."""
    folder.mkdir(exist_ok=True)
    parts = [_HEAD]
    for title, names in GROUPS.items():
        parts += [f"## {title}\n", *map(_line, names.split()), "", _tree(names.split())]
        for name in names.split():
            (folder / f"{name}.md").write_text(_page(name), encoding="utf-8")
    (folder / "index.md").write_text("\n".join(parts), encoding="utf-8")


def _line(name: str) -> str:
    first = (getattr(linkage, name).__doc__ or "").strip().partition("\n")[0]
    return f"- [`{name}`]({name}.md): {first}"


def _tree(names: list[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", "", *names, "```", ""])


def _page(name: str) -> str:
    kind = "autoclass" if isinstance(getattr(linkage, name), type) else "autofunction"
    options = "   :members:\n   :inherited-members: tuple, Exception, ValueError, UserWarning\n"
    return f"# {name}\n\n```{{eval-rst}}\n.. {kind}:: linkage.{name}\n{options if kind == 'autoclass' else ''}```\n"
