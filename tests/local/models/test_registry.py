"""snowflake.ml.registry itself, over the connector: log, list, judge, choose, run and take away models."""

import pandas as pd
import pytest

from neve.local.engine import Engine

pytestmark = pytest.mark.engine

DATA = pd.DataFrame({"X": [float(i) for i in range(100)], "Y": [int(i >= 50) for i in range(100)]})


@pytest.fixture(scope="module")
def snowpark(tmp_path_factory):
    from snowflake.snowpark import Session

    engine = Engine.open(tmp_path_factory.mktemp("engine"))
    server = engine.listen(password="secret")
    engine.open_session().execute("CREATE DATABASE D")
    host, port = server.address
    session = Session.builder.configs(
        {"host": host, "port": port, "protocol": "http", "account": "neve_local", "user": "neve", "password": "secret",
         "database": "D", "schema": "PUBLIC"}
    ).create()  # fmt: skip
    yield session
    session.close()
    engine.close()


@pytest.fixture(scope="module")
def registry(snowpark):
    from snowflake.ml.registry import Registry

    return Registry(snowpark, database_name="D", schema_name="PUBLIC")


@pytest.fixture(scope="module")
def logged(registry):
    """The model STEP with the versions V1 and V2: is X at least about fifty?"""
    from snowflake.ml.modeling.xgboost import XGBClassifier

    for version, trees in (("v1", 2), ("v2", 20)):
        model = XGBClassifier(input_cols=["X"], label_cols=["Y"], output_cols=["P"], n_estimators=trees)
        registry.log_model(
            model.fit(DATA),
            model_name="STEP",
            version_name=version,
            comment=f"{trees} trees",
            metrics={"trees": trees},
            options={"relax_version": True},
        )
    return registry.get_model("STEP")


def test_versions_with_comments_and_metrics(logged):
    assert [version.version_name for version in logged.versions()] == ["V1", "V2"]
    assert logged.version("v2").comment == "20 trees"
    assert logged.version("v2").show_metrics() == {"trees": 20}


def test_metrics_are_set_and_taken_away(logged):
    version = logged.version("v1")
    version.set_metric("f1", 0.75)
    assert version.get_metric("f1") == 0.75
    version.delete_metric("f1")
    assert version.show_metrics() == {"trees": 2}


def test_default_first_and_last(logged):
    assert logged.default.version_name == "V1"
    logged.default = "v2"
    assert logged.default.version_name == "V2"
    logged.default = "v1"
    assert (logged.first().version_name, logged.last().version_name) == ("V1", "V2")


def test_alias(logged):
    logged.version("v2").set_alias("gold")
    assert logged.version("gold").version_name == "V2"
    logged.version("v2").unset_alias("gold")


def test_models_are_shown(registry, logged):
    shown = registry.show_models().set_index("name").loc["STEP"]
    assert (shown["default_version_name"], shown["owner"]) == ("V1", "ACCOUNTADMIN")
    assert list(logged.show_versions()["name"]) == ["V1", "V2"]


def test_predictions_for_a_snowpark_frame_keep_its_columns(snowpark, logged):
    frame = snowpark.create_dataframe(pd.DataFrame({"K": ["low", "high"], "X": [3.0, 97.0]}))
    predicted = logged.version("v2").run(frame, function_name="predict").to_pandas()
    assert predicted.set_index("K")["P"].to_dict() == {"low": 0, "high": 1}


def test_predictions_for_a_pandas_frame_keep_its_order(logged):
    predicted = logged.version("v2").run(DATA[["X"]].iloc[::-1], function_name="predict")
    assert predicted["P"].tolist() == DATA["Y"].tolist()[::-1]


def test_probabilities(logged):
    predicted = logged.version("v2").run(DATA[["X"]], function_name="predict_proba")
    assert predicted.shape[0] == len(DATA)
    assert predicted.drop(columns="X", errors="ignore").sum(axis=1).tolist() == pytest.approx([1.0] * len(DATA))


def test_files_of_a_version_are_exported_and_loaded(logged, tmp_path):
    from snowflake.ml.model import ExportMode

    logged.version("v1").export(str(tmp_path), export_mode=ExportMode.FULL)
    assert (tmp_path / "MANIFEST.yml").exists()
    assert (tmp_path / "functions" / "predict.py").exists()
    loaded = logged.version("v2").load(force=True)
    assert loaded.predict(DATA[["X"]])["P"].tolist() == DATA["Y"].tolist()


def test_version_and_model_are_deleted(registry, logged):
    registry.log_model(logged.version("v1"), model_name="COPY", version_name="a")
    copy = registry.get_model("COPY")
    registry.log_model(logged.version("v2"), model_name="COPY", version_name="b")
    copy.delete_version("b")
    assert [version.version_name for version in copy.versions()] == ["A"]
    registry.delete_model("COPY")
    assert [model.name for model in registry.models()] == ["STEP"]


def test_same_version_is_not_logged_twice(registry, logged):
    with pytest.raises(ValueError, match="already existed"):
        registry.log_model(logged.version("v1").load(force=True), model_name="STEP", version_name="v1")
