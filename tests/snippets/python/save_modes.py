# Every mode of save_as_table; without one, the table must not be there yet.
# reads: SRC
# creates: T_NEW, T_IGNORE, T_ERROR
# inserts: T_APPEND, T_APPEND_2
# replaces: T_OVER, T_TRUNC
def main(session, run):
    df = session.table("src")
    df.write.save_as_table("t_new")
    df.write.mode("ignore").save_as_table("t_ignore")
    df.write.save_as_table("t_error", mode="errorifexists")
    df.write.mode("append").save_as_table("t_append")
    df.write.save_as_table("t_append_2", mode="append", column_order="name")
    df.write.mode("overwrite").save_as_table("t_over", table_type="transient")
    df.write.save_as_table("t_trunc", mode="truncate")
