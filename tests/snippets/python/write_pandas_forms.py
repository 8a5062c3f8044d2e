# write_pandas in its forms.
# inserts: RESULTS, CORE.SCORES
# replaces: "lower"
import pandas as pd


def main(session, run):
    df = pd.DataFrame({"A": [1]})
    session.write_pandas(df, "RESULTS", auto_create_table=True)
    session.write_pandas(df, "lower", overwrite=True, quote_identifiers=True)
    session.write_pandas(df, "scores", schema="CORE", quote_identifiers=False)
