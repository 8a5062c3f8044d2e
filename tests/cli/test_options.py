import click
import pytest

from neve.cli.options import read_config, read_vars


@pytest.mark.parametrize(
    ("texts", "config"),
    [
        (["a=1"], {"a": 1}),
        (["a=0.95", "b=true", "c=null"], {"a": 0.95, "b": True, "c": None}),
        (["a=text", "b=2024-03-11", "c="], {"a": "text", "b": "2024-03-11", "c": ""}),
        (["a=[1, 2]", 'b={"c": 1}'], {"a": [1, 2], "b": {"c": 1}}),
        (["a.b=1", "a.c=2"], {"a": {"b": 1, "c": 2}}),
        (['{"a": {"b": 1}}', "a.c=x=y"], {"a": {"b": 1, "c": "x=y"}}),
        (["a=NaN"], {"a": "NaN"}),
    ],
)
def test_config_values_are_json_when_they_parse_and_else_text(texts, config):
    assert read_config(texts) == config


@pytest.mark.parametrize("text", ["a", "=1", "a..b=1", "{broken", "[1]"])
def test_config_that_cannot_be_read_is_a_usage_error(text):
    with pytest.raises(click.UsageError):
        read_config([text])


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["a=1"], {"a": 1}),
        (["{a: 1, b: [x]}"], {"a": 1, "b": ["x"]}),
        (["a: 1"], {"a": 1}),
        (['{"a": 1}', "b=2"], {"a": 1, "b": 2}),
    ],
)
def test_vars_are_pairs_or_yaml_mappings(texts, found):
    assert read_vars(texts) == found


def test_vars_that_cannot_be_read_are_a_usage_error():
    with pytest.raises(click.UsageError, match="neither KEY=VALUE nor a mapping"):
        read_vars(["just a text"])
