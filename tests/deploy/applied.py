"""An apply in a process of its own, forked from one that has imported all of it. Given: SCRIPT, PROJECT, ARGUMENTS."""
# ruff: noqa: F821 (runpy sets them)

import snowflake.connector

from neve.deploy.apply import apply, read_plan
from neve.deploy.connect import Account

account = Account(snowflake.connector.connect(**ARGUMENTS))
apply(read_plan(SCRIPT, account, PROJECT), account)
account.close()
