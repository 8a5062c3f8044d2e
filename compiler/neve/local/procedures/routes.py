"""Stored procedures, functions, CALL, scripting blocks: what they add to the engine's tables."""

from neve.local.procedures import call, catalog, ddl, immediate, packages, python, serving, show
from neve.local.procedures.grammar import is_anonymous
from neve.local.procedures.immediate import is_block

SCHEMA = catalog.SCHEMA
SERVICES = {"procedures": python.start, "functions": serving.start}
DROPPED_SCHEMA = catalog.drop_schema
CLONED_SCHEMAS = catalog.cloned
VIEWS = {"PACKAGES": packages.view}
CLOSED_SESSION = catalog.drop_temporary

FUNCTIONS = {"SYSTEM$GET_DEFAULT_PYTHON_ARTIFACT_REPOSITORY": lambda _session, *_: packages.REPOSITORY}

# words, handler, raw, when
ROUTES = (
    (("CREATE", "PROCEDURE"), ddl.create, True),
    (("CREATE", "FUNCTION"), ddl.create, True),
    (("CREATE", "AGGREGATE", "FUNCTION"), ddl.create, True),
    (("ALTER", "PROCEDURE"), ddl.alter),
    (("ALTER", "FUNCTION"), ddl.alter),
    (("DROP", "PROCEDURE"), ddl.drop),
    (("DROP", "FUNCTION"), ddl.drop),
    (("SHOW", "PROCEDURES"), show.show),
    (("SHOW", "USER", "PROCEDURES"), show.show),
    (("SHOW", "USER", "FUNCTIONS"), show.show),
    (("SHOW", "FUNCTIONS"), show.show),
    (("DESCRIBE", "PROCEDURE"), show.describe),
    (("DESC", "PROCEDURE"), show.describe),
    (("DESCRIBE", "FUNCTION"), show.describe),
    (("DESC", "FUNCTION"), show.describe),
    (("CALL",), call.call_statement),
    (("WITH",), call.call_anonymous, False, is_anonymous),
    (("EXECUTE", "IMMEDIATE"), immediate.execute_immediate),
    (("DECLARE",), immediate.block, True, is_block),
    (("BEGIN",), immediate.block, True, is_block),
)
