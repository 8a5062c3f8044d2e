import textwrap

import pytest

from neve.local.engine import Engine

HANDLER = """
from _snowflake import vectorized
import pandas as pd

@vectorized(input=pd.DataFrame, max_batch_size=None, flatten_object_input=False)
def infer(df: pd.DataFrame) -> dict:
    if (df.iloc[:, 0] < 0).any():
        raise ValueError("no negative numbers")
    return [{{"TIMES": value * {factor}}} for value in df.iloc[:, 0].tolist()]
"""

MANIFEST = """
manifest_version: '1.0'
runtimes:
  python_runtime: {language: PYTHON, version: '3.11', imports: [model/], dependencies: {}}
methods:
- {name: PREDICT, runtime: python_runtime, type: FUNCTION, handler: functions.predict.infer,
   inputs: [{name: X, type: DOUBLE}], outputs: [{type: OBJECT}]}
- {name: SPREAD, runtime: python_runtime, type: TABLE_FUNCTION, handler: functions.spread.infer,
   inputs: [{name: X, type: DOUBLE}], outputs: [{name: Y, type: DOUBLE}]}
"""


class Bench:
    """An engine, a session in its schema D.PUBLIC, and a stage S to put models on."""

    def __init__(self, folder):
        self.folder = folder
        self.engine = Engine.open(folder / "engine")
        self.session = self.engine.open_session()
        for text in ("CREATE DATABASE D", "USE SCHEMA D.PUBLIC", "CREATE STAGE S"):
            self.session.execute(text)

    def pack(self, name, factor, manifest=MANIFEST):
        """Puts a package on the stage, as snowflake-ml would, whose PREDICT multiplies by `factor`; gives its place."""
        folder = self.folder / name
        (folder / "functions").mkdir(parents=True)
        (folder / "functions/predict.py").write_text(textwrap.dedent(HANDLER.format(factor=factor)))
        if manifest:
            (folder / "MANIFEST.yml").write_text(manifest)
        with self.connection() as connection:
            for file in [file for file in folder.rglob("*") if file.is_file()]:
                below = file.parent.relative_to(folder).as_posix()
                connection.cursor().execute(f"PUT 'file://{file}' '@D.PUBLIC.S/{name}/{below}' AUTO_COMPRESS = FALSE")
        return f"@D.PUBLIC.S/{name}"

    def model(self):
        """Makes the model M with the versions V1 (times 2), which is the default one, and V2 (times 3)."""
        self.session.execute(f"CREATE MODEL M WITH VERSION V1 FROM {self.pack('double', 2)}")
        self.session.execute(f"ALTER MODEL M ADD VERSION V2 FROM {self.pack('triple', 3)}")

    def connection(self):
        import snowflake.connector

        host, port = self.engine.address
        token, master = self.engine.token_for(self.session)
        return snowflake.connector.connect(
            host=host,
            port=port,
            protocol="http",
            account="neve_local",
            session_token=token,
            master_token=master,
            server_session_keep_alive=True,
        )


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.engine.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A bench with the model M, for tests that only ask it."""
    made = Bench(tmp_path_factory.mktemp("models"))
    made.model()
    yield made.session
    made.engine.close()
