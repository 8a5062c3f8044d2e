# reads: T
def main(session, run):
    from snowflake.snowpark.functions import flatten, table_function
    df = session.table("t").join_table_function("split_to_table", "a")
    df2 = session.table_function("flatten", input="x")
    df3 = session.flatten("x")
    df.count()
