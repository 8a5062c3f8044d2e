# Names that snowflake-ml classes take are not read.
# reads: TRAIN
# replaces: SCALED
from snowflake.ml.modeling.preprocessing import MinMaxScaler


def main(session, run):
    df = session.table("train")
    scaler = MinMaxScaler(input_cols=["A"], output_cols=["A_S"])
    scaler.fit(df).transform(df).write.mode("overwrite").save_as_table("scaled")
