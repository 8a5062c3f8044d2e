import pytest

from neve import names


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("orders", ("ORDERS",)),
        ('"Orders"', ("Orders",)),
        ("raw.Erp.orders", ("RAW", "ERP", "ORDERS")),
        ('raw . "a""b" . c$1', ("RAW", 'a"b', "C$1")),
        ("_x", ("_X",)),
    ],
)
def test_a_name_is_parsed_as_snowflake_stores_it(written, stored):
    assert names.parse_name(written) == stored


@pytest.mark.parametrize("written", ["", "1a", "a.b.c.d", "a-b", 'a."b', "a..b", "a b", "é"])
def test_what_is_no_name(written):
    assert names.parse_name(written) is None


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("ORDERS", "ORDERS"),
        ("DAILY$LOAD", "DAILY$LOAD"),
        ("orders", '"orders"'),
        ("ORDER", '"ORDER"'),
        ('a"b', '"a""b"'),
        ("1A", '"1A"'),
        ("", '""'),
        ("A\n", '"A\n"'),
    ],
)
def test_identifiers_are_quoted_only_where_they_must(stored, text):
    assert names.quote_identifier(stored) == text


def test_quoting_and_parsing_undo_each_other():
    parts = ("DB", 'odd "name"', "select")
    assert names.parse_name(names.qualified(*parts)) == parts


def test_strings_escape_quotes_and_backslashes():
    assert names.quote_string("it's C:\\temp") == "'it''s C:\\\\temp'"


@pytest.mark.parametrize(("text", "can"), [("a $ b", True), ("a $$ b", False), ("a$", False), ("", True)])
def test_dollar_quotes_know_no_escape(text, can):
    assert names.can_dollar_quote(text) is can
    if can:
        assert names.dollar_quote(text) == f"$${text}$$"
    else:
        with pytest.raises(ValueError, match="cannot be quoted"):
            names.dollar_quote(text)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("materialised", "materialized"), ("TAGS", "tags"), ("tag", "tags"), ("xyz", None), ("", None)],
)
def test_the_nearest_name(name, meant):
    assert names.nearest(name, ["materialized", "tags", "schedule"]) == meant
