"""docs/performance.md, in which each command's tables stand between two marks."""

from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def put(name: str, tables: str, page: Path = PAGE) -> None:
    """Put tables in the place of those of the same name. Raises ValueError where the page has no such place."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page} has no place for {name}")
    page.write_text(f"{before}{start}\n{tables.strip()}\n\n{end}{after}", encoding="utf-8")
