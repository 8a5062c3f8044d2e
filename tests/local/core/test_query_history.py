"""QUERY_HISTORY: its arguments, what it keeps and for how long; secrets stand nowhere."""

import gc
import logging
import time
import weakref

import pytest

from neve.local import queries
from neve.local.errors import SqlError
from neve.local.hidden import masked
from neve.local.server import _LogFormat

pytestmark = pytest.mark.engine

HISTORY = "select query_text from table(information_schema.query_history_by_session({}))"


@pytest.fixture
def asked(rows):
    """The texts that the history of this session has, called with these arguments."""
    return lambda told="": [text for (text,) in rows(HISTORY.format(told))]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("result_limit => 'x'", 100038),
        ("result_limit => -1", 91000),
        ("result_limit => 10001", 91000),
        ("nonsense => 'x'", 1003),
        ("null, null, null, 5, false, 6", 939),
        ("end_time_range_start => 'soon'", 100035),
    ],
)
def test_arguments_that_are_none_are_refused(refused, told, code):
    assert refused(HISTORY.format(told))[0] == code


def test_arguments_have_an_order(session, asked):
    session.execute("select 1")
    assert len(asked(f"{session.id}, null, null, 2")) == 2


def test_instants_may_be_texts(session, asked):
    session.execute("select 1")
    told = "end_time_range_start => '2099-01-01'"
    assert asked(told) == [HISTORY.format(told)]
    assert asked("end_time_range_end => '1999-01-01'") == []


def test_an_error_is_kept_without_what_it_came_from(session, rows):
    with pytest.raises(SqlError) as caught:
        session.execute("select * from nowhere")
    gone = weakref.ref(caught.value)
    del caught
    gc.collect()
    assert gone() is None
    told = rows(
        "select error_code, error_message from table(information_schema.query_history_by_session()) "
        "where error_code is not null"
    )
    assert [code for code, _ in told] == ["002003"]
    assert "NOWHERE" in told[0][1].upper()


def test_texts_are_kept_up_to_a_bound_of_bytes(session, monkeypatch):
    monkeypatch.setattr(queries, "_KEPT_BYTES", 300_000)
    kept = queries.Queries()
    for number in range(20):
        kept.start(session, str(number), "x" * 90_000)
        kept.end(str(number), session.engine.clock.now(), error=SqlError(1, "00000", "y" * 50_000))
    assert [query.id for query in kept.newest()] == ["19", "18"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("create user u password='hunter2' x = 1", "create user u password=**** x = 1"),
        ("alter user u set Password = 'it''s' comment = 'c'", "alter user u set Password = **** comment = 'c'"),
        ("create user u password 'hunter2'", "create user u password ****"),
        ("create user u password /* new */ = /* one */ 'hunter2'", "create user u password /* new */ = /* one */ ****"),
        ("create user u password -- new\n= // one\n'hunter2'", "create user u password -- new\n= // one\n****"),
        ("create user u password = 'hunter2", "create user u password = ****"),
        ("create user u password = $$hunter 2$$", "create user u password = ****"),
        ("create user u must_change_password = true", "create user u must_change_password = true"),
        ("create api integration a api_key = 's'", "create api integration a api_key = ****"),
        ("create security integration a client_secret='s'", "create security integration a client_secret=****"),
        ("create security integration a token_endpoint='u'", "create security integration a token_endpoint='u'"),
        ("execute immediate 'create user u password=''p'''", "execute immediate 'create user u password=****'"),
        (r"execute immediate 'create user u password=\'p\''", "execute immediate 'create user u password=****'"),
        (
            "create stage s credentials=(aws_key_id='a' aws_secret_key='b')",
            "create stage s credentials=(aws_key_id=**** aws_secret_key=****)",
        ),
        ("copy into t from @b credentials=(aws_token='a')", "copy into t from @b credentials=(aws_token=****)"),
        ("select * from users where password = 'x'", "select * from users where password = 'x'"),
        ("create table user (a int primary key, key int)", "create table user (a int primary key, key int)"),
    ],
)  # fmt: skip
def test_secrets_are_masked(text, shown):
    assert masked(text) == shown


def test_long_words_take_no_time():
    started = time.process_time()
    masked("create user " + "key" * 30_000)
    assert time.process_time() - started < 1


def test_the_history_has_no_passwords(session, asked):
    session.execute("create or replace user u password='hunter2'")
    assert "create or replace user u password=****" in asked()
    session.execute("drop user u")


def test_the_log_has_no_passwords():
    record = logging.makeLogRecord({"msg": "internal error in: %s", "args": ("create user u password='hunter2'",)})
    assert _LogFormat().format(record).endswith("create user u password=****")
