"""What is sent: its arguments."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine

CONFIG = "select snowflake.notification.email_integration_config"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        *((f"call system$send_snowflake_notification('{{\"a\":1}}', '{given}')", 1003)
          for given in ('["a"]', '{"a":1}', "1", "[1]", '["{"]', "null")),
        ("call system$send_snowflake_notification('1', '{\"a\":{}}')", 1003),
        ("call system$send_snowflake_notification('1')", 938),
        ("call system$send_email()", 938),
        ("call system$send_email('i', 'r', 's', 't', 'text/html', 'x')", 939),
        (f"{CONFIG}('a')", 938),
        (f"{CONFIG}('a', 'b', 'c')", 1003),
        (f"{CONFIG}('a', 'b', '1')", 1003),
        (f"{CONFIG}('a', 'b', '[]', '[]', '[]', '[]')", 939),
        ("select snowflake.notification.text_plain()", 938),
        ("select snowflake.notification.integration('a', 'b')", 939),
    ],
)  # fmt: skip
def test_arguments_are_looked_at(sql, statement, code):
    with pytest.raises(SqlError) as caught:
        sql(statement)
    assert caught.value.code == code


def test_an_email_has_its_addresses(sql):
    told = sql.value(f"{CONFIG}('mail', 'about', array_construct('a@b.c'), null, array_construct('d@e.f'))")
    assert told == '{"mail":{"subject":"about","toAddress":["a@b.c"],"bccAddress":["d@e.f"]}}'
