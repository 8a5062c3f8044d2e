"""Files of JSON: what is a row, and what is taken for JSON."""

import pytest

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def session(engine):
    session = engine.open_session()
    session.execute("create or replace database json_files")
    session.execute("create stage st")
    return session


@pytest.fixture
def load(session):
    """Loads a content into a new table of one VARIANT; gives its rows as texts."""

    def loaded(content, options=""):
        (location(session, "@st").folder / "file.json").write_text(content, encoding="utf-8")
        session.execute("create or replace table t (v variant)")
        session.execute(f"copy into t from @st/file.json file_format = (type = json {options})")
        return [row[0] for row in session.execute("select to_json(v) from t").rows]

    return loaded


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']),
        ('{"a":1}{"a":\n2}', ['{"a":1}', '{"a":2}']),
        ('[{"a":1},{"a":2}]', ['[{"a":1},{"a":2}]']),
        ("[1]\n[2]", ["[1]", "[2]"]),
        ('1\n"x"\nnull', ["1", '"x"', "null"]),
        ('{"n":1.50}', ['{"n":1.5}']),
        ("{'a':1,}\n{b:TRUE}", ['{"a":1}', '{"b":true}']),
        ("\ufeff{a:1}", ['{"a":1}']),
        ("", []),
    ],
)
def test_each_document_is_a_row(load, content, rows):
    assert load(content) == rows


@pytest.mark.parametrize(
    "content", ['[{"a":1},{"a":2}]', '[{"a":1}]\n[{"a":2}]', "[{'a':1},{a:2}]", '{"a":1}\n{"a":2}']
)
def test_an_outer_array_is_stripped_where_that_is_asked_for(load, content):
    assert load(content, "strip_outer_array = true") == ['{"a":1}', '{"a":2}']


@pytest.mark.parametrize("content", ['{"a":1,"a":2}', "{'a':1,a:2}"])
def test_a_key_that_comes_twice_is_refused_or_not(load, content):
    with pytest.raises(SqlError, match=r'^100069 .*duplicate object attribute "a"'):
        load(content)
    assert load(content, "allow_duplicate = true") == ['{"a":2}']


def test_what_is_no_json_is_refused(load):
    with pytest.raises(SqlError, match=r'^100069 \(22P02\): Error parsing JSON: unknown keyword "nope", pos'):
        load('{"a": nope}')
