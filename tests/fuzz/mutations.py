"""How a text gets broken. The same dice break it the same way."""

import random
import re
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, str, str], str]
"""Dice, the text, and another text of the corpus to take parts from."""

CHARACTERS = "{}[]()%#-:,;.'\"|\n\t *&!<>=\\`@$\0\x1b\x85\u2028\ufeff\u202e\U000f0001é𝄞~\u0301"
PIECES = [
    *CHARACTERS, "{{", "}}", "{%", "%}", "{#", "#}", "---", "/*", "*/", "//", "$$", "''", '""', ":=", "=>", "::", "..",
    "1e999", "-0", "0x1f", "range(9)", "null", "true", "~", "  ", "begin", "end;", "declare", "select", "from", "with",
    "as", "into", "table(", "identifier(", "execute immediate", "exception when", "case", "let", "def ", "class ",
    "lambda", "await", "f'{", "\n\n", "\n    ", "<<: *d", "!!python/object:os.x", "{% raw %}", "{% macro m() %}",
    "{% endif %}", "ref(", "config(", "return", "yield", "session.sql(", "\\N{", "\r",
]  # fmt: skip
NESTS = (
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("{{ [", "] }}"),
    ("{% if 1 %}", "{% endif %}"),
    ("begin ", " end;"),
    ("case when ", " then 1 end"),
    ("(select * from (", "))"),
    ("not ", ""),
    ("-", ""),
    ("f(", ")"),
    ("- ", ""),
    ("a: ", ""),
    ("if (true) then ", "end if;"),
    ("/*", "*/"),
)
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
BOM = "\ufeff".encode()


def stretch(dice: random.Random, text: str) -> tuple[int, int]:
    start = dice.randrange(len(text) + 1)
    return start, min(len(text), start + dice.choice((0, 1, 1, 2, 5, 30, 200)))


def delete(dice: random.Random, text: str, _: str) -> str:
    start, end = stretch(dice, text)
    return text[:start] + text[end:]


def put_in(dice: random.Random, text: str, _: str) -> str:
    start, _end = stretch(dice, text)
    return text[:start] + dice.choice(PIECES) + text[start:]


def double(dice: random.Random, text: str, _: str) -> str:
    start, end = stretch(dice, text)
    return text[:start] + text[start:end] * dice.choice((2, 2, 3, 40)) + text[end:]


def splice(dice: random.Random, text: str, other: str) -> str:
    start, end = stretch(dice, text)
    other_start, other_end = stretch(dice, other)
    return text[:start] + other[other_start:other_end] + text[end:]


def cross_over(dice: random.Random, text: str, other: str) -> str:
    return text[: dice.randrange(len(text) + 1)] + other[dice.randrange(len(other) + 1) :]


def flip_character(dice: random.Random, text: str, _: str) -> str:
    start, end = stretch(dice, text)
    return text[:start] + "".join(chr(ord(one) ^ 1 << dice.randrange(7)) for one in text[start:end]) + text[end:]


def swap_tokens(dice: random.Random, text: str, _: str) -> str:
    tokens = TOKEN.findall(text)
    if tokens:
        one, other = dice.randrange(len(tokens)), dice.randrange(len(tokens))
        tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def other_token(dice: random.Random, text: str, other: str) -> str:
    tokens = TOKEN.findall(text)
    if tokens:
        tokens[dice.randrange(len(tokens))] = dice.choice(TOKEN.findall(other) or [""])
    return "".join(tokens)


def swap_lines(dice: random.Random, text: str, _: str) -> str:
    lines = text.splitlines(keepends=True)
    start = dice.randrange(len(lines) + 1)
    some = lines[start : start + 3]
    return "".join(lines[:start] + some[::-1] + lines[start + 3 :])


def indent(dice: random.Random, text: str, _: str) -> str:
    lines = text.split("\n")
    place = dice.randrange(len(lines))
    lines[place] = dice.choice((" ", "\t", "    ")) + lines[place] if dice.random() < 0.5 else lines[place].lstrip()
    return "\n".join(lines)


def cut_off(dice: random.Random, text: str, _: str) -> str:
    return text[: dice.randrange(len(text) + 1)]


def other_case(dice: random.Random, text: str, _: str) -> str:
    start, end = stretch(dice, text)
    return text[:start] + text[start:end].swapcase() + text[end:]


def nest(dice: random.Random, text: str, _: str) -> str:
    start, end = stretch(dice, text)
    opening, closing = dice.choice(NESTS)
    depth = dice.choice((3, 60, 400, 3000))
    return text[:start] + opening * depth + text[start:end] + closing * depth + text[end:]


def huge_token(dice: random.Random, text: str, _: str) -> str:
    start, end = stretch(dice, text)
    return text[:start] + dice.choice("a9_'é ") * dice.choice((300, 20_000)) + text[end:]


def line_ends(dice: random.Random, text: str, _: str) -> str:
    return text.replace("\n", dice.choice(("\r\n", "\r", "\n\r", "\u2028", "\0\n")))


COMMON: Sequence[Mutation] = (
    delete,
    put_in,
    double,
    splice,
    flip_character,
    swap_tokens,
    other_token,
    indent,
    other_case,
)
RARE: Sequence[Mutation] = (cross_over, swap_lines, cut_off, nest, huge_token, line_ends)


def mutated(dice: random.Random, text: str, others: Sequence[str]) -> str:
    """One to four mutations of a text, mostly small ones."""
    for _ in range(dice.randrange(1, 5)):
        mutation = dice.choice(RARE if dice.random() < 0.1 else COMMON)
        text = mutation(dice, text, dice.choice(others))
    return text


def mutated_bytes(dice: random.Random, text: str, others: Sequence[str]) -> bytes:
    """The same, encoded; now and then with a byte-order mark, or with bytes flipped until it is no UTF-8 any more."""
    raw = bytearray(mutated(dice, text, others).encode("utf-8", "surrogatepass"))
    match dice.randrange(30):
        case 0:
            raw[:0] = BOM
        case 1 if raw:
            raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        case 2 if raw:
            del raw[dice.randrange(len(raw))]
    return bytes(raw)
