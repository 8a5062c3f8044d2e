"""CREATE, ALTER, DROP, SHOW of models: versions, the default one, aliases, metrics."""

import json

import pytest

from neve.local.engine import Engine
from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


@pytest.fixture
def session(bench):
    return bench.session


@pytest.fixture
def model(bench):
    bench.model()


def versions(session, model="M"):
    return {row["name"]: row for row in session.execute(f"SHOW VERSIONS IN MODEL {model}").dicts()}


def refused(session, text):
    with pytest.raises(SqlError) as caught:
        session.execute(text)
    return caught.value


def test_first_version_is_the_default_one(session, model):
    (shown,) = session.execute("SHOW MODELS").dicts()
    assert shown["default_version_name"] == "V1"
    assert json.loads(shown["versions"]) == ["V1", "V2"]
    assert {name: row["is_default_version"] for name, row in versions(session).items()} == {"V1": "true", "V2": "false"}


def test_default_version_metrics_and_comment_survive_a_restart(bench, session, model):
    session.execute("ALTER MODEL M SET DEFAULT_VERSION = V2")
    session.execute("""ALTER MODEL M MODIFY VERSION V2 SET METADATA = $${"metrics": {"accuracy": 0.5}}$$""")
    session.execute("ALTER MODEL M MODIFY VERSION V2 SET COMMENT = 'the better one'")
    bench.engine.close()
    again = Engine.open(bench.engine.state)
    reopened = again.open_session("D", "PUBLIC")
    shown = versions(reopened)["V2"]
    (predicted,) = reopened.execute("SELECT M!PREDICT(5):TIMES::INT").rows
    again.close()
    assert (shown["is_default_version"], shown["comment"]) == ("true", "the better one")
    assert json.loads(shown["metadata"])["metrics"] == {"accuracy": 0.5}
    assert predicted == (15,)


def test_system_aliases_follow_the_versions(session, model):
    assert {name: json.loads(row["aliases"]) for name, row in versions(session).items()} == {
        "V1": ["DEFAULT", "FIRST"],
        "V2": ["LAST"],
    }


def test_alias_of_ones_own_moves(session, model):
    session.execute("ALTER MODEL M VERSION V1 SET ALIAS = GOLD")
    session.execute("ALTER MODEL M VERSION V2 SET ALIAS = GOLD")
    assert "GOLD" not in json.loads(versions(session)["V1"]["aliases"])
    session.execute("ALTER MODEL M SET DEFAULT_VERSION = GOLD")
    session.execute("ALTER MODEL M VERSION GOLD UNSET ALIAS")
    assert json.loads(versions(session)["V2"]["aliases"]) == ["DEFAULT", "LAST"]


def test_version_of_another_model_is_a_copy(session, model):
    session.execute("CREATE MODEL N WITH VERSION A FROM MODEL M VERSION V2")
    session.execute("DROP MODEL M")
    assert session.execute("SELECT N!PREDICT(1):TIMES::INT").rows == [(3,)]


def test_model_may_be_replaced_by_a_version_of_its_own(session, model):
    session.execute("CREATE OR REPLACE MODEL M WITH VERSION A FROM MODEL M VERSION V2")
    assert session.execute("SELECT M!PREDICT(1):TIMES::INT").rows == [(3,)]


def test_default_version_cannot_be_dropped(session, model):
    assert "it is the default version" in refused(session, "ALTER MODEL M DROP VERSION V1").message
    session.execute("ALTER MODEL M DROP VERSION V2")
    assert list(versions(session)) == ["V1"]


def test_what_exists_is_not_made_again(bench, session, model):
    place = bench.pack("fourfold", 4)
    assert refused(session, f"CREATE MODEL M WITH VERSION A FROM {place}").code == 100132
    assert refused(session, f"ALTER MODEL M ADD VERSION V1 FROM {place}").code == 2002
    session.execute(f"CREATE MODEL IF NOT EXISTS M WITH VERSION A FROM {place}")
    assert list(versions(session)) == ["V1", "V2"]
    session.execute(f"CREATE OR REPLACE MODEL M WITH VERSION A FROM {place}")
    assert list(versions(session)) == ["A"]


def test_dropped_model_leaves_no_files(bench, session, model):
    assert len(list((bench.engine.state / "models").iterdir())) == 2
    session.execute("DROP MODEL M")
    assert list((bench.engine.state / "models").iterdir()) == []
    assert refused(session, "SHOW VERSIONS IN MODEL M").code == 2003
    session.execute("DROP MODEL IF EXISTS M")


def test_models_go_with_their_schema(session, model):
    session.execute("CREATE SCHEMA OTHER")
    session.execute("CREATE MODEL OTHER.N WITH VERSION A FROM MODEL PUBLIC.M")
    session.execute("DROP SCHEMA OTHER")
    session.execute("CREATE SCHEMA OTHER")
    assert session.execute("SHOW MODELS IN SCHEMA OTHER").rows == []
    assert len(session.execute("SHOW MODELS IN DATABASE D").rows) == 1


def test_rename_and_comment(session, model):
    session.execute("ALTER MODEL M RENAME TO N")
    session.execute("COMMENT ON MODEL N IS 'renamed'")
    (shown,) = session.execute("SHOW MODELS LIKE 'n'").dicts()
    assert (shown["name"], shown["comment"]) == ("N", "renamed")


def test_functions_with_their_types(session, model):
    shown = {row["name"]: row["return_type"] for row in session.execute("SHOW FUNCTIONS IN MODEL M VERSION V2").dicts()}
    assert shown == {"PREDICT": "OBJECT", "SPREAD": "TABLE (DOUBLE)"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ALTER MODEL M SET TAG T = 'x'", "tag on a model is not supported"),
        ("ALTER MODEL M ADD LIVE VERSION V", "live version of a model is not supported"),
        ("ALTER MODEL M MODIFY VERSION NOPE SET COMMENT = ''", "Version 'NOPE'"),
        ("ALTER MODEL M FORGET", "unexpected 'FORGET'"),
        ("SHOW VERSIONS IN MODEL NOPE", "Model 'D.PUBLIC.NOPE' does not exist"),
    ],
)
def test_refusals_say_what_was_wrong(session, model, text, says):
    assert says in refused(session, text).message


def test_stage_without_a_manifest_makes_no_model(bench, session):
    place = bench.pack("bare", 2, manifest=None)
    assert refused(session, f"CREATE MODEL M WITH VERSION V FROM {place}").code == 398507
    assert session.execute("SHOW MODELS").rows == []
