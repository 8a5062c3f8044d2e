"""What is refused before anything is sent; loading itself is tested on an engine."""

import pytest

from neve.deploy.errors import NeveError
from neve.deploy.seed import load_seeds
from neve.diagnostics.model import Span
from neve.ir import Project, SourceTable, Target


def table(name, *columns, source="shop"):
    return SourceTable(source, name, "SHOP", "RAW", dict.fromkeys(columns, "varchar"), Span("project.yml"))


def project(*tables):
    return Project(
        "p", Target("local", "local", "DB", "S"), ("local",), {}, {}, {}, {(t.source, t.name): t for t in tables}
    )


class Recorder:
    def __init__(self):
        self.sent = []

    def execute(self, sql):
        self.sent.append(sql)
        return []


@pytest.mark.parametrize(
    ("name", "text", "told", "hint"),
    [
        ("ordrs.csv", "id\n1\n", "seeds/ordrs.csv: 'ordrs' is no declared source table", "name it 'orders'"),
        ("orders.csv", "id\n1\n", "seeds/orders.csv: orders lacks customer", "see sources: in project.yml"),
        ("orders.csv", "id,customer,x\n1,a,b\n", "seeds/orders.csv: orders has x, not declared", ""),
        ("bad.py", "def tables():\n    raise ValueError('no data')\n", "ValueError: no data", ""),
        ("bad.py", "x = 1\n", "bad.py has no function tables()", ""),
        ("bad.py", "def tables():\n    return [1]\n", "must give a dict of pandas DataFrames", ""),
    ],
)
def test_a_seed_that_cannot_be_loaded_is_told_and_nothing_is_sent(tmp_path, name, text, told, hint):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / name).write_text(text)
    account = Recorder()
    with pytest.raises(NeveError) as error:
        list(load_seeds(account, project(table("orders", "ID", "CUSTOMER")), tmp_path))
    assert told in error.value.message
    assert hint in error.value.hint
    assert account.sent == []


def test_a_name_that_two_sources_declare_is_ambiguous(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "orders.csv").write_text("id\n1\n")
    twice = project(table("orders", "ID"), table("orders", "ID", source="store"))
    with pytest.raises(NeveError, match="'orders' is declared twice") as error:
        list(load_seeds(Recorder(), twice, tmp_path))
    assert error.value.hint == "name it shop.orders or store.orders"


def test_without_seeds_there_is_nothing_to_load(tmp_path):
    with pytest.raises(NeveError, match="there are no seeds"):
        list(load_seeds(Recorder(), project(), tmp_path))
