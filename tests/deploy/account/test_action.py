"""action.yml: its steps are run by bash as a runner of GitHub does it, with stand-ins for curl and gh."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step.get("id") or step.get("name"): step for step in ACTION["runs"]["steps"]}
WORKFLOW = yaml.safe_load(re.search(r"```yaml\n(name: neve\n.*?)```", (ROOT / "docs/ci.md").read_text(), re.DOTALL)[1])
GH = """#!/bin/sh
echo "$@" >> "$RUNNER_TEMP/gh.log"
case "$*" in
  *--jq*) cat "$RUNNER_TEMP/comments" ;;
esac
"""
CURL = """#!/bin/sh
echo "$@" > "$RUNNER_TEMP/curl.log"
echo '{"value": "jwt-of-the-job"}'
"""


class Runner:
    """A runner: its folders, files, and what a step writes into them."""

    def __init__(self, folder, shop):
        self.folder, self.shop = folder, shop
        (folder / "bin").mkdir()
        for name, text in (("gh", GH), ("curl", CURL)):
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        self.files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for file in self.files.values():
            file.touch()

    def run(self, step, code=0, **environ):
        """A step, with inputs as variables; what it prints."""
        path = os.pathsep.join([str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
        own = {"PATH": path, "RUNNER_TEMP": str(self.folder), **{name: str(file) for name, file in self.files.items()}}
        given = {**os.environ, **self.shop.environ, **own, "FOLDER": str(self.shop.root), "TARGET": "prod", **environ}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEPS[step]["run"]],
            env=given, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def outputs(self):
        return dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())


@pytest.fixture
def runner(shop, tmp_path):
    return Runner(tmp_path, shop)


def test_other_actions_are_pinned_by_their_hash():
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    used += [step["uses"] for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    others = [name for name in used if not name.startswith("neve-sql/neve@")]
    assert len(others) == 4
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in others)


def test_inputs_never_become_part_of_a_script():
    assert not [step for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]


def test_the_documented_workflow_uses_what_the_action_has():
    used = [step for job in WORKFLOW["jobs"].values() for step in job["steps"] if step["uses"].startswith("neve-sql")]
    assert [step["with"]["verb"] for step in used] == ["check", "plan", "apply"]
    assert {name for step in used for name in step["with"]} <= ACTION["inputs"].keys()
    assert {name for step in STEPS.values() for name in re.findall(r"inputs\.([\w-]+)", str(step))} <= ACTION[
        "inputs"
    ].keys()
    for name in ("plan", "apply"):
        assert WORKFLOW["jobs"][name]["permissions"]["id-token"] == "write"


def test_check_needs_no_account(runner):
    runner.shop("compile")
    runner.shop.sent.clear()
    runner.run("run", VERB="check", OIDC="true")
    runner.shop.write("deploy/prod.sql", "-- old\n")
    assert "is not up to date" in runner.run("run", code=1, VERB="check", OIDC="false")
    runner.shop("compile")
    runner.shop.write("tasks/wrong.sql", "/*---\ngraph: hourly\nafter: nobody\n---\nWrong.\n*/\nselect 1\n")
    assert re.search("::error .*file=tasks/wrong.sql,line=3", runner.run("run", code=1, VERB="check", OIDC="false"))
    (runner.shop.root / "tasks/wrong.sql").unlink()
    assert runner.shop.sent == []


def test_a_plan_leaves_its_files_and_says_whether_anything_changes(runner):
    runner.run("run", VERB="plan", OIDC="false")
    assert runner.outputs()["changes"] == "false"
    runner.shop.edit("tasks/tell.sql", "select 1", "select 2")
    runner.run("run", VERB="plan", OIDC="false")
    outputs = runner.outputs()
    assert outputs["changes"] == "true"
    assert "SHOP.JOBS.HOURLY$TELL" in Path(outputs["markdown"]).read_text()
    assert "```mermaid" in runner.files["GITHUB_STEP_SUMMARY"].read_text()
    assert json.loads(Path(outputs["plan"]).read_text())["target"] == "prod"
    runner.shop("compile")
    runner.run("run", VERB="apply", OIDC="false")
    assert runner.shop("plan").startswith("Nothing to do")
    runner.shop.edit("tasks/tell.sql", "select 2", "select 1")


def test_a_failing_verb_fails_the_step(runner):
    runner.run("run", code=69, VERB="plan", OIDC="false", SNOWFLAKE_CONNECTIONS_PROD_PASSWORD="wrong")
    runner.run("run", code=64, VERB="destroy", OIDC="false")


def test_the_job_logs_in_with_a_token_of_its_own(runner):
    """The engine knows no workload identity: it is neve that has to have been told of one."""
    asked = {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "ask-with-this", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://ids/?api=1"}
    fake = runner.folder / "bin/neve"
    fake.write_text('#!/bin/sh\nenv | grep "^SNOWFLAKE_[ATW]" | sort > "$RUNNER_TEMP/environ"\n')
    fake.chmod(0o755)
    printed = runner.run("run", VERB="apply", OIDC="true", **asked)
    assert "::add-mask::jwt-of-the-job" in printed
    assert (runner.folder / "environ").read_text().split() == [
        "SNOWFLAKE_AUTHENTICATOR=WORKLOAD_IDENTITY",
        "SNOWFLAKE_TOKEN=jwt-of-the-job",
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER=OIDC",
    ]
    asked_for = (runner.folder / "curl.log").read_text()
    assert "Authorization: bearer ask-with-this https://ids/?api=1&audience=snowflakecomputing.com" in asked_for


@pytest.mark.parametrize(
    ("there", "request_"), [("", "issues/7/comments"), ("41\n42\n", "-X PATCH .*issues/comments/41 ")]
)
def test_the_comment_is_posted_once_and_then_written_anew(runner, there, request_):
    (runner.folder / "comments").write_text(there)
    (runner.folder / "plan.md").write_text("### plan\n")
    environ = {"NUMBER": "7", "MARKDOWN": str(runner.folder / "plan.md"), "GITHUB_REPOSITORY": "o/r", "FOLDER": "."}
    runner.run("Comment on the pull request", **environ)
    asked, sent = (runner.folder / "gh.log").read_text().splitlines()
    assert "repos/o/r/issues/7/comments --jq" in asked
    assert re.search(request_, sent)
    body = Path(sent.rpartition("body=@")[2]).read_text()
    assert body == "<!-- neve plan of . for prod -->\n### plan\n"
