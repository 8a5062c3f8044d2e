"""A macro's message tells of all that differs from row to row: DuckDB works out beforehand what is constant."""

import re

import pytest

from neve.local.translate import macros

MACRO = re.compile(r"CREATE MACRO (?P<name>\w+)\((?P<parameters>[^)]*)\)")
# Always literals, or told by another parameter.
LITERALS = {("sf_fitting", "n"), ("sf_strptime", "f"), ("sf_object_insert", "replaces"), ("sf_from_variant", "value"),
            ("sf_from_variant", "kind")}  # fmt: skip


def _faults():
    for text in macros.texts():
        for macro in re.split(r"(?=CREATE MACRO)", text):
            found = MACRO.match(macro)
            if found and "sf_fault(" in macro and found["name"] != "sf_fault":
                yield pytest.param(found["name"], found["parameters"], macro, id=found["name"])


@pytest.mark.parametrize(("name", "parameters", "macro"), list(_faults()))
def test_message_names_every_parameter(name, parameters, macro):
    message = re.sub(r"'(?:[^']|'')*'", "", macro.partition("sf_fault(")[2])
    told = set(re.findall(r"\w+", message.partition("CAST(NULL")[0]))
    assert {each.strip() for each in parameters.split(",")} - told <= {of for to, of in LITERALS if to == name}
