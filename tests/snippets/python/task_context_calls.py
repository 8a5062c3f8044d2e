# asks: setup, SPLIT
# config: rows, a
# returns: yes
from snowflake.core.task.context import TaskContext


def main(session, run):
    context = TaskContext(session)
    first = run.returned("setup")
    second = context.get_predecessor_return_value("SPLIT")
    rows = context.get_task_graph_config_property("rows")
    other = run.config["a"]["b"]
    context.set_return_value(str(rows))
