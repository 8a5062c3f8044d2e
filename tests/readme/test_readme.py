"""What README.md and docs/ say is so: commands exist, links lead somewhere, files compile, excerpts are excerpts."""

import re
import shlex
from pathlib import Path

import click
import pytest

from neve import schema
from neve.cli.main import main
from neve.compile import compile_project

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))]
PROJECT_PAGE = (ROOT / "docs/project.md").read_text(encoding="utf-8")
_OFFLINE = {"compile", "graph", "ls", "show", "explain"}
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_SPAN = re.compile(r"(?<!`)`(neve [^`\n]+)`(?!`)")
_SCRIPT = re.compile(r"-- (?:project\.yml|(?:models|tasks|python_tasks)/)")


def verbs_in(line):
    """The `neve` commands of a line of shell, each as its words after `neve`."""
    command = []
    for word in [*shlex.split(line, comments=True), ";"]:
        if word in {"|", "&&", "||", ";", ">"}:
            if command[:1] == ["neve"]:
                yield command[1:]
            command = []
        else:
            command.append(word)


def check_verb(words):
    """Raises click's usage error for a verb or option that does not exist; runs nothing."""
    command, context = main, click.Context(main, info_name="neve", **main.context_settings)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        command = command.get_command(context, name)
        assert command is not None, f"there is no verb {name}"
    try:
        command.make_context("neve", list(words), parent=context)
    except click.BadParameter as error:
        if "does not exist" not in error.message:  # a file of the reader's
            raise
    except click.exceptions.Exit:
        pass  # --help


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page, blocks):
    lines = [line for block in blocks(page) if block.language == "sh" for line in block.commands]
    spans = [re.sub(r"[\[\]]", "", span) for span in _SPAN.findall((ROOT / page).read_text(encoding="utf-8"))]
    for words in (words for line in (*lines, *spans) for words in verbs_in(line)):
        try:
            check_verb(words)
        except (click.MissingParameter, click.BadOptionUsage):
            assert shlex.join(["neve", *words]) in spans  # a verb or an option is named, not used
        except click.UsageError as error:
            pytest.fail(f"{page}: neve {shlex.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    for path, anchor in _LINK.findall(_CODE.sub("", (ROOT / page).read_text(encoding="utf-8"))):
        target = ((ROOT / page).parent / path) if path else ROOT / page
        assert target.exists(), f"{page} links to {path}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{page} links to {path}#{anchor}"


def slug(heading):
    """The anchor that a code host gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def has_project(page):
    return "\n`project.yml`\n" in (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/") and has_project(page)])
def test_whole_files_compile_and_commands_print_what_stands_below_them(page, blocks, neve, tmp_path, monkeypatch):
    sections = {block.section: [] for block in blocks(page) if block.path}
    for block in blocks(page):
        if block.section in sections:
            sections[block.section].append(block)
    base = next(block for block in blocks(page) if block.path == "project.yml")
    for place, told in enumerate(sections.values()):
        own = any(block.path == "project.yml" for block in told)
        folder = tmp_path / str(place)
        folder.mkdir()
        monkeypatch.chdir(folder)
        try_section(told if own else [base, *told], neve, folder)


def try_section(told, neve, folder):
    """Go through a section: write its files, run its commands where their output follows, look for its excerpts."""
    failed, section = False, told[-1].section
    for block, following in zip(told, [*told[1:], None], strict=True):
        if block.path:
            (folder / block.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.path).write_text(block.text, encoding="utf-8")
        elif block.language == "sh" and following and following.language == "text":
            (words,) = [words for line in block.commands for words in verbs_in(line)]
            assert words[0] in _OFFLINE, f"{section}: {words}"
            code, printed = neve(folder, *words)
            assert printed.strip() == following.text.strip(), section
            failed = failed or code != 0
        elif block.language == "sql" and _SCRIPT.match(block.text):
            assert any(is_excerpt(block.text, script) for script in scripts_of(folder)), f"{section}:\n{block.text}"
    code, printed = neve(folder, "compile", "-o", "-")
    assert failed or code == 0, f"{section}: {printed}"


def test_every_key_of_a_header_has_its_row():
    rows = dict(re.findall(r"^\| `(\w+)` \| .*?(\| [MTPG ]+ \| .*) \|$", PROJECT_PAGE, re.MULTILINE))
    letters = (("M", "model"), ("T", "task"), ("P", "python_task"))
    for name, key in schema.HEADER.items():
        where = [letter for letter, kind in letters if kind in key.kinds] + ["G"] * key.graph
        assert rows.pop(name) == f"| {' '.join(where)} | {key.doc}"
    assert rows == {}


@pytest.mark.parametrize("keys", [schema.PROJECT_SCHEMA, schema.TARGET_SCHEMA, schema.GRAPH_SCHEMA])
def test_every_key_of_project_yml_has_its_row(keys):
    rows = set(re.findall(r"^\| `(\w+)` \|", PROJECT_PAGE, re.MULTILINE))
    assert keys["properties"].keys() - rows == set()


def scripts_of(folder):
    """The script of each target."""
    found, _ = compile_project(folder)
    compiled = [compile_project(folder, target)[0] for target in (found.project.targets if found else ())]
    return [one.script.text for one in compiled if one and one.script]


def is_excerpt(text, whole):
    """Whether the pieces of `text` between its `...` stand in `whole`, in this order."""
    at = 0
    for piece in re.split(r"[ \t]*\.\.\.[ \t]*", text.strip()):
        at = whole.find(piece.strip("\n"), at)
        if at < 0:
            return False
        at += len(piece.strip("\n"))
    return True


def test_the_readme_quotes_the_project(blocks, neve, example):
    files = [path.read_text() for path in example.rglob("*.*") if path.suffix in {".sql", ".py"}]
    wholes = [*files, *scripts_of(example)]
    quoted = [block for block in blocks("README.md") if block.language in {"sql", "python"}]
    assert quoted
    for block in quoted:
        assert any(is_excerpt(block.text, whole) for whole in wholes), block.text
    graph = next(block.text for block in blocks("README.md") if block.text.startswith("daily_training  ("))
    assert neve(example, "graph") == (0, graph)


def test_the_readme_names_only_targets_of_make(blocks):
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`make (\w+)`", text)) | set(re.findall(r"^make (\w+)", text, re.MULTILINE))
    assert named - made == set()
    assert {"demo", "test"} <= named
