"""Columns of tables that tasks change: known as long as nothing in the project makes others of them."""

from pathlib import Path

import pytest

from neve.compile import compile_project

PROJECT = """\
name: p
graphs: {g: {schedule: manual}}
targets: {local: {engine: local, database: D, schema: S}}
sources:
  raw:
    tables:
      events: {columns: {id: number, kind: varchar}}
      totals: {columns: {kind: varchar, rows_seen: number}}
"""
FILL = "insert into totals (kind, rows_sen) select kind, count(*) from events group by 1"


def task(body, header=""):
    return f"/*---\ngraph: g\n{header}\n---\n*/\n{body}"


def marked(root, files):
    """What is marked by each finding, after its code."""
    for path, text in ({"project.yml": PROJECT} | files).items():
        file = Path(root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    spans = [(found.code, found.span) for found in compile_project(Path(root))[1]]
    return [(code, files[span.path][span.start : span.end]) for code, span in spans]


def test_a_table_that_is_only_filled_keeps_its_columns(tmp_path):
    assert marked(tmp_path, {"tasks/fill.sql": task(FILL)}) == [("NEVE311", "rows_sen")]


@pytest.mark.parametrize(
    "more",
    [
        {"tasks/alter.sql": task("alter table totals add column rows_sen number", "after: fill")},
        {
            "tasks/make.sql": task(
                "create or replace table raw.totals as select 1 as rows_sen, 'k' as kind", "after: fill"
            )
        },
        {"tasks/any.sql": task("begin execute immediate :x; end", "after: fill\nwrites: [totals]")},
    ],
)
def test_a_table_that_a_task_may_give_other_columns_is_not_known(tmp_path, more):
    files = {"tasks/fill.sql": task(FILL)} | more
    assert [found for found in marked(tmp_path, files) if found[0] == "NEVE311"] == []


def test_all_that_a_merge_names_is_looked_at(tmp_path):
    merge = """
merge into totals t using (select kind, count(*) as n from events group by kynd) s on t.kind = s.kint
when matched and s.m > 0 then update set rows_seen = s.o, row_seen = 1
when not matched then insert (kind, row) values (s.kind, t.rows_seen)"""
    found = marked(tmp_path, {"tasks/fill.sql": task(merge)})
    assert found == [("NEVE311", one) for one in ("kynd", "s.kint", "s.m", "s.o", "row_seen", "row", "t.rows_seen")]


def test_a_column_to_cluster_by_is_one_of_the_model(tmp_path):
    text = "/*---\nmaterialized: table\ncluster_by: [kind, to_date(at), knd]\n---\n*/\nselect kind, id from events"
    assert marked(tmp_path, {"models/m.sql": text}) == [("NEVE311", "knd")]
