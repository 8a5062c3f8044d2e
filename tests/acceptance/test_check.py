"""The committed scripts are what the files give, on any machine and from any folder."""

from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture
def committed(place, copy_example):
    """The example with its committed scripts."""
    return copy_example(place(), "deploy")


@pytest.mark.parametrize("target", ["local", "dev", "prod"])
def test_committed_scripts_are_fresh(committed, target):
    committed.neve("compile", "-t", target, "--check")


def test_stale_script_is_told_and_left_as_it_is(committed):
    committed.edit("models/transactions.sql", "t.isfraud,", "t.isfraud, t.amount,")
    before = (committed.root / "deploy/local.sql").read_bytes()
    done = committed.type("compile", "--check")
    assert done.returncode == 1
    assert "deploy/local.sql" in done.stdout + done.stderr
    assert (committed.root / "deploy/local.sql").read_bytes() == before
    committed.neve("compile")
    committed.neve("compile", "--check")
    committed.neve("compile", "-t", "prod", "--check", code=1)


def test_missing_script_is_stale(committed):
    (committed.root / "deploy/dev.sql").unlink()
    committed.neve("compile", "-t", "dev", "--check", code=1)
    assert not (committed.root / "deploy/dev.sql").exists()


def test_same_bytes_again_and_from_elsewhere(committed, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    script = committed.root / "deploy/prod.sql"
    given = set()
    for words, cwd in (
        (("compile", "-t", "prod"), committed.root),
        (("compile", "-t", "prod"), committed.root / "models"),
        (("compile", "-t", "prod", "-C", str(committed.root)), elsewhere),
    ):
        script.unlink()
        committed.neve(*words, cwd=cwd)
        given.add(script.read_bytes())
    assert given == {(DEPLOY / "prod.sql").read_bytes()}
    assert list(elsewhere.iterdir()) == []


def test_script_to_standard_output_and_to_a_file(committed):
    expected = (DEPLOY / "local.sql").read_text()
    assert committed.neve("compile", "-o", "-") == expected
    committed.neve("compile", "-o", "out.sql")
    assert (committed.root / "out.sql").read_text() == expected
