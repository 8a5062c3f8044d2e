"""COPY FILES, and which files FILES names."""

import pytest

from neve.local.errors import SqlError
from neve.local.stages.location import location

pytestmark = pytest.mark.engine


@pytest.fixture
def session(engine):
    session = engine.open_session()
    session.execute("create or replace database copies")
    session.execute("create stage st")
    session.execute("create stage other")
    session.execute("create table t (a int)")
    for name in ("a.csv", "pre_a.csv"):
        (location(session, "@st").folder / name).write_text("1\n")
    return session


def there(session):
    found = location(session, "@other")
    return [file.relative_to(found.folder).as_posix() for file in found.files]


@pytest.mark.parametrize("name", ["../evil.csv", "/evil.csv", "sub/../../evil.csv"])
def test_a_name_does_not_lead_out_of_its_stage(session, name):
    query = f"select '@st/a.csv', 'b.csv' union all select '@st/a.csv', '{name}'"
    with pytest.raises(SqlError, match="invalid stage location"):
        session.execute(f"copy files into @other/ from ({query})")
    assert there(session) == []
    assert not list((session.engine.state / "stages").rglob("evil.csv"))


def test_files_are_copied_under_new_names(session):
    session.execute("copy files into @other/ from (select '@st/a.csv', 'sub/b.csv')")
    assert there(session) == ["sub/b.csv"]


def test_files_that_are_named_must_be_there(session):
    session.execute("copy files into @other from @st files = ('a.csv')")
    assert there(session) == ["a.csv"]
    with pytest.raises(SqlError, match=r"Remote file 'st/missing\.csv' was not found") as raised:
        session.execute("copy files into @other from @st files = ('missing.csv')")
    assert raised.value.code == 91016


def test_a_stage_is_copied_into_itself(session):
    assert len(session.execute("copy files into @st from @st").rows) == 2


def test_names_go_on_where_the_path_ends(session):
    loaded = session.execute("copy into t from @st/pre files = ('_a.csv')").rows
    assert [row[:2] for row in loaded] == [("st/pre_a.csv", "LOADED")]
    session.execute("copy files into @other from @st/pre files = ('_a.csv')")
    assert there(session) == ["_a.csv"]


@pytest.mark.parametrize("sql", ["copy files into", "copy into", "copy into t from", "copy files into @st from"])
def test_what_stops_short_is_a_mistake_of_syntax(session, sql):
    with pytest.raises(SqlError, match="unexpected '<EOF>'") as raised:
        session.execute(sql)
    assert raised.value.code == 1003
