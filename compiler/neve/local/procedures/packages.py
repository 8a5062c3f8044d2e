"""PACKAGES of a Python procedure against what is installed beside the engine (fact sheet 6.1)."""

import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error
from neve.local.result import Column, Result, from_rows

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from neve.local.session import Session

SNOWPARK = "snowflake-snowpark-python"
REPOSITORY = "snowflake.snowpark.anaconda_shared_repository"
"""What Snowpark is told its packages come from."""
_OTHER_BUILDS = {"xgboost": "xgboost-cpu"}
"""Distributions that hold the package under another name."""


def check(packages: Sequence[str], *, snowpark: bool) -> None:
    """Raise SqlError for the first package that is absent or of another version.

    `snowpark` says that Snowpark must be among them, as a procedure needs it.
    """
    requirements = [_requirement(text) for text in packages]
    if snowpark and SNOWPARK not in {_normal(requirement.name) for requirement in requirements}:
        raise compilation_error(f"PACKAGES of a Python procedure must contain '{SNOWPARK}'.")
    for requirement in requirements:
        _check_one(requirement)


def importable_from(packages: Sequence[str]) -> frozenset[str]:
    """The top-level modules that these packages bring."""
    wanted = {_normal(_requirement(text).name) for text in packages}
    wanted |= {_OTHER_BUILDS[name] for name in wanted & _OTHER_BUILDS.keys()}
    return frozenset(module for module, names in _owners(_changes()).items() if wanted & names)


def installed() -> Mapping[str, str]:
    """The installed packages by the names that PACKAGES uses (their own, and its normal form), and their versions."""
    return _installed(_changes())


def _changes() -> tuple[int, ...]:
    """Reading all packages takes half a second: done anew when a folder they are in has changed."""
    return tuple(folder.stat().st_mtime_ns for folder in map(Path, sys.path) if folder.is_dir())


@lru_cache(maxsize=1)
def _owners(_at: tuple[int, ...]) -> Mapping[str, frozenset[str]]:
    """The top-level modules, and the packages that bring them."""
    return {module: frozenset(map(_normal, names)) for module, names in metadata.packages_distributions().items()}


@lru_cache(maxsize=1)
def _installed(_at: tuple[int, ...]) -> Mapping[str, str]:
    found = [(each.name.lower(), each.version) for each in metadata.distributions()]
    versions = dict(found) | {_normal(name): version for name, version in found}
    return versions | {name: versions[other] for name, other in _OTHER_BUILDS.items() if other in versions}


def view(_session: "Session", _database: str) -> Result:
    """INFORMATION_SCHEMA.PACKAGES: what is installed here, for every version of Python."""
    names = ("PACKAGE_NAME", "VERSION", "LANGUAGE", "RUNTIME_VERSION")
    rows = [(name, version, "python", None) for name, version in sorted(installed().items())]
    return from_rows([Column(name) for name in names], rows)


def _requirement(text: str) -> "Requirement":
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text.removesuffix("==*"))
    except InvalidRequirement:
        raise compilation_error(f"invalid package specification '{text}' in PACKAGES.") from None


def _check_one(requirement: "Requirement") -> None:
    version = _version(requirement.name)
    if version is None:
        raise compilation_error(
            f"package '{requirement.name}' in PACKAGES is not installed where the local engine runs. "
            f"Install it there: pip install {_normal(requirement.name)}"
        )
    if not requirement.specifier.contains(version, prereleases=True):
        raise compilation_error(
            f"package '{requirement}' in PACKAGES: the local engine has version {version}. "
            f"Install the one you name, or name that one."
        )


def _version(package: str) -> str | None:
    """The installed version, looked up afresh: a user may install what was missing and try again."""
    name = _normal(package)
    for distribution in (name, _OTHER_BUILDS.get(name, name)):
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return None


def _normal(name: str) -> str:
    from packaging.utils import canonicalize_name

    return str(canonicalize_name(name))
