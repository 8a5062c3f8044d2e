# A config value in a name stands for what project.yml gives it.
# reads: T
# config: rows
def main(session, run):
    session.sql(f"select * from t limit {run.config['rows']}").collect()
