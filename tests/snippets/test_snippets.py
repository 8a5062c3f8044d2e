"""What real-looking files read, write, call, ask for and return, as their first lines say.

A line such as `-- reads: RAW.ORDERS, ref(customers)` lists the tables with one kind of access; a kind without a line
has none. Names stand as Snowflake stores them; `ref(x)`, `source(s.t)` and `this` are dbt's. `asks` are tasks whose
return value is asked for, `config` keys of the graph's configuration, `warns` the codes of what is said.
"""

import random
import re
from pathlib import Path

import pytest

from neve.compile import compile_project
from neve.names import HOLE

HERE = Path(__file__).parent
PLACES = {"sql": "tasks", "scripting": "tasks", "python": "python_tasks", "dbt": "models"}
FILES = [file for folder in PLACES for file in sorted((HERE / folder).glob("*.*")) if not file.stem.endswith("_helper")]
EXPECTED = re.compile(r"^(?:--|#) (\w+): (.*)$", re.MULTILINE)
ACCESSES = {
    "read": "reads",
    "insert": "inserts",
    "replace": "replaces",
    "alter": "alters",
    "truncate": "truncates",
    "create": "creates",
    "drop": "drops",
}
PROJECT = """\
name: snippets
graphs: {nightly: {schedule: 24 hours, config: {rows: 10}}}
targets: {local: {engine: local, database: DB, schema: SCH}}
"""
MACROS = "{% macro cents(column) %}({{ column }} / 100)::number(16, 2){% endmacro %}"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """For each folder here what the compiler makes of a project of its files."""
    return {folder: compile_folder(tmp_path_factory.mktemp(folder), folder) for folder in PLACES}


def compile_folder(root, folder, change=str):
    place = root / PLACES[folder]
    for inside in (place, root / "macros"):
        inside.mkdir()
    (root / "project.yml").write_text(PROJECT)
    (root / "macros/cents.sql").write_text(MACROS)
    for file in sorted((HERE / folder).glob("*.*")):
        (place / file.name).write_text(change(file.read_text()))
    return compile_project(root)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_a_snippet_does(compiled, file):
    made, findings = compiled[file.parent.name]
    said = [(one.code, one.message) for one in findings if one.span.path.endswith(f"/{file.name}")]
    unread = [(code, message) for code, message in said if code.startswith("NEVE2")]
    assert file.stem in made.nodes, unread
    assert summary(made.nodes[file.stem].facts, unread) == expected(file.read_text()), unread


LEXED = re.compile(
    r"""(--[^\n]*|//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$)|(\s+)|(\S)""", re.DOTALL
)
BLANKS = (" ", "\n", "\t\r\n", " -- from nowhere\n", " /* join nothing; */ ", "\n// begin\n")


def laid_out(text, dice):
    """The same statements with other blanks and comments between words, and in other case."""

    def replaced(found):
        kept, blank, character = found.groups()
        return kept or (dice.choice(BLANKS) if blank else character.swapcase())

    header, statements = re.match(r"((?:--.*\n)*)(.*)", text, re.DOTALL).groups()
    return header + LEXED.sub(replaced, statements)


@pytest.mark.parametrize("folder", ["sql", "scripting"])
@pytest.mark.parametrize("seed", range(3))
def test_layout_and_case_do_not_count(compiled, tmp_path, folder, seed):
    dice = random.Random(seed)
    made, _ = compiled[folder]
    again, findings = compile_folder(tmp_path, folder, lambda text: laid_out(text, dice))
    for name, node in made.nodes.items():
        unread = [one.message for one in findings if one.code == "NEVE210" and one.span.path.endswith(f"/{name}.sql")]
        same = summary(again.nodes[name].facts, []) if name in again.nodes else None
        assert same == summary(node.facts, []), (again.nodes[name].file.text, unread)


def expected(text):
    return {key: sorted(names.split(", ")) for key, names in EXPECTED.findall(text)}


def summary(facts, unread):
    """What was found, in the words of the snippets' first lines."""
    known = [one for one in facts.references if HOLE not in one.parts]
    found = {plural: [name(one) for one in known if one.access == access] for access, plural in ACCESSES.items()}
    found["calls"] = [name(one) for one in facts.calls]
    found["asks"] = [one.task for one in facts.returned]
    found["config"] = [key for key, _, _ in facts.config_keys]
    found["returns"] = ["yes"] if facts.returns else []
    found["warns"] = [code for code, _ in unread]
    return {key: sorted(set(names)) for key, names in found.items() if names}


def name(reference):
    """The name as it would be written."""
    match reference.parts:
        case ("neve", "this", _):
            return "this"
        case ("neve", kind, whole):
            return f"{kind}({whole})"
        case parts:
            return ".".join(part if re.fullmatch(r"[A-Z_$][A-Z0-9_$]*|", part) else quoted(part) for part in parts)


def quoted(part):
    return '"' + part.replace('"', '""') + '"'
