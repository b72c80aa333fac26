"""Record linkage of bibliographic data: the same paper, the same person.

import linkage

records = linkage.read_records(["library.bib", "export.ris"])
papers = linkage.link_papers(records)    # Series: record_id -> cluster_id
people = linkage.link_authors(records)   # DataFrame: record_id, position, name, author_id

Every public name is loaded when it is first asked for (PEP 562), so `import linkage` costs nothing.
Each stands three times below: in `__all__`, as an import that type checkers and editors read, and
with its home, where `__getattr__` finds it. `tests/test_public_names.py` holds them together.
"""

from typing import TYPE_CHECKING

__all__ = [
    "AuthorLinker",
    "AuthorLinks",
    "Changes",
    "Evaluation",
    "Evidence",
    "Explanation",
    "InputError",
    "Library",
    "LibraryStatus",
    "LinkageError",
    "Links",
    "ModelError",
    "PairModel",
    "PaperLinker",
    "PaperLinks",
    "Problem",
    "SetAsideWarning",
    "__version__",
    "adapt_papers",
    "author_profiles",
    "authors_report",
    "compare_runs",
    "dedupe_records",
    "evaluate",
    "evaluate_blocking",
    "evaluation_report",
    "explain_authors",
    "explain_papers",
    "inherit_ids",
    "link",
    "link_authors",
    "link_papers",
    "load_model",
    "mention_clustering",
    "merge_conflicts",
    "merge_records",
    "pairs_to_label",
    "papers_report",
    "read_records",
    "read_table",
    "review_authors",
    "review_papers",
    "write_people_page",
    "write_records",
    "write_report",
    "write_table",
    "wrong_pairs",
]

if TYPE_CHECKING:
    from linkage.authors.explain import explain_authors
    from linkage.authors.linker import AuthorLinker, link_authors
    from linkage.authors.links import AuthorLinks
    from linkage.authors.profiles import profiles as author_profiles
    from linkage.authors.review import author_review as review_authors
    from linkage.errors import InputError, LinkageError, ModelError, Problem, SetAsideWarning
    from linkage.evaluation.runs import compare_runs
    from linkage.evaluation.scoring import Evaluation, evaluate, evaluate_blocking, wrong_pairs
    from linkage.evaluation.steps import Evidence
    from linkage.joint.linker import Links, link
    from linkage.labelling.choice import adapt_papers, pairs_to_label
    from linkage.library.dedupe import dedupe_records
    from linkage.library.library import Library
    from linkage.library.results import Changes
    from linkage.library.results import Status as LibraryStatus
    from linkage.linking.explanation import Explanation
    from linkage.linking.identity import inherit_ids
    from linkage.merging.conflicts import merge_conflicts
    from linkage.merging.merge import merge_records
    from linkage.models.pair_model import PairModel, load_model
    from linkage.papers.explain import explain_papers
    from linkage.papers.linker import PaperLinker, link_papers
    from linkage.papers.links import PaperLinks
    from linkage.papers.review import review_list as review_papers
    from linkage.readers.files import read_records
    from linkage.report.authors import authors_report
    from linkage.report.evaluation import evaluation_report
    from linkage.report.page import write_report
    from linkage.report.papers import papers_report
    from linkage.report.people import write_page as write_people_page
    from linkage.tables.clusterings import mention_clustering
    from linkage.tables.files import read_table, write_table
    from linkage.writers.records import write_records

    __version__: str

_HOMES = {
    "AuthorLinker": "linkage.authors.linker.AuthorLinker",
    "AuthorLinks": "linkage.authors.links.AuthorLinks",
    "Changes": "linkage.library.results.Changes",
    "Evaluation": "linkage.evaluation.scoring.Evaluation",
    "Evidence": "linkage.evaluation.steps.Evidence",
    "Explanation": "linkage.linking.explanation.Explanation",
    "InputError": "linkage.errors.InputError",
    "Library": "linkage.library.library.Library",
    "LibraryStatus": "linkage.library.results.Status",
    "LinkageError": "linkage.errors.LinkageError",
    "Links": "linkage.joint.linker.Links",
    "ModelError": "linkage.errors.ModelError",
    "PairModel": "linkage.models.pair_model.PairModel",
    "PaperLinker": "linkage.papers.linker.PaperLinker",
    "PaperLinks": "linkage.papers.links.PaperLinks",
    "Problem": "linkage.errors.Problem",
    "SetAsideWarning": "linkage.errors.SetAsideWarning",
    "adapt_papers": "linkage.labelling.choice.adapt_papers",
    "author_profiles": "linkage.authors.profiles.profiles",
    "authors_report": "linkage.report.authors.authors_report",
    "compare_runs": "linkage.evaluation.runs.compare_runs",
    "dedupe_records": "linkage.library.dedupe.dedupe_records",
    "evaluate": "linkage.evaluation.scoring.evaluate",
    "evaluate_blocking": "linkage.evaluation.scoring.evaluate_blocking",
    "evaluation_report": "linkage.report.evaluation.evaluation_report",
    "explain_authors": "linkage.authors.explain.explain_authors",
    "explain_papers": "linkage.papers.explain.explain_papers",
    "inherit_ids": "linkage.linking.identity.inherit_ids",
    "link": "linkage.joint.linker.link",
    "link_authors": "linkage.authors.linker.link_authors",
    "link_papers": "linkage.papers.linker.link_papers",
    "load_model": "linkage.models.pair_model.load_model",
    "mention_clustering": "linkage.tables.clusterings.mention_clustering",
    "merge_conflicts": "linkage.merging.conflicts.merge_conflicts",
    "merge_records": "linkage.merging.merge.merge_records",
    "pairs_to_label": "linkage.labelling.choice.pairs_to_label",
    "papers_report": "linkage.report.papers.papers_report",
    "read_records": "linkage.readers.files.read_records",
    "read_table": "linkage.tables.files.read_table",
    "review_authors": "linkage.authors.review.author_review",
    "review_papers": "linkage.papers.review.review_list",
    "write_people_page": "linkage.report.people.write_page",
    "write_records": "linkage.writers.records.write_records",
    "write_report": "linkage.report.page.write_report",
    "write_table": "linkage.tables.files.write_table",
    "wrong_pairs": "linkage.evaluation.scoring.wrong_pairs",
}

if not TYPE_CHECKING:  # else type checkers would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Load a public name, once."""
        if name == "__version__":
            from importlib.metadata import version

            value = version("biblinkage")
        elif name in _HOMES:
            from importlib import import_module

            module, _, own_name = _HOMES[name].rpartition(".")
            value = getattr(import_module(module), own_name)
        else:
            raise AttributeError(f"module 'linkage' has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """The public names; sub-packages such as `linkage.gold` are imported by name."""
        return list(__all__)
