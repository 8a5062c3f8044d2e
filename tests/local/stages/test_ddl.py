"""CREATE and ALTER of stages and file formats: what they refuse."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


@pytest.fixture
def session(engine):
    session = engine.open_session()
    session.execute("create or replace database made")
    session.execute("create stage st")
    session.execute("create file format f type = csv")
    return session


def refused(session, sql):
    with pytest.raises(SqlError) as raised:
        session.execute(sql)
    return raised.value.code, raised.value.message.splitlines()[-1]


@pytest.mark.parametrize("kind", ["xml", "avro", "orc"])
def test_a_file_format_is_one_that_is_read(session, kind):
    told = (2, f"The file format {kind.upper()} is not supported by the local engine.")
    assert refused(session, f"create file format g type = {kind}") == told
    assert refused(session, f"alter file format f set type = {kind}") == told
    assert [row["name"] for row in session.execute("show file formats").dicts()] == ["F"]
    assert session.execute("select file_format_name from information_schema.file_formats").rows == [("F",)]


@pytest.mark.parametrize("sql", ["create file format g type = csv", "alter file format f set"])
def test_options_of_a_file_format_are_looked_at(session, sql):
    assert refused(session, f"{sql} nonsense = 5") == (1420, "invalid property 'NONSENSE' for 'FILE FORMAT'")
    assert refused(session, f"{sql} skip_header = x") == (1008, "invalid value [x] for parameter 'SKIP_HEADER'")
    assert refused(session, f"{sql} preserve_space = true")[0] == 2
    assert session.execute("describe file format f").rows


@pytest.mark.parametrize("sql", ["create stage s", "alter stage st set"])
def test_options_of_a_stage_are_looked_at(session, sql):
    assert refused(session, f"{sql} nonsense = 5") == (1420, "invalid property 'NONSENSE' for 'STAGE'")
    assert refused(session, f"{sql} url = 's3://x/y'")[0] == 2


def test_a_taken_name_is_not_given(session):
    session.execute("create stage other")
    session.execute("create file format other type = json")
    assert refused(session, "alter stage st rename to other") == (2002, "Object 'OTHER' already exists.")
    assert refused(session, "alter file format f rename to other") == (2002, "Object 'OTHER' already exists.")
    session.execute("alter stage st rename to free")


@pytest.mark.parametrize("kind", ["stage", "file format"])
def test_one_that_a_temporary_one_hides_is_made_and_made_anew(session, kind):
    session.execute(f"create temporary {kind} h comment = 'goes'")
    for create in (f"create {kind} h", f"create or replace {kind} h", f"create {kind} if not exists h"):
        session.execute(f"{create} comment = 'stays'")
    assert refused(session, f"create {kind} h") == (2002, "Object 'H' already exists.")
    session.execute(f"drop {kind} h")
    shown = session.execute(f"show {kind}s like 'h'").dicts()
    assert [row["comment"] for row in shown] == ["stays"]
