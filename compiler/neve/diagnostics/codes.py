"""Every code and its title. A new one needs a line here and a page in `pages/<CODE>.md`."""

import re
from importlib.resources import files

from neve.names import nearest

CODES: dict[str, str] = {
    # 1xx: the project, its files, their headers
    "NEVE101": "There is no project.yml",
    "NEVE102": "YAML that cannot be read",
    "NEVE103": "Unknown key",
    "NEVE104": "A value of the wrong kind",
    "NEVE105": "A key that stands twice",
    "NEVE106": "Unknown target",
    "NEVE107": "A secret in project.yml",
    "NEVE108": "A key is missing",
    "NEVE109": "Front matter without an end",
    "NEVE110": "A file name that is no identifier",
    "NEVE111": "Two files of one name",
    "NEVE112": "A file that is no text",
    "NEVE113": "A key that does not belong here",
    "NEVE114": "Unknown graph",
    "NEVE115": "Jinja in a header",
    "NEVE116": "A file that nothing uses",
    "NEVE117": "A file without a statement",
    # 2xx: Jinja, SQL and Python that cannot be read
    "NEVE201": "Jinja syntax error",
    "NEVE202": "Unknown name in Jinja",
    "NEVE203": "A variable that is not set",
    "NEVE204": "Jinja that fails",
    "NEVE205": "A macro defined twice",
    "NEVE206": "Jinja that does too much",
    "NEVE210": "SQL that cannot be parsed",
    "NEVE211": "SQL of which not everything is known",
    "NEVE212": "Python that cannot be parsed",
    "NEVE213": "A Python task without its handler",
    "NEVE214": "A model that is not one SELECT",
    "NEVE215": "An import that finds nothing in a procedure",
    # 3xx: names, dependencies, where things are made
    "NEVE301": "A task without a graph",
    "NEVE302": "The schema of a run without a run",
    "NEVE303": "Unknown table",
    "NEVE304": "Unknown task",
    "NEVE305": "A circle of dependencies",
    "NEVE306": "A dynamic table that comes too early",
    "NEVE307": "Two objects of one name",
    "NEVE308": "A table of the run inside of a string",
    "NEVE309": "A table's name in pieces",
    "NEVE310": "A data test that is not known",
    "NEVE311": "Unknown column",
    "NEVE312": "A column that could be one of several",
    "NEVE313": "A column that stands twice",
    # 4xx: what Snowflake would refuse
    "NEVE401": "A schedule that Snowflake refuses",
    "NEVE402": "An option of the root on another task",
    "NEVE403": "A condition that Snowflake refuses",
    "NEVE404": "$$ inside of $$",
    "NEVE405": "A finalizer in the wrong place",
    "NEVE406": "Compute that contradicts itself",
    "NEVE407": "A session parameter that tasks do not support",
    "NEVE408": "A graph beyond Snowflake's limits",
    "NEVE409": "A return value without the name of its task",
    "NEVE410": "A graph that nothing starts",
    "NEVE411": "A trigger that never rests",
    "NEVE412": "A task with more time than its graph",
    "NEVE413": "A return value set in a SQL procedure",
    "NEVE414": "A dbt project in a serverless task",
    "NEVE415": "Something that the local engine does not have",
    # 5xx: what would go wrong in a run
    "NEVE501": "Two writers race",
    "NEVE502": "A reader and a writer race",
    "NEVE503": "A return value that is never set",
    "NEVE504": "A config key that is not set",
    "NEVE505": "A config key that is not read",
    "NEVE506": "A branch and the tasks that wait for it disagree",
    "NEVE507": "A join that never runs",
    "NEVE508": "A return value that is too long",
}


def explain(code: str) -> str | None:
    """The page of a code as Markdown, or None when there is no such code. Case does not count, `303` is NEVE303."""
    code = f"NEVE{code}" if code.isdecimal() else code.upper()
    if code not in CODES:
        return None
    return (files("neve.diagnostics") / "pages" / f"{code}.md").read_text(encoding="utf-8")


def nearest_code(code: str) -> str | None:
    """The code that was most likely meant: one that is spelled much like it, or whose number is the nearest."""
    meant = nearest(code.upper(), CODES)
    number = re.fullmatch(r"(?:NEVE)?(\d{3})", code.upper())
    return min(CODES, key=lambda known: abs(int(known[4:]) - int(number[1]))) if number else meant
