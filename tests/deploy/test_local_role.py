"""A target's role on the local engine, where nobody hands out roles."""

import pytest

from neve.deploy.connect import open_account, stop_engine
from neve.ir import Target


@pytest.mark.engine
def test_the_role_of_a_local_target_is_made_and_taken(tmp_path):
    try:
        for role in ("LOADER", "Loader", None):
            with open_account(Target("local", "local", "DB", "S", role=role), tmp_path) as account:
                (row,) = account.execute("SELECT CURRENT_ROLE() AS role")
                assert row["role"] == (role or "ACCOUNTADMIN")
    finally:
        stop_engine(tmp_path)
