"""Tables, warehouses and roles, as snowflake.core makes them before its tasks."""

import pytest

pytestmark = pytest.mark.engine


def test_a_table_of_columns(schema, sql):
    from snowflake.core.exceptions import NotFoundError
    from snowflake.core.table import PrimaryKey, Table, TableColumn

    columns = [
        TableColumn(name="id", datatype="int", nullable=False),
        TableColumn(name='"first name"', datatype="varchar(20)", default="'x'", comment="it's a name"),
    ]
    keys = [PrimaryKey(name="pk", column_names=["id"])]
    table = schema.tables.create(Table(name="people", columns=columns, constraints=keys, comment="ours"))
    sql(f"insert into d.{schema.name}.people (id) values (1)")
    fetched = table.fetch()
    assert (fetched.name, fetched.kind, fetched.comment, fetched.rows) == ("PEOPLE", "PERMANENT", "ours", 1)
    assert [(one.name, one.datatype, one.nullable, one.comment) for one in fetched.columns] == [
        ("ID", "NUMBER(38,0)", False, None),
        ('"first name"', "VARCHAR(20)", True, "it's a name"),
    ]
    schema.tables.create("copied", as_select=f"select id * 2 as n from d.{schema.name}.people")
    assert [one.name for one in schema.tables.iter(like="%")] == ["COPIED", "PEOPLE"]
    assert sql(f"select n from d.{schema.name}.copied") == [{"N": 2}]
    table.drop()
    with pytest.raises(NotFoundError):
        table.fetch()
    table.drop(if_exists=True)


def test_what_a_table_cannot_have_is_said(schema):
    from snowflake.core.exceptions import APIError
    from snowflake.core.table import Table, TableColumn

    column = TableColumn(name="a", datatype="int", collate="de")
    with pytest.raises(APIError, match="knows no property collate of a column"):
        schema.tables.create(Table(name="t", columns=[column]))


def test_a_warehouse(schema):
    from snowflake.core.exceptions import ConflictError
    from snowflake.core.warehouse import Warehouse

    warehouses = schema.root.warehouses
    asked = Warehouse(name="small_one", warehouse_size="SMALL", auto_suspend=300, auto_resume="true", comment="hi")
    warehouse = warehouses.create(asked)
    with pytest.raises(ConflictError):
        warehouses.create(asked)
    fetched = warehouse.fetch()
    assert (fetched.name, fetched.size, fetched.auto_suspend, fetched.comment) == ("SMALL_ONE", "SMALL", 300, "hi")
    warehouse.suspend()
    assert warehouse.fetch().state == "SUSPENDED"
    warehouse.resume()
    fetched.warehouse_size = "LARGE"
    warehouse.create_or_alter(Warehouse(name="small_one", warehouse_size="LARGE"))
    assert (warehouse.fetch().size, warehouse.fetch().state) == ("LARGE", "STARTED")
    assert "SMALL_ONE" in [one.name for one in warehouses.iter(like="small%")]
    warehouse.drop()
    assert list(warehouses.iter(like="small%")) == []


def test_a_role(schema):
    from snowflake.core.role import Role

    roles = schema.root.roles
    roles.create(Role(name="readers", comment="who read"))
    assert [(one.name, one.comment) for one in roles.iter() if one.name == "READERS"] == [("READERS", "who read")]
    roles["readers"].drop()
    assert "READERS" not in [one.name for one in roles.iter()]
