# Snowflake's own TaskContext.
# inserts: MODEL_LOG
# asks: TRAIN, evaluate
# config: min_accuracy
# returns: yes
from snowflake.core.task.context import TaskContext


def main(session, run):
    context = TaskContext(session)
    model = context.get_predecessor_return_value("TRAIN")
    accuracy = float(run.returned("evaluate"))
    good = accuracy > float(context.get_task_graph_config_property("min_accuracy"))
    session.sql("insert into model_log select ?, ?", params=[model, accuracy]).collect()
    context.set_return_value("good" if good else "bad")
