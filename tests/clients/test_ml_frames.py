"""snowflake-ml on frames of Snowpark, as the tasks of its samples do: encoders with values unknown, models that are
fitted where the data is, predictions as a frame, a version logged from what was fitted.
"""

import pytest
from snowflake.snowpark.functions import col

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def payments(snowpark):
    rows = [(number, "FR" if number % 3 else None, float(number), int(number > 25)) for number in range(50)]
    snowpark.create_dataframe(rows, schema=["id", "country", "amount", "fraud"]).write.save_as_table("payments")
    return snowpark.table("payments")


@pytest.fixture(scope="module")
def fitted(payments):
    from snowflake.ml.modeling.xgboost import XGBClassifier

    return XGBClassifier(input_cols=["AMOUNT"], label_cols=["FRAUD"], output_cols=["PRED"]).fit(payments)


def test_scaler_and_encoder(payments):
    from snowflake.ml.modeling import preprocessing

    scaled = preprocessing.MinMaxScaler(input_cols=["AMOUNT"], output_cols=["SHARE"]).fit(payments).transform(payments)
    assert scaled.filter(col("ID") == 49).collect()[0]["SHARE"] == pytest.approx(1)
    encoder = preprocessing.OneHotEncoder(input_cols=["COUNTRY"], output_cols=["OHE"]).fit(payments)
    encoded = encoder.transform(payments).sort("ID").limit(2).collect()
    assert [name.strip('"') for name in encoder.get_output_cols()] == ["OHE_FR", "OHE_None"]
    assert [row["OHE_FR"] for row in encoded] == [0.0, 1.0]


def test_a_model_is_fitted_in_a_procedure_and_predicts_rows(payments, fitted):
    predicted = fitted.predict(payments).select("FRAUD", "PRED").to_pandas()
    assert len(predicted) == 50
    assert (predicted["FRAUD"] == predicted["PRED"].astype(int)).mean() > 0.95


def test_what_was_fitted_is_logged_and_runs(snowpark, payments, fitted):
    from snowflake.ml.registry import Registry

    database, schema = snowpark.get_current_database(), snowpark.get_current_schema()
    registry = Registry(snowpark, database_name=database, schema_name=schema)
    sample = payments.select("AMOUNT").limit(10).to_pandas()
    version = registry.log_model(fitted, model_name="FRAUD", version_name="v1", sample_input_data=sample)
    found = version.run(payments, function_name="predict").filter(col("ID") == 49).select("PRED").collect()
    assert int(found[0]["PRED"]) == 1
