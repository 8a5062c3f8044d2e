import pytest

from neve.discover import discover


def kinds(folder):
    return {file.path: file.kind for file in discover(folder.root, folder.findings)}


def test_the_folder_and_the_ending_say_what_a_file_is(folder):
    for path in (
        "models/a.sql",
        "models/staging/b.sql",
        "models/readme.md",
        "models/.hidden.sql",
        "tasks/c.sql",
        "macros/m.sql",
        "seeds/s.csv",
        "seeds/t.py",
        "other/x.sql",
    ):
        folder.write(path, "select 1\n")
    assert kinds(folder) == {
        "macros/m.sql": "macro",
        "models/a.sql": "model",
        "models/staging/b.sql": "model",
        "seeds/s.csv": "seed",
        "seeds/t.py": "seed",
        "tasks/c.sql": "task",
    }
    assert folder.said() == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("def main(session, run):\n    pass\n", "python_task"),
        ('"""---\ntags: a\n---\n"""\ndef run(session, run): ...\n', "python_task"),
        ('# coding\n"""---\n---\n"""\n', "python_task"),
        ("def help_main(): ...\n", "helper"),
        ("class A:\n    def main(self): ...\n", "helper"),
        ('"""No front matter."""\n', "helper"),
    ],
)
def test_a_python_file_with_main_or_front_matter_is_a_task(folder, text, kind):
    folder.write("python_tasks/p.py", text)
    assert kinds(folder) == {"python_tasks/p.py": kind}


def test_line_feeds_only_and_no_byte_order_mark(folder):
    folder.write("models/a.sql", b"\xef\xbb\xbfselect 1,\r\n 2\r 3\n")
    assert folder.file("models/a.sql").text == "select 1,\n 2\n 3\n"


def test_what_is_no_text(folder):
    folder.write("models/a.sql", b"\xef\xbb\xbfselect\r\n '\xe9'\n")
    assert kinds(folder) == {}
    (found,) = folder.findings
    assert (found.code, found.span.start) == ("NEVE112", len("select\n '"))


@pytest.mark.parametrize("name", ["a-b", "1a", "order", "a.b", "é", "a b"])
def test_names_that_snowflake_would_need_quotes_for(folder, name):
    folder.write(f"models/{name}.sql", "select 1\n")
    discover(folder.root, folder.findings)
    assert [code for code, _, _ in folder.said()] == ["NEVE110"]


def test_a_name_is_unique_whatever_its_folder_and_case(folder):
    folder.write("models/a.sql", "select 1\n")
    folder.write("tasks/x/A.sql", "select 1\n")
    folder.write("macros/a.sql", "{# no node #}\n")
    discover(folder.root, folder.findings)
    (found,) = folder.findings
    assert (found.code, found.span.path, found.related[0].span.path) == ("NEVE111", "tasks/x/A.sql", "models/a.sql")
