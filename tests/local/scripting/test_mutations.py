"""Blocks with words dropped, doubled, swapped or put in: only SqlError comes out, and never for a fault of ours."""

import random
import re

import pytest

from neve.local.errors import SqlError
from neve.local.scripting.parser import parse

BLOCKS = [
    """DECLARE a NUMBER(10,2) DEFAULT 1; c CURSOR FOR SELECT id FROM item WHERE id > ?; e EXCEPTION (-20001, 'no');
    BEGIN OPEN c USING (a); FETCH c INTO a; CLOSE c; RAISE e;
    EXCEPTION WHEN e OR STATEMENT_ERROR THEN RETURN SQLERRM; WHEN OTHER CONTINUE THEN NULL; END""",
    """BEGIN LET rs RESULTSET := (SELECT id, name FROM item); LET s := '';
    FOR r IN rs DO IF (r.id = 2) THEN CONTINUE; ELSEIF (r.id > 2) THEN BREAK; ELSE s := s || r.name; END IF; END FOR;
    RETURN TABLE(rs); END""",
    """BEGIN LET n := 0; FOR i IN REVERSE 1 TO 3 DO n := n + i; END FOR outer_loop;
    CASE (n) WHEN 6 THEN n := (SELECT MAX(id) FROM item); ELSE RETURN; END CASE;
    SELECT name INTO :n FROM item WHERE id = :n; EXECUTE IMMEDIATE 'SELECT ?' USING (n);
    ASYNC (SELECT 1); AWAIT ALL; BEGIN LET x VARIANT := PARSE_JSON('{"a": 1}'); RETURN x:a; END; END""",
]
LOOPS = [
    """BEGIN WHILE (x < 2) DO x := x + 1; END WHILE; REPEAT x := 1; UNTIL (TRUE) END REPEAT;
    LOOP BREAK a; END LOOP a; END"""
]
WORDS = re.compile(r"'[^']*'|[\w$]+|:=|\s+|.", re.DOTALL)
STRANGE = r"""( ) ; END BEGIN ' " $$ : := . , IF LET INTO \ é -20001 ? TABLE CASE""".split()  # noqa: SIM905 - a list would take a page


def mutated(block, dice):
    words = WORDS.findall(block)
    for _ in range(dice.randint(1, 3)):
        at, other = dice.randrange(len(words)), dice.randrange(len(words))
        match dice.randrange(4):
            case 0:
                words[at] = ""
            case 1:
                words[at] += " " + words[other]
            case 2:
                words[at], words[other] = words[other], words[at]
            case _:
                words[at] = dice.choice(STRANGE)
    return "".join(words)


def refusal(run, text):
    """The SqlError that running `text` raises, if it raises one."""
    try:
        run(text)
    except SqlError as error:
        return error
    return None


@pytest.mark.parametrize("block", [*BLOCKS, *LOOPS])
def test_parsing_raises_nothing_else(block):
    dice = random.Random(7)
    for _ in range(1500):
        text = mutated(block, dice)
        error = refusal(parse, text)
        assert error is None or error.message.startswith("SQL compilation error"), text


@pytest.mark.parametrize(
    "text", ["BEGIN " * 5000, "BEGIN IF ((((" * 500, "(" * 9000, f"BEGIN LET x := {'(' * 5000}1{')' * 5000}; END"]
)
def test_deep_nesting_is_refused_or_read(text):
    error = refusal(parse, text)
    assert error is None or error.code == 1003


@pytest.mark.engine
@pytest.mark.parametrize("block", BLOCKS)
def test_running_raises_no_internal_error(session, block):
    dice = random.Random(11)
    for _ in range(120):
        text = mutated(block, dice).replace("$$", "")
        error = refusal(session.execute, f"EXECUTE IMMEDIATE $${text}$$")
        assert error is None or error.code != 603, f"{text}\n{error.message}"
