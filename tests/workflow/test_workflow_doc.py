"""The page about the workflow says what the table says."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_made_from_the_table():
    module = runpy.run_path(str(ROOT / "scripts" / "workflow_doc.py"))
    assert (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8") == module["page"]()
