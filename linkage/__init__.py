"""Record linkage of bibliographic data: the same paper, the same person.

import linkage

records = linkage.read_records(["library.bib", "export.ris"])
papers = linkage.link_papers(records)    # Series: record_id -> cluster_id
people = linkage.link_authors(records)   # DataFrame: record_id, position, name, author_id
"""

from linkage.authors.linker import AuthorLinker, link_authors
from linkage.errors import InputError, LinkageError, ModelError, Problem, SetAsideWarning
from linkage.evaluation.scoring import Evaluation, evaluate, evaluate_blocking
from linkage.merging.merge import merge_records
from linkage.models import PairModel, load_model
from linkage.papers.linker import PaperLinker, link_papers
from linkage.papers.links import PaperLinks
from linkage.readers.files import read_records
from linkage.tables.files import read_table, write_table
from linkage.writers.records import write_records

__all__ = [
    "AuthorLinker",
    "Evaluation",
    "InputError",
    "LinkageError",
    "ModelError",
    "PairModel",
    "PaperLinker",
    "PaperLinks",
    "Problem",
    "SetAsideWarning",
    "evaluate",
    "evaluate_blocking",
    "link_authors",
    "link_papers",
    "load_model",
    "merge_records",
    "read_records",
    "read_table",
    "write_records",
    "write_table",
]
