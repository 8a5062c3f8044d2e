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


@pytest.fixture
def engine(tmp_path):
    opened = Engine.open(tmp_path / "engine")
    yield opened
    opened.close()


@pytest.fixture
def session(engine):
    opened = engine.open_session()
    opened.execute("CREATE DATABASE D")
    opened.execute("USE SCHEMA D.PUBLIC")
    opened.execute("CREATE STAGE S")
    return opened


@pytest.fixture
def pack(engine, session, tmp_path):
    """Puts a package on the stage S, as snowflake-ml would, whose PREDICT multiplies by `factor`; gives its place."""
    import snowflake.connector

    host, port = engine.address
    token, master = engine.token_for(session)
    connection = snowflake.connector.connect(
        host=host,
        port=port,
        protocol="http",
        account="neve_local",
        session_token=token,
        master_token=master,
        server_session_keep_alive=True,
    )

    def put(name, factor, manifest=MANIFEST):
        folder = tmp_path / name
        (folder / "functions").mkdir(parents=True)
        (folder / "functions/predict.py").write_text(textwrap.dedent(HANDLER.format(factor=factor)))
        if manifest:
            (folder / "MANIFEST.yml").write_text(manifest)
        for file in [file for file in folder.rglob("*") if file.is_file()]:
            below = file.parent.relative_to(folder).as_posix()
            connection.cursor().execute(f"PUT 'file://{file}' '@D.PUBLIC.S/{name}/{below}' AUTO_COMPRESS = FALSE")
        return f"@D.PUBLIC.S/{name}"

    yield put
    connection.close()


@pytest.fixture
def model(session, pack):
    """The model M with the versions V1 (times 2), which is the default one, and V2 (times 3)."""
    session.execute(f"CREATE MODEL M WITH VERSION V1 FROM {pack('double', 2)}")
    session.execute(f"ALTER MODEL M ADD VERSION V2 FROM {pack('triple', 3)}")
