"""Owner's and caller's rights, as far as they show (fact sheet 6.1)."""

import pytest

from neve.local.errors import SqlError

pytestmark = pytest.mark.engine


@pytest.fixture
def called(session):
    """The value of a procedure with this body and these rights."""
    session.execute("set outer_value = 'set'")

    def run(body, rights):
        head = f"create or replace procedure p() returns varchar language sql execute as {rights}"
        session.execute(f"{head} as $$ begin {body} end $$")
        return session.execute("call p()").rows[0][0]

    return run


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("use schema public;", "Unsupported statement type 'USE'."),
        ("alter session set timezone = 'UTC';", "Unsupported statement type 'ALTER_SESSION'."),
        ("set x = 1;", "Unsupported statement type 'SET'."),
        ("unset x;", "Unsupported statement type 'UNSET'."),
        ("return $outer_value;", "Use of session variable '$OUTER_VALUE' is not allowed in owners rights"),
    ],
)
def test_the_owner_does_not_touch_the_session(called, body, why):
    with pytest.raises(SqlError, match="Uncaught exception of type") as caught:
        called(body, "owner")
    assert why in caught.value.message


def test_the_caller_does(session, called):
    assert called("set x = 1; alter session set timezone = 'UTC'; return $outer_value;", "caller") == "set"
    assert session.execute("select $x").rows == [(1,)]


def test_afterwards_the_session_is_free_again(session, called):
    with pytest.raises(SqlError):
        called("use schema public;", "owner")
    session.execute("set y = 2")
    assert session.execute("select $y").rows == [(2,)]
