"""How the site is built: `make docs`. Sphinx with MyST (pages in Markdown) and the theme Furo.

Why these: Sphinx and Furo are kept (MkDocs has had no release since August 2024, and its successor
is young), build without network, and need nothing but wheels; Furo has light, dark and narrow
screens. Licences: BSD-2 and MIT. What the code itself knows is not typed again: the reference of
names comes from docstrings, that of commands from the command line.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

import command_pages  # noqa: E402
import model_pages  # noqa: E402
import name_pages  # noqa: E402
import notebook_pages  # noqa: E402

import linkage  # noqa: E402

project = "biblinkage"
author = "The biblinkage authors"
version = release = linkage.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]
exclude_patterns = ["pictures/*.py"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing", "myst.header"]  # of included notes; tests check links
default_role = "code"  # docstrings have names in single backticks
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 80
napoleon_use_rtype = False
viewcode_line_numbers = True

html_theme = "furo"
html_title = f"biblinkage {version}"
html_theme_options = {"navigation_with_keys": True}
html_static_path, html_css_files = ["static"], ["site.css"]
html_show_copyright = False
html_copy_source = html_show_sourcelink = False
copybutton_prompt_text = ">>> "

command_pages.write(FOLDER / "reference" / "command_line.md")
name_pages.write(FOLDER / "reference" / "names")
model_pages.write(FOLDER / "reference" / "names" / "sums.txt")
notebook_pages.write(FOLDER / "gallery")
