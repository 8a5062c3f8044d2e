"""The pages of the codes are tests: the example of each gives exactly the output that the page shows.

A page's example is fenced blocks, each below a line with the file's path in backticks; the block marked `text` is the
output. Files that a page leaves out: a small project.yml. `NEVE_UPDATE_PAGES=1 pytest ...` writes the outputs anew.
"""

import os
import re
from pathlib import Path

import pytest

from diagnostics.pages import project_of, write_project
from neve.compile import compile_project
from neve.diagnostics import codes, text
from neve.discover import reader

PAGES = Path(codes.__file__).with_name("pages")
OUTPUT = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_code_has_a_page_and_every_page_a_code():
    assert {page.stem for page in PAGES.glob("*.md")} == set(codes.CODES)


def test_every_code_that_is_said_is_known():
    package = PAGES.parent.parent
    said = {code for file in package.rglob("*.py") for code in re.findall(r'"(NEVE\d{3})"', file.read_text())}
    assert said == set(codes.CODES)


@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_the_page_has_the_title_and_the_parts(code):
    page = codes.explain(code)
    assert page is not None
    assert page.startswith(f"# {code}: {codes.CODES[code]}\n")
    assert "\n## Example\n" in page
    assert "\n## How to mend it\n" in page


@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_the_example_gives_the_output_on_the_page(code, tmp_path):
    page = codes.explain(code)
    assert page is not None
    write_project(tmp_path, project_of(page))
    _, findings = compile_project(tmp_path)
    printed = text.render(findings, reader(tmp_path))
    assert code in {finding.code for finding in findings}
    assert [finding.message for finding in findings if finding.message.endswith(".")] == []
    told = [*(finding.hint for finding in findings), *(r.message for finding in findings for r in finding.related)]
    assert [sentence for sentence in told if sentence and not sentence.endswith((".", "?"))] == []
    if os.environ.get("NEVE_UPDATE_PAGES"):
        page = OUTPUT.sub(lambda _: f"```text\n{printed}```", page)
        (PAGES / f"{code}.md").write_text(page)
    assert OUTPUT.findall(page) == [printed]


def test_explain_knows_codes_in_any_case_and_no_others():
    assert codes.explain("neve101") == codes.explain("NEVE101")
    assert codes.explain("NEVE000") is None
    assert codes.nearest_code("NVE204") == "NEVE204"
