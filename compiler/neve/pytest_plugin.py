"""Fixtures for the tests of a project: an engine, the project on it, runs of its graphs.

    def test_training_finds_the_frauds(run_graph):
        run = run_graph("daily_training", config={"min_accuracy": 0.9}, as_of="2024-03-11")
        assert run.state == "SUCCEEDED"
        assert float(run.tasks["evaluate"].return_value) > 0.9
        assert run.query("SELECT COUNT(*) AS models FROM models") == [{"models": 1}]

In pytest's own configuration, `neve_project_dir` names the project's folder (default: the nearest one with a
project.yml, from pytest's rootdir upward) and `neve_target` one of its targets, a local one (default: the project's).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from neve.testing import Deployed, GraphRun, LocalEngine


class RunGraph(Protocol):
    """What the fixture `run_graph` gives."""

    def __call__(
        self, graph: str, config: Mapping[str, Any] | None = None, as_of: str | None = None, timeout: float = 600
    ) -> "GraphRun": ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("neve_project_dir", "The folder of the project that the neve fixtures deploy.", default="")
    parser.addini("neve_target", "The local target that the neve fixtures deploy to.", default="")


@pytest.fixture(scope="session")
def neve_engine(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[LocalEngine]":
    """A local engine in a temporary folder, stopped at the end: `.connection` are arguments of the connector.

    To test on another engine, override it in conftest.py with the one of a folder, which is left running if it runs:

        @pytest.fixture(scope="session")
        def neve_engine():
            with neve.testing.engine_of(Path("my_project")) as engine:
                yield engine
    """
    from neve.testing import engine_of

    with _in_plain_words(), engine_of(tmp_path_factory.mktemp("neve")) as engine:
        yield engine


@pytest.fixture(scope="session")
def neve_project(request: pytest.FixtureRequest) -> "Iterator[Deployed]":
    """The project, compiled, seeded and applied to `neve_engine`, once: `.query(sql)` gives rows by column name.

    Tests share it: what one changes the next one sees.
    """
    from neve.testing import deployed

    config = request.config
    target = config.getini("neve_target") or None
    with _in_plain_words(), deployed(_root(config), target, lambda: request.getfixturevalue("neve_engine")) as project:
        yield project


@pytest.fixture(scope="session")
def run_graph(neve_project: "Deployed") -> RunGraph:
    """Runs a graph of the project to its end: `run_graph(graph, config={…}, as_of="2024-03-11", timeout=600)`.

    The run it gives has `state`; `tasks` by the names of their files, each with `state`, `return_value` and
    `error_message`; `query(sql)`.
    """

    def run(
        graph: str, config: Mapping[str, Any] | None = None, as_of: str | None = None, timeout: float = 600
    ) -> "GraphRun":
        with _in_plain_words():
            return neve_project.run(graph, config, as_of, timeout)

    return run


def _root(config: pytest.Config) -> Path:
    from neve.cli.project import find_root

    given = config.getini("neve_project_dir")
    return config.rootpath / given if given else find_root(config.rootpath)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """What is wrong with project or engine is told without a traceback."""
    from neve.deploy.errors import NeveError

    try:
        yield
    except NeveError as error:
        raise pytest.fail.Exception(f"{error.message}\n{error.hint}".rstrip(), pytrace=False) from None
