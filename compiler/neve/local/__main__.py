"""`python -m neve.local --state DIR`: the engine's process, which manage.start() makes."""

import argparse
from pathlib import Path

from neve.local.server import serve

parser = argparse.ArgumentParser(prog="python -m neve.local")
parser.add_argument("--state", type=Path, required=True)
serve(parser.parse_args().state)
