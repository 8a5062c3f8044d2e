"""SYSTEM$LOG and its like."""

import logging

import pytest
import snowflake.connector

from neve.local import manage

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("call system$log()", 938),
        ("select system$log_info()", 938),
        ("select system$add_event()", 938),
        ("select system$add_event('a', {}, 'c')", 939),
        ("select system$set_span_attributes()", 938),
    ],
)
def test_arguments_are_counted(refused, sql, code):
    assert refused(sql)[0] == code


def test_what_is_logged(session, caplog):
    caplog.set_level(1, logger="neve.local.user")
    session.execute("call system$log('trace', 'a')")
    session.execute("call system$log_fatal('b')")
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(5, "a"), (logging.FATAL, "b")]


def test_all_levels_reach_the_log(tmp_path):
    try:
        with snowflake.connector.connect(**manage.start(tmp_path).connection) as connection:
            connection.execute_string("call system$log('trace', 'faint'); call system$log_debug('low')")
        lines = (tmp_path / "engine.log").read_text().splitlines()
    finally:
        manage.stop(tmp_path)
    assert [line.split(maxsplit=2)[2] for line in lines if line.endswith(("faint", "low"))] == [
        "TRACE faint",
        "DEBUG low",
    ]
