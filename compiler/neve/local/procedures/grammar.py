"""CREATE PROCEDURE, CREATE FUNCTION, WITH … AS PROCEDURE, CALL: text -> values (fact sheet 6.1)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from neve.local.errors import compilation_error, unsupported
from neve.local.procedures.routine import Argument, Call, Creation, Kind, Parameter, Routine
from neve.local.reader import Reader
from neve.local.sqltext import Statement, plain_text
from neve.local.types import TEXT, SqlType, parse_type

RUNTIMES = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
_LANGUAGES = ("PYTHON", "SQL")
_WITH_OUTPUT = ("PROCEDURE", "SQL")


# CREATE -----------------------------------------------------------------------------------------------
def read_create(reader: Reader) -> Creation:
    """CREATE [OR REPLACE] [SECURE] [TEMPORARY] PROCEDURE|FUNCTION [IF NOT EXISTS] name(…) … AS …"""
    reader.expect("CREATE")
    replaces = reader.take("OR", "REPLACE")
    words = _modifiers(reader)
    kind: Kind = "PROCEDURE" if reader.take("PROCEDURE") else "FUNCTION"
    if kind == "FUNCTION":
        reader.expect("FUNCTION")
    if_not_exists = reader.take("IF", "NOT", "EXISTS")
    if replaces and if_not_exists:
        raise compilation_error("options OR REPLACE and IF NOT EXISTS are incompatible.")
    name = read_name(reader)
    routine = _routine(reader, kind)
    routine = replace(_with_body(reader, routine), secure="SECURE" in words, aggregate="AGGREGATE" in words)
    if routine.aggregate and (routine.language != "PYTHON" or routine.returns is None):
        raise unsupported("An aggregate function that is not in Python, or gives a table,")
    reader.finish()
    return Creation(name, routine, replaces, if_not_exists, bool(words & {"TEMP", "TEMPORARY"}))


def read_anonymous(reader: Reader) -> tuple[Routine, tuple[str, ...], Call]:
    """WITH name AS PROCEDURE (…) … AS … CALL name(…): the procedure, its name, the call."""
    reader.expect("WITH")
    name = (reader.name(),)
    reader.expect("AS", "PROCEDURE")
    routine = _with_body(reader, _routine(reader, "PROCEDURE"))
    call = _call(reader)
    reader.finish()
    if call.name != name:
        raise compilation_error(f"WITH defines procedure {name[0]}, CALL names {'.'.join(call.name)}.")
    return replace(routine, execute_as="CALLER"), name, call


def _modifiers(reader: Reader) -> set[str]:
    words = set()
    while word := reader.take_any("SECURE", "TEMP", "TEMPORARY", "AGGREGATE", "EXTERNAL"):
        if word == "EXTERNAL":
            raise unsupported("CREATE EXTERNAL FUNCTION")
        words.add(word)
    return words


def _routine(reader: Reader, kind: Kind) -> Routine:
    """From the parameters up to AS."""
    parameters = read_parameters(reader.group())
    reader.take("COPY", "GRANTS")
    reader.expect("RETURNS")
    columns: tuple[Parameter, ...] = ()
    returns: SqlType | None = None
    if reader.take("TABLE"):
        columns = read_parameters(reader.group())
    else:
        returns = read_type(reader)
    reader.take("NOT", "NULL")
    routine = Routine(kind, parameters, returns, "SQL", None, columns)
    while not reader.sees("AS") and not reader.sees("CALL") and not reader.at_end() and not reader.sees(";"):
        routine = _clause(reader, routine)
    return _checked(routine)


def _clause(reader: Reader, routine: Routine) -> Routine:
    word = reader.word()
    take = _CLAUSES.get(word)
    if take is None:
        raise reader.unexpected()
    reader.position += 1
    return replace(routine, **take(reader))


def _assigned_string(reader: Reader) -> str:
    """`= 'text'`, or a bare number or word as in RUNTIME_VERSION = 3.11."""
    reader.expect("=")
    return reader.string() if reader.sees_string() else reader.bare()


def _assigned_strings(reader: Reader) -> tuple[str, ...]:
    reader.expect("=")
    inside = reader.group()
    strings: list[str] = []
    while not inside.at_end():
        strings.append(inside.string())
        if not inside.at_end():
            inside.expect(",")
    return tuple(strings)


def _language(reader: Reader) -> dict[str, Any]:
    language = reader.name()
    if language not in _LANGUAGES:
        raise unsupported(f"LANGUAGE {language}")
    return {"language": language}


def _runtime(reader: Reader) -> dict[str, Any]:
    version = _assigned_string(reader)
    if version not in RUNTIMES:
        raise compilation_error(f"invalid value '{version}' for RUNTIME_VERSION: one of {', '.join(RUNTIMES)}.")
    return {"runtime_version": version}


def _strict(reader: Reader) -> dict[str, Any]:
    reader.expect("NULL", "ON", "NULL", "INPUT")
    return {"strict": True}


def _called(reader: Reader) -> dict[str, Any]:
    reader.expect("ON", "NULL", "INPUT")
    return {"strict": False}


def _execute_as(reader: Reader) -> dict[str, Any]:
    reader.expect("AS")
    restricted = reader.take("RESTRICTED")
    rights = reader.take_any("CALLER") if restricted else reader.take_any("CALLER", "OWNER")
    if not rights:
        raise reader.unexpected()
    return {"execute_as": f"RESTRICTED {rights}" if restricted else rights}


def _unsupported(what: str) -> Callable[[Reader], dict[str, Any]]:
    def refuse(_reader: Reader) -> dict[str, Any]:
        raise unsupported(what)

    return refuse


_CLAUSES: Mapping[str, Callable[[Reader], dict[str, Any]]] = {
    "LANGUAGE": _language,
    "RUNTIME_VERSION": _runtime,
    "PACKAGES": lambda reader: {"packages": _assigned_strings(reader)},
    "IMPORTS": lambda reader: {"imports": _assigned_strings(reader)},
    "HANDLER": lambda reader: {"handler": _assigned_string(reader)},
    "COMMENT": lambda reader: {"comment": _assigned_string(reader)},
    "CALLED": _called,
    "RETURNS": _strict,
    "STRICT": lambda _reader: {"strict": True},
    "EXECUTE": _execute_as,
    "VOLATILE": lambda _reader: {},
    "IMMUTABLE": lambda _reader: {},
    "MEMOIZABLE": lambda _reader: {},
    "EXTERNAL_ACCESS_INTEGRATIONS": _unsupported("EXTERNAL_ACCESS_INTEGRATIONS"),
    "SECRETS": _unsupported("SECRETS"),
    "ARTIFACT_REPOSITORY": _unsupported("ARTIFACT_REPOSITORY"),
    "RESOURCE_CONSTRAINT": _unsupported("RESOURCE_CONSTRAINT"),
    "TARGET_PATH": _unsupported("TARGET_PATH"),
}


def _checked(routine: Routine) -> Routine:
    if any(parameter.out for parameter in routine.parameters) and (routine.kind, routine.language) != _WITH_OUTPUT:
        raise compilation_error("only procedures in SQL can have OUT arguments.")
    if routine.language == "PYTHON":
        for clause, value in (("RUNTIME_VERSION", routine.runtime_version), ("HANDLER", routine.handler)):
            if not value:
                raise compilation_error(f"a {routine.kind} in Python needs {clause} = '...'.")
    elif routine.handler or routine.imports or routine.packages:
        raise compilation_error("HANDLER, IMPORTS and PACKAGES need LANGUAGE PYTHON.")
    return routine


def _with_body(reader: Reader, routine: Routine) -> Routine:
    """AS '…' | AS $$…$$ | AS BEGIN … END; absent when a Python handler is imported."""
    if not reader.take("AS"):
        if routine.language == "PYTHON" and routine.imports:
            return routine
        raise reader.unexpected()
    if reader.sees_string():
        return replace(routine, body=reader.string())
    if routine.language == "PYTHON":
        raise reader.unexpected()
    return replace(routine, body=reader.rest())


def is_anonymous(statement: Statement) -> bool:
    """Whether a statement that starts with WITH is WITH name AS PROCEDURE."""
    return [plain_text(token).upper() for token in statement.tokens[2:4]] == ["AS", "PROCEDURE"]


# Parts ------------------------------------------------------------------------------------------------
def read_name(reader: Reader) -> tuple[str, ...]:
    """A dotted name; `IDENTIFIER('a.b')` too."""
    if reader.sees("IDENTIFIER", "("):
        reader.expect("IDENTIFIER")
        inside = reader.group()
        name = read_name(Reader.of(inside.string()))
        inside.finish()
        return name
    parts = [reader.name()]
    while reader.take("."):
        parts.append("" if reader.sees(".") else reader.name())
    return tuple(parts)


def read_parameters(reader: Reader) -> tuple[Parameter, ...]:
    """`name type [DEFAULT expression], …` up to the end."""
    parameters: list[Parameter] = []
    while not reader.at_end():
        name = reader.name()
        out = reader.take_any("IN", "INPUT", "OUT", "OUTPUT") in {"OUT", "OUTPUT"}
        data_type = read_type(reader)
        default = None
        if not out and reader.take_any("DEFAULT", ":="):
            default = reader.slice(reader.until(","))
        parameters.append(Parameter(name, data_type, default, out))
        if not reader.at_end():
            reader.expect(",")
    return tuple(parameters)


def read_type(reader: Reader) -> SqlType:
    """A data type: words and perhaps a length in parentheses. VOID counts as VARCHAR: its value is always NULL."""
    start = reader.position
    reader.name()
    while reader.sees("VARYING") or reader.sees("PRECISION"):
        reader.position += 1
    if reader.sees("("):
        reader.group()
    text = reader.slice(reader.tokens[start : reader.position])
    return TEXT if text.upper() in {"VOID", "NULL"} else parse_type(text)


def read_signature(reader: Reader) -> tuple[tuple[str, ...], tuple[SqlType, ...]]:
    """`name(type, …)` as DROP and DESCRIBE write it."""
    name, types = read_name(reader), []
    inside = reader.group()
    while not inside.at_end():
        types.append(read_type(inside))
        if not inside.at_end():
            inside.expect(",")
    reader.finish()
    return name, tuple(types)


# CALL -------------------------------------------------------------------------------------------------
def read_call(reader: Reader) -> Call:
    """CALL name(argument, …)"""
    call = _call(reader)
    reader.finish()
    return call


def _call(reader: Reader) -> Call:
    reader.expect("CALL")
    name = read_name(reader)
    inside = reader.group()
    arguments: list[Argument] = []
    while not inside.at_end():
        argument_name = None
        if inside.word(1) == "=>":
            argument_name = inside.name()
            inside.expect("=>")
        tokens = inside.until(",")
        if not tokens:
            raise inside.unexpected()
        arguments.append(Argument(inside.slice(tokens), argument_name))
        if not inside.at_end():
            inside.expect(",")
    return Call(name, tuple(arguments))
