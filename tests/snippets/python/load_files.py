# Files of a stage, read and copied into a table.
# inserts: RAW.READINGS
# replaces: RAW.SENSORS
# returns: yes
from snowflake.snowpark.types import FloatType, StringType, StructField, StructType

SCHEMA = StructType([StructField("sensor", StringType()), StructField("value", FloatType())])


def main(session, run):
    readings = session.read.schema(SCHEMA).option("skip_header", 1).csv("@raw.landing/readings/")
    copied = readings.copy_into_table("raw.readings", on_error="continue")
    session.read.parquet("@raw.landing/sensors.parquet").write.mode("overwrite").save_as_table("raw.sensors")
    return len(copied)
