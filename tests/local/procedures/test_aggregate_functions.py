"""Aggregate functions in Python."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine
CREATE = """create or replace aggregate function {head}
  language python runtime_version = '3.11' handler = 'Handler' {more}
as $$
class Handler:
    def __init__(self):
        self.seen = []
    @property
    def aggregate_state(self):
        return self.seen
    def accumulate(self, *row):
        self.seen.append(row)
    def merge(self, other):
        self.seen += other
    def finish(self):
        {finish}
$$"""


@pytest.fixture
def rows(session):
    session.execute("create or replace table t as select column1 as k, column2 as x from values ('a', 3), ('a', 1),"
                    " ('a', 3), ('b', null)")  # fmt: skip
    return lambda sql: session.execute(sql).rows


@pytest.fixture
def create(rows):
    def made(head, finish, more=""):
        rows(CREATE.format(head=head, finish=finish, more=more))

    return made


def test_by_group(rows, create):
    create("spread(x int) returns int", "found = [x for x, in self.seen if x is not None]\n"
           "        return max(found) - min(found) if found else None")  # fmt: skip
    assert rows("select k, spread(x) as s from t group by k having spread(x) > 0 order by 1") == [("a", 2)]
    assert rows("select spread(x) + 1, count(*) from t") == [(3, 4)]
    assert rows("select k, spread(x) over (partition by k) from t where k = 'b'") == [("b", None)]


def test_every_row_counts_also_null_and_none_at_all(rows, create):
    create("counted(x int) returns int", "return len(self.seen)")
    assert rows("select counted(x), counted(distinct x) from t") == [(4, 3)]
    assert rows("select counted(x) from t where false") == [(0,)]
    create("counted(x int) returns int", "return len(self.seen)", "strict")
    assert rows("select counted(x) from t") == [(3,)]


def test_several_arguments_and_documents(rows, create):
    create("pairs(k varchar, x int) returns object", "return {k: x for k, x in sorted(self.seen, key=str)}")
    assert rows("select pairs(k, x):a::int from t where x is not null") == [(3,)]
    create("listed() returns array", "return [len(row) for row in self.seen]")
    assert rows("select array_size(listed()) from t") == [(4,)]


def test_what_it_raises_is_the_statements_error(rows, create):
    create("broken(x int) returns int", "raise ValueError('no sum of these')")
    with pytest.raises(SqlError, match="ValueError: no sum of these\n in function BROKEN with handler Handler"):
        rows("select broken(x) from t")


def test_show_tells_it_apart(rows, create, session):
    create("told_apart(x int) returns int", "return 1")
    (shown,) = session.execute("show user functions like 'TOLD_APART'").dicts()
    assert (shown["is_aggregate"], shown["is_table_function"]) == ("Y", "N")
