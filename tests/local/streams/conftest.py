"""A schema of its own for every test, in one engine for every file."""

import pytest
from tests.engines import own_schema

from neve.local.errors import SqlError


class Client:
    """Runs statements in a session, and says in short what came out."""

    def __init__(self, session):
        self.session = session

    def __call__(self, *statements):
        """The rows of the last statement."""
        results = [self.session.execute(statement) for statement in statements]
        return results[-1].rows

    def taken(self, stream="s", columns="*"):
        """What a stream gives, in order, without the row ids."""
        metadata = "metadata$action, metadata$isupdate"
        shown = f"* exclude metadata$row_id, {metadata}" if columns == "+" else f"{columns}, {metadata}"
        return sorted(self(f"select {shown} from {stream}"), key=str)

    def shown(self, statement):
        """The rows of SHOW or DESCRIBE, by column."""
        return self.session.execute(statement).dicts()

    def refusal(self, statement):
        with pytest.raises(SqlError) as caught:
            self.session.execute(statement)
        return caught.value


@pytest.fixture
def client(engine):
    """Another client of the same schema with each call."""
    name = own_schema(engine)
    return lambda: Client(engine.open_session("D", name))


@pytest.fixture
def sql(client):
    """A table `t` with one row, a stream `s` on it, and a table `into_` of the stream's columns."""
    sql = client()
    sql("create table t (k int, v varchar)", "insert into t values (1, 'one')", "create stream s on table t")
    sql("create table taken (k int, v varchar, action varchar, is_update boolean)")
    return sql
