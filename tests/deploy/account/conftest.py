"""The command against an account: an engine in this process, reached by the connector as a target on Snowflake is."""

import json
import textwrap

import pytest
from click.testing import CliRunner

from neve.cli.main import main
from neve.local.engine import Engine
from neve.local.session import Session

FILES = {
    "project.yml": """
        name: shop
        graphs:
          daily:
            schedule: "@daily"
            config: {limit: 10}
            run_schema: RUN_{run_id}
            cleanup: on_success
          hourly: {schedule: "@hourly"}
        targets:
          local: {engine: local, database: SHOP, schema: JOBS}
          prod: {connection: prod, database: SHOP, schema: JOBS}
        sources:
          raw: {database: SHOP, schema: RAW, tables: {gone: {}}}
        """,
    "models/orders.sql": """
        /*---
        graph: daily
        schema: run
        ---
        The orders & what is 50 % off; it's "quoted".
        */
        select 1 as id, 'a;b' as text, '<% x %> {{ "{{" }} &{y} &z' as odd
        """,
    "models/latest.sql": """
        /*---
        materialized: view
        ---
        The latest.
        */
        select 1 as id
        """,
    "tasks/load.sql": """
        /*---
        graph: hourly
        user_task_timeout_ms: 60000
        ---
        Two statements.
        */
        select 1;
        select 'it''s; two'; -- a comment; with a semicolon
        call system$set_return_value('x');
        """,
    "tasks/tell.sql": """
        /*---
        graph: hourly
        after: load
        when: return_value('load') = 'x'
        ---
        Tell.
        */
        select 1
        """,
    "python_tasks/score.py": '''
        """---
        graph: daily
        after: orders
        ---
        Score.
        """


        def main(session, run):
            return {"text": "semi; colon", "dollars": "$" + "$", "ampersand": "&x", "template": "<% x %>"}
        ''',
}


class Shop:
    """A project's folder, and an engine that takes the part of the account. `sent`: what the command sent to it."""

    def __init__(self, folder, engine):
        self.root, self.engine = folder / "shop", engine
        server = engine.listen(password="c4n4ry-own")
        host, port = server.address
        facts = {"host": host, "port": port, "protocol": "http", "account": "neve_local", "user": "neve"}
        self.arguments = {**facts, "password": server.password}
        self.environ = {"SNOWFLAKE_HOME": str(folder), "HOME": str(folder), "NO_COLOR": "1"}
        for key, value in self.arguments.items():
            self.environ[f"SNOWFLAKE_CONNECTIONS_PROD_{key.upper()}"] = str(value)
        self.admin = engine.open_session()
        self.sql("CREATE DATABASE SHOP")
        self.sent = []
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())

    def edit(self, path, old, new):
        text = (self.root / path).read_text()
        assert text.count(old) == 1
        (self.root / path).write_text(text.replace(old, new))

    def break_view(self):
        """Have a view read what is not in the account: only the account sees that."""
        self.edit("models/latest.sql", "select 1 as id", "select id from {{ source('raw', 'gone') }}")

    def mend_view(self):
        self.edit("models/latest.sql", "select id from {{ source('raw', 'gone') }}", "select 1 as id")

    def sql(self, *statements):
        """What somebody else does in the account; the rows of the last statement."""
        return [self.admin.execute(statement) for statement in statements][-1].dicts()

    def __call__(self, *words, code=0, **environ):
        """Type a verb, which must end with this exit code; gives what it prints."""
        self.sent.clear()
        target = () if "-t" in words else ("-t", "prod")
        given = {**self.environ, **environ}
        done = CliRunner().invoke(main, [*words, *target, "-C", str(self.root)], env=given, terminal_width=100)
        assert done.exit_code == code, done.output
        self.stderr = done.stderr
        return done.stdout

    def json(self, *words, **options):
        return json.loads(self(*words, "--output", "json", **options))

    def apply(self, *words, **options):
        return self("apply", "--auto-approve", *words, **options)

    def changes(self):
        """The statements that the last verb sent, but for those that only read."""
        return [sql for sql in self.sent if not sql.startswith(("SHOW", "SELECT"))]

    def tasks(self):
        rows = self.sql("SHOW TASKS IN SCHEMA SHOP.JOBS")
        own = {"id", "created_on", "last_committed_on", "last_suspended_on", "last_suspended_reason"}
        return [{key: value for key, value in row.items() if key not in own} for row in rows]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """The project; nothing of it is deployed."""
    folder = tmp_path_factory.mktemp("account")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("neve.local.procedures.python.preload", lambda *_: None)  # nothing of it is called
        engine = Engine.open(folder / "engine")
        shop = Shop(folder, engine)
        real = Session.execute

        def execute(session, sql, *rest):
            if session is not shop.admin:
                shop.sent.append(sql)
            return real(session, sql, *rest)

        patch.setattr(Session, "execute", execute)
        yield shop
        engine.close()


@pytest.fixture(scope="module")
def shop(empty):
    """The project, applied."""
    empty("compile")
    empty.apply()
    return empty
