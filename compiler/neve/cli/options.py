"""The options that verbs share, and what is read out of their texts."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from neve.cli.project import Chosen, find_root


def folder_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb -C; it gets the project's root as its first argument."""

    @click.option(
        "-C",
        "--project-dir",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        metavar="DIR",
        help="The project's folder (default: this one, or the nearest above it).",
    )
    @functools.wraps(verb)
    def wrapped(*, project_dir: Path, **rest: Any) -> Any:
        root = find_root(project_dir.resolve())
        click.get_current_context().find_root().obj = root
        return verb(root, **rest)

    return wrapped


def project_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb -C, -t and --vars; it gets them as its first argument, a `Chosen`."""

    @folder_option
    @click.option("-t", "--target", metavar="NAME", help="A target of project.yml (default: local).")
    @click.option(
        "--vars",
        "cli_vars",
        multiple=True,
        metavar="K=V",
        help="A variable for Jinja, or a YAML mapping of several; may be repeated.",
    )
    @functools.wraps(verb)
    def wrapped(root: Path, *, target: str | None, cli_vars: tuple[str, ...], **rest: Any) -> Any:
        return verb(Chosen(root, target, read_vars(cli_vars)), **rest)

    return wrapped


def output_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--output`, text unless asked otherwise."""
    return click.option("--output", type=click.Choice(formats or ("text", "json")), default="text", show_default=True,
                        help="How to print the result.")  # fmt: skip


def read_vars(texts: Sequence[str]) -> dict[str, Any]:
    """`--vars` values: `k=v`, or a YAML or JSON mapping. Raises a usage error for anything else."""
    merged: dict[str, Any] = {}
    for text in texts:
        merged.update(_mapping(text) if _looks_like_mapping(text) else _pair(text, "--vars"))
    return merged


def read_config(texts: Sequence[str]) -> dict[str, Any]:
    """`--config` values: `a.b=v` sets one value, JSON when it parses and else text; a JSON object sets several."""
    merged: dict[str, Any] = {}
    for text in texts:
        merge(merged, _mapping(text) if text.lstrip().startswith("{") else _pair(text, "--config"))
    return merged


def merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put `more` over `into`, mappings key by key, as Snowflake merges USING CONFIG (fact sheet 2.4)."""
    for key, value in more.items():
        old = into.get(key)
        if isinstance(old, dict) and isinstance(value, Mapping):
            merge(old, value)
        else:
            into[key] = value


def _looks_like_mapping(text: str) -> bool:
    head = text.split("=", 1)[0]
    return text.lstrip().startswith("{") or "=" not in text or ":" in head


def _mapping(text: str) -> dict[str, Any]:
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise click.UsageError(f"cannot read {text!r} as YAML or JSON: {str(error).splitlines()[0]}") from error
    if not isinstance(data, dict):
        raise click.UsageError(f"{text!r} is neither KEY=VALUE nor a mapping")
    return data


def _pair(text: str, option: str) -> dict[str, Any]:
    key, sign, value = text.partition("=")
    parts = [part.strip() for part in key.split(".")]
    if not sign or not all(parts):
        raise click.UsageError(f"{option} {text!r}: write it as KEY=VALUE")
    nested: Any = _value(value)
    for part in reversed(parts):
        nested = {part: nested}
    return dict(nested)


def _value(text: str) -> Any:
    import json

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return json.loads(text, parse_constant=refuse)
    except ValueError:
        return text
