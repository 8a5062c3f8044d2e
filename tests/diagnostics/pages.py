"""The projects that the pages of the codes show: fenced blocks, each below a line with the file's path in backticks."""

import re
from pathlib import Path

PROJECT = """\
name: demo
graphs:
  nightly: {schedule: 24 hours}
targets:
  local: {engine: local, database: DEMO, schema: JOBS}
sources:
  shop:
    tables:
      sales: {}
"""
FILE = re.compile(r"^`([^`\n]+)`\n+```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def numbered(path: str) -> list[str]:
    """`t{1..3}.sql` is three files."""
    before, braces, rest = path.partition("{")
    if not braces:
        return [path]
    numbers, _, after = rest.partition("}")
    first, last = numbers.split("..")
    return [f"{before}{number}{after}" for number in range(int(first), int(last) + 1)]


def project_of(page: str) -> dict[str, bytes]:
    """The files of the page's example, with a small project.yml where it shows none."""
    files = {"project.yml": PROJECT.encode()}
    for paths, _, encoding, body in FILE.findall(page):
        if paths.startswith("project.y"):
            del files["project.yml"]
        files |= dict.fromkeys(numbered(paths), body.encode(encoding.strip() or "utf-8"))
    return files


def write_project(root: Path, files: dict[str, bytes]) -> None:
    for path, body in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(body)
