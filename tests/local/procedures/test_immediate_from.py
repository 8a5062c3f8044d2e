"""EXECUTE IMMEDIATE FROM: scripts in stages, and templates of scripts."""

import pytest

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine


@pytest.fixture
def put(session):
    session.execute("create or replace stage scripts")
    session.execute("create or replace table steps (n int, what varchar)")

    def write(path, text):
        file = location(session, "@scripts").folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def steps(session):
    return session.execute("select n, what from steps order by n").rows


def test_all_statements_run_and_the_last_one_answers(session, put):
    put(
        "dir/a.sql",
        """-- first; comment
        insert into steps values (1, 'a;b');
        begin insert into steps select 2, 'block'; return 'x'; end;
        execute immediate $$insert into steps values (3, 'inner')$$;
        select count(*) as n from steps
        """,
    )
    result = session.execute("execute immediate from @scripts/dir/a.sql")
    assert result.dicts() == [{"N": 3}]
    assert [what for _, what in steps(session)] == ["a;b", "block", "inner"]
    assert session.execute("execute immediate from '@scripts/dir/a.sql';").rows == [(6,)]


def test_a_template_gets_the_values_of_using(session, put):
    put(
        "t.sql",
        "{% for i in range(n) %}insert into steps values ({{ i }}, '{{ what }}');\n{% endfor %}select {{ yes }}",
    )
    session.execute("set (w) = ('from a variable')")
    text = "execute immediate from @scripts/t.sql using (n => 2, what => $w, yes => true)"
    assert session.execute(text).rows == [(True,)]
    assert steps(session) == [(0, "from a variable"), (1, "from a variable")]
    dry = session.execute(f"{text} dry_run = true")
    assert "insert into steps values (1, 'from a variable');\nselect True" in dry.rows[0][0]
    assert len(steps(session)) == 2


@pytest.mark.parametrize("directive", ["--!jinja", "--!jinja2 more", "#!jinja", "\n  --!jinja"])
def test_a_directive_makes_a_template(session, put, directive):
    put("t.sql", directive + "\n{% set n = 7 %}select {{ n }}")
    assert session.execute("execute immediate from @scripts/t.sql").rows == [(7,)]


def test_without_a_directive_braces_are_no_template(session, put):
    put("t.sql", "select '{{ n }}'")
    assert session.execute("execute immediate from @scripts/t.sql").rows == [("{{ n }}",)]


def test_templates_include_and_import_others(session, put):
    put("lib/macros.sql", "{% macro twice(x) %}{{ x }} + {{ x }}{% endmacro %}")
    put("lib/part.sql", "insert into steps values (1, '{{ what }}');{% include 'more.sql' %}")
    put("lib/more.sql", "insert into steps values (2, 'more');")
    put("t.sql", "{% import '@scripts/lib/macros.sql' as m %}{% include 'lib/part.sql' %}select {{ m.twice(2) }}")
    assert session.execute("execute immediate from @scripts/t.sql using (what => 'w')").rows == [(4,)]
    assert steps(session) == [(1, "w"), (2, "more")]


def test_a_file_executes_others_beside_it(session, put):
    put("dir/a.sql", "execute immediate from './b.sql'; execute immediate from '../c.sql';"
        " begin execute immediate from '/dir/b.sql'; end")  # fmt: skip
    put("dir/b.sql", "insert into steps values (1, 'b')")
    put("c.sql", "insert into steps values (2, 'c')")
    session.execute("execute immediate from @scripts/dir/a.sql")
    assert steps(session) == [(1, "b"), (1, "b"), (2, "c")]


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        ("execute immediate from @scripts/no.sql", 1501, "File 'no.sql' not found in stage 'scripts'."),
        ("execute immediate from @scripts", 1501, "File '' not found in stage 'scripts'."),
        ("execute immediate from './a.sql'", 1503, "Relative file references like './a.sql' cannot be used"),
        ("execute immediate from @nowhere/a.sql", 2003, "Stage"),
        ("execute immediate from @scripts/wrong.sql", 2003,  # its place in the file
         "in file @scripts/wrong.sql on line 2 at position 1:\nSQL compilation error:\nObject 'NOWHERE' does not"),
        ("execute immediate from @scripts/bytes.sql", 1003, "File 'bytes.sql' is not in UTF-8"),
        ("execute immediate from @scripts/u.sql using (a => 1)", 5, "exceptions.UndefinedError: 'b' is undefined"),
        ("execute immediate from @scripts/s.sql", 5, "jinja2.exceptions.TemplateSyntaxError"),
        ("execute immediate from @scripts/self.sql", 2, "EXECUTE IMMEDIATE FROM below more than 20 others"),
        ("execute immediate from @scripts/u.sql loud = true", 2, "The option LOUD"),
    ],
)  # fmt: skip
def test_what_cannot_be_executed(session, put, statement, code, message):
    put("wrong.sql", "insert into steps values (1, 'done');\n select * from nowhere;\ninsert into steps values (2, '')")
    put("u.sql", "select {{ b }}")
    put("s.sql", "--!jinja\nselect {{ b")
    put("bytes.sql", "select 1").write_bytes(b"select '\xff'")
    put("self.sql", "execute immediate from 'self.sql'")
    with pytest.raises(SqlError) as raised:
        session.execute(statement)
    assert (raised.value.code, message in raised.value.message) == (code, True), raised.value.message
    assert steps(session) == ([(1, "done")] if "wrong" in statement else [])


def test_a_file_outside_of_the_stage_is_not_read(session, put):
    put("a.sql", "execute immediate from '../../../../etc/passwd'")
    with pytest.raises(SqlError, match="File 'etc/passwd' not found in stage"):
        session.execute("execute immediate from @scripts/a.sql")


def test_a_task_runs_a_script(session, put):
    put("t.sql", "insert into steps values (1, 'task')")
    session.execute("create or replace task from_file as execute immediate from @scripts/t.sql")
    session.execute("execute task from_file")
    session.execute("call system$wait(1)")
    assert steps(session) == [(1, "task")]
