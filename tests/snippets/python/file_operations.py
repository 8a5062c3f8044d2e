# Stages and files.
def main(session, run):
    session.file.put("/tmp/x.csv", "@stage", auto_compress=False)
    session.file.get("@stage/x.csv", "/tmp")
    session.sql("list @stage").collect()
    session.add_import("@stage/lib.zip")
