"""Every code and its title. A new one needs a line here and a page in `pages/<CODE>.md`."""

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
    # 2xx: Jinja, SQL and Python that cannot be read
    "NEVE201": "Jinja syntax error",
    "NEVE202": "Unknown name in Jinja",
    "NEVE203": "A variable that is not set",
    "NEVE204": "Jinja that fails",
    "NEVE205": "A macro defined twice",
    "NEVE206": "Jinja that does too much",
}


def explain(code: str) -> str | None:
    """The page of a code as Markdown, or None when there is no such code. Case does not count."""
    code = code.upper()
    if code not in CODES:
        return None
    return (files("neve.diagnostics") / "pages" / f"{code}.md").read_text(encoding="utf-8")


def nearest_code(code: str) -> str | None:
    """The code that was most likely meant."""
    return nearest(code.upper(), CODES)
