# To pandas and back; the name of write_pandas counts as it is written.
# reads: FEATURES
# inserts: PREDICTIONS, "predictions_raw"
# replaces: SCORES
import pandas as pd


def main(session, run):
    frame = session.table("features").to_pandas()
    frame["PREDICTION"] = (frame["A"] > 0.5).astype(int)
    session.write_pandas(frame, "PREDICTIONS")
    session.write_pandas(frame, "predictions_raw", auto_create_table=False)
    scores = pd.DataFrame({"N": [len(frame)]})
    session.write_pandas(scores, table_name="SCORES", auto_create_table=True, overwrite=True)
