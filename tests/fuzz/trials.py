"""Trials in several processes: what goes wrong comes back with the smallest input found for it."""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz.reduce import reduced


@dataclass(frozen=True)
class Problem:
    seed: int
    name: str
    body: bytes
    text: str

    @property
    def kind(self) -> str:
        """Its last line and the last place of a traceback: problems with the same are one. Recursion ends anywhere."""
        lines = self.text.strip().splitlines()
        places = [line.strip() for line in lines if line.startswith("  File ") and "RecursionError" not in lines[-1]]
        return " ".join([lines[-1][:80].partition(": ")[0], *places[-1:]])


def open_trials(root: Path, *, engine: bool) -> Any:
    """What knows the cases and tries them."""
    if engine:
        from fuzz.statements import Statements

        return Statements(root)
    from fuzz.projects import Projects

    return Projects(root)


def work(engine: bool, seeds: range, reached: Any, found: Any) -> None:  # noqa: FBT001 - the target of a process
    """Try the seeds; a process of its own, so that one that dies is a finding too."""
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 2)
        trials = open_trials(Path(folder), engine=engine)
        for seed in seeds:
            reached.value = seed
            name, body = trials.case(seed)
            if text := trials.problem(name, body):
                found.put(shortest(trials, Problem(seed, name, body, text)))
        reached.value = seeds.stop


def shortest(trials: Any, problem: Problem) -> Problem:
    def fails(body: bytes) -> bool:
        text = trials.problem(problem.name, body)
        return bool(text) and Problem(problem.seed, problem.name, body, text).kind == problem.kind

    if "longer than" in problem.text:
        return problem
    return Problem(problem.seed, problem.name, reduced(problem.body, fails), problem.text)


def problems(*, engine: bool, start: int, stop: int, processes: int) -> Iterator[Problem | int]:
    """The problems as they are found, and in between up to which seed all have been tried."""
    context = multiprocessing.get_context("spawn")
    found = context.Queue()

    def begin(seeds: range) -> tuple[Any, range, Any]:
        reached = context.Value("l", seeds.start, lock=False)
        process = context.Process(target=work, args=(engine, seeds, reached, found), daemon=True)
        process.start()
        return process, seeds, reached

    workers = [begin(range(start + each, stop, processes)) for each in range(processes)]
    while workers:
        time.sleep(0.5)
        while not found.empty():
            yield found.get()
        yield min(reached.value for _, _, reached in workers)
        for worker in [worker for worker in workers if not worker[0].is_alive()]:
            workers.remove(worker)
            process, seeds, reached = worker
            if process.exitcode:
                yield Problem(reached.value, "", b"", f"the process died with {process.exitcode}")
                workers.append(begin(range(reached.value + seeds.step, stop, seeds.step)))
    while not found.empty():
        yield found.get()
