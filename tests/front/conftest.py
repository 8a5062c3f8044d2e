from pathlib import Path

import pytest

from neve.diagnostics.collect import Findings
from neve.discover import discover, reader
from neve.header import read_header
from neve.project import load_project
from neve.render import make_renderer

PROJECT = """\
name: demo
vars: {start_date: "2024-01-01", days: [1, 2, 3]}
graphs:
  nightly: {schedule: 24 hours}
targets:
  local: {engine: local, database: DEMO, schema: JOBS}
  prod: {connection: prod, database: DEMO, schema: JOBS, warehouse: wh, vars: {start_date: "2020-01-01"}}
"""


class Folder:
    """A project in a folder: its files, read by the passes of the front."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings = Findings()
        self.write("project.yml", PROJECT)

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, path: str) -> str:
        return reader(self.root)(path)

    def project(self, target=None, cli_vars=None):
        return load_project(self.root, target, cli_vars or {}, self.findings)

    def file(self, path):
        return next(file for file in discover(self.root, self.findings) if file.path == path)

    def header(self, path):
        return read_header(self.file(path), self.project(), self.findings)

    def renderer(self):
        macros = [file for file in discover(self.root, self.findings) if file.kind == "macro"]
        return make_renderer(self.project(), macros, self.findings)

    def render(self, path="models/m.sql", **options):
        return self.renderer().render(self.file(path), self.header(path), self.findings, **options)

    def said(self):
        """Each finding as its code, its message and the text at its place."""
        return [(found.code, found.message, self.text(found.span)) for found in self.findings]

    def text(self, span):
        return "" if span is None else (self.root / span.path).read_text()[span.start : span.end]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
