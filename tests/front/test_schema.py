import json
from pathlib import Path

import pytest

from neve.schema import HEADER, published
from neve.validate import problems

DOCS = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("name", sorted(published()))
def test_the_published_schema_is_fresh(name):
    """`python -m neve.schema docs/schema` writes them."""
    assert json.loads((DOCS / name).read_text()) == published()[name]


def test_every_key_says_what_it_means():
    assert [name for name, key in HEADER.items() if not key.doc.endswith(".")] == []


def test_the_schemas_use_only_what_the_validator_reads():
    read = {
        "$schema", "title", "description", "type", "enum", "pattern", "minimum", "maximum", "items", "properties",
        "patternProperties", "propertyNames", "additionalProperties", "required", "anyOf",
    }  # fmt: skip

    def words(schema):
        for key, value in schema.items():
            yield key
            if key in {"properties", "patternProperties"}:
                for item in value.values():
                    yield from words(item)
            elif isinstance(value, dict):
                yield from words(value)
            elif key == "anyOf":
                for item in value:
                    yield from words(item)

    assert {word for schema in published().values() for word in words(schema)} <= read


def test_of_several_forms_the_nearest_one_is_explained():
    form = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}], "title": "a text or texts"}
    assert [problem.keys for problem in problems(["a", 1], form, ("k",))] == [("k", 1)]
    assert [problem.message for problem in problems(1, form, ("k",))] == [
        "`k` must be a text or texts, not the number 1"
    ]
