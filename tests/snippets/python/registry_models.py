# reads: FEATURES
# returns: yes
from snowflake.ml.registry import Registry


def main(session, run):
    registry = Registry(session=session, database_name="ML", schema_name="MODELS")
    features = session.table("features").to_pandas()
    version = registry.get_model("m").default
    return float(version.run(features, function_name="predict").mean()[0])
