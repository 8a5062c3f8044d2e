"""Random changes of a table, with random reads of its streams, against a small model of what a stream is."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import own_schema
from tests.local.streams.conftest import Client

pytestmark = pytest.mark.engine

KEYS, VALUES = st.integers(1, 2), st.integers(0, 2)
ROWS = st.lists(st.tuples(KEYS, VALUES), min_size=1, max_size=3)
CHANGES = st.one_of(
    st.tuples(st.just("insert"), ROWS),
    st.tuples(st.just("overwrite"), ROWS),
    st.tuples(st.just("update"), KEYS, VALUES),
    st.tuples(st.just("update"), KEYS, VALUES),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("merge"), KEYS, VALUES),
    st.tuples(st.just("truncate")),
)
READS = st.tuples(st.sampled_from(["look", "take"]), st.sampled_from(["standard", "appended"]))
ENDS = st.tuples(st.sampled_from(["begin", "commit", "rollback"]))
STEPS = st.lists(st.one_of(CHANGES, CHANGES, CHANGES, READS, ENDS), min_size=5, max_size=14)


@dataclass
class State:
    """Rows by a number of their own; what each stream has seen; every insertion there ever was."""

    rows: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    inserted: list = field(default_factory=list)
    counted: int = 0

    def copy(self):
        return State(dict(self.rows), dict(self.seen), list(self.inserted), self.counted)


class Model:
    def __init__(self):
        self.now = State()
        self.started = None
        self.insert([(1, 0), (2, 0), (2, 0)])
        self.now.seen = {"standard": dict(self.now.rows), "appended": 3}

    def insert(self, rows):
        for row in rows:
            self.now.counted += 1
            self.now.rows[self.now.counted] = row
            self.now.inserted.append(row)

    def delete(self, keys):
        self.now.rows = {i: row for i, row in self.now.rows.items() if row[0] not in keys}

    def change(self, kind, *arguments):
        match kind, *arguments:
            case "insert", rows:
                self.insert(rows)
            case "overwrite", rows:
                self.now.rows = {}
                self.insert(rows)
            case "update", key, value:
                self.now.rows = {i: (k, value if k == key else v) for i, (k, v) in self.now.rows.items()}
            case "delete", key:
                self.delete({key})
            case "truncate", *_:
                self.now.rows = {}
            case "merge", key, value:
                known = {k for k, _ in self.now.rows.values()}
                self.change("update", key, value)
                self.delete({3} & {key + 1})
                self.insert([(k, value) for k in (key, key + 1) if k not in known])

    def visible(self):
        """A transaction reads its streams as they were when it began."""
        return self.started or self.now

    def look(self, stream):
        state = self.visible()
        if stream == "appended":
            return sorted((*row, "INSERT", False) for row in state.inserted[state.seen[stream] :])
        old, new = state.seen[stream], state.rows
        gone = [(*row, "DELETE", i in new) for i, row in old.items() if new.get(i) != row]
        come = [(*row, "INSERT", i in old) for i, row in new.items() if old.get(i) != row]
        return sorted(gone + come)

    def take(self, stream):
        state = self.visible()
        self.now.seen[stream] = dict(state.rows) if stream == "standard" else len(state.inserted)

    def end(self, kind):
        if kind == "begin":
            self.started = self.started or self.now.copy()
        elif self.started:
            self.now = self.now if kind == "commit" else self.started
            self.started = None


def values(rows):
    return ", ".join(map(str, rows))


def statement(kind, *arguments):
    match kind, *arguments:
        case "insert", rows:
            return f"insert into t values {values(rows)}"
        case "overwrite", rows:
            return f"insert overwrite into t values {values(rows)}"
        case "update", key, value:
            return f"update t set v = {value} where k = {key}"
        case "delete", key:
            return f"delete from t where k = {key}"
        case "merge", key, value:
            return (
                f"merge into t using (select * from values {values([(key, value), (key + 1, value)])} as s(k, v)) s "
                f"on t.k = s.k when matched and s.k = {key + 1} and s.k = 3 then delete "
                f"when matched and s.k = {key} then update set v = s.v "
                "when not matched then insert (k, v) values (s.k, s.v)"
            )
    return "truncate table t"


def prepared(engine):
    """A table of three rows with a stream of each kind."""
    sql = Client(engine.open_session("D", own_schema(engine)))
    sql("create table t (k int, v int)", "insert into t values (1, 0), (2, 0), (2, 0)")
    sql("create stream standard on table t", "create stream appended on table t append_only = true")
    sql("create table bin (k int, v int)")
    return sql


def looked(sql, stream):
    return sorted(sql(f"select k, v, metadata$action, metadata$isupdate from {stream}"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_a_stream_gives_what_the_model_gives(engine, steps):
    sql, model = prepared(engine), Model()
    for step in steps:
        match step:
            case "look", stream:
                assert looked(sql, stream) == model.look(stream)
            case "take", stream:
                sql(f"insert into bin select k, v from {stream}")
                model.take(stream)
            case ("begin" | "commit" | "rollback") as kind, *_:
                sql(kind)
                model.end(kind)
            case _:
                sql(statement(*step))
                model.change(*step)
                assert sorted(sql("select k, v from t")) == sorted(model.now.rows.values())
    sql("rollback")
    model.end("rollback")
    for stream in ("standard", "appended"):
        assert looked(sql, stream) == model.look(stream)
        assert sql(f"select system$stream_has_data('{stream}')") == [(bool(model.look(stream)),)]
