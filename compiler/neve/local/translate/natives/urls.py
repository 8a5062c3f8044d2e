"""PARSE_URL."""

import json
from urllib.parse import unquote, urlsplit


def parse_url(url: str) -> str:
    """The parts of a URL as JSON; each is null where there is none."""
    parts = urlsplit(url)
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    told = {
        "fragment": parts.fragment or None,
        "host": host,
        "parameters": {key: unquote(value) for key, _, value in pairs} or None,
        "path": parts.path.removeprefix("/"),
        "port": port or None,
        "query": parts.query or None,
        "scheme": parts.scheme,
    }
    return json.dumps(told, ensure_ascii=False)


FUNCTIONS = (("sf_parse_url", parse_url, ["VARCHAR"], "VARCHAR"),)
