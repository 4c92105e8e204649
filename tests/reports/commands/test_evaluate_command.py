"""``manage.py evaluate``: exit codes, the shape of its JSON, and a table that fits a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indicators.policy import load_policy
from reports.findings import Finding, Level
from reports.intake.wording import width
from reports.management.commands import evaluate
from reports.management.commands.evaluate import Evaluated, exit_code
from tests.factories import make_dossier

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "tests" / "cases" / "shigu-rongmeiti-2023.txt"
SEED_CASE = SEED.with_suffix(".json")


@pytest.fixture
def clean(tmp_path) -> Path:
    path = tmp_path / "clean.json"
    path.write_text(make_dossier().canonical_json(), encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path) -> Path:
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, output and errors of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("evaluate", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    except CommandError as refusal:
        return refusal.returncode, out.getvalue(), str(refusal)
    return 0, out.getvalue(), err.getvalue()


def finding(level: Level) -> Finding:
    return Finding(kind="sum", code="a-rule", level=level, where="", message="不等")


def evaluated(*levels: Level) -> Evaluated:
    return Evaluated("x", findings=tuple(finding(level) for level in levels))


# ------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("levels", "fail_on", "code"),
    [
        ((), "warning", 0),
        ((Level.HINT,), "warning", 0),
        ((Level.WARNING,), "warning", 1),
        ((Level.ERROR,), "warning", 1),
        ((Level.WARNING,), "error", 0),
        ((Level.ERROR,), "error", 1),
    ],
)
def test_exit_code(levels, fail_on, code):
    assert exit_code([evaluated(), evaluated(*levels)], fail_on) == code


def test_an_unread_file_outweighs_findings():
    assert exit_code([evaluated(Level.ERROR), Evaluated("y", error="读不了")], "warning") == 2


def test_clean_dossier_ends_with_0(clean):
    code, out, err = run(clean)
    assert (code, err) == (0, "")
    assert "核对发现：没有" in out or "错误 0，疑点 0" in out


def test_the_published_report_ends_with_1():
    assert run(SEED)[0] == 1


def test_unreadable_file_ends_with_2_and_the_others_are_still_read(clean, broken):
    code, out, err = run(broken, clean)
    assert code == 2
    assert "不是正确的 JSON" in err
    assert "示例区档案馆" in out


def test_unknown_policy_is_refused(clean):
    code, _, err = run(clean, "--policy", "nowhere")
    assert code == 2
    assert "没有名为“nowhere”的评分办法" in err


# ------------------------------------------------------------------ JSON


def test_json_is_a_list_with_one_object_a_file(clean, broken):
    code, out, _ = run(clean, broken, "--format", "json")
    first, second = json.loads(out)
    assert code == 2
    keys = ["file", "score", "grade", "self_score", "self_grade", "indicators", "findings", "unread"]
    assert list(first) == keys
    assert list(second) == [*keys, "error"]
    assert second["score"] is None
    assert set(first["indicators"][0]) == {"name", "weight", "score", "basis"}
    assert first["file"] == str(clean)


def test_json_of_the_published_report():
    _, out, _ = run(SEED, "--format", "json")
    (result,) = json.loads(out)
    assert (result["score"], result["self_score"], result["self_grade"]) == (None, "100", "优")
    assert [line["name"] for line in result["indicators"]][:2] == ["预算执行率", "在职人员控制率"]
    shape = {"kind", "code", "level", "where", "message", "evidence", "fix"}
    assert result["findings"]
    assert all(set(item) == shape for item in result["findings"])
    assert result["unread"][0]["question"].startswith("目标写的是")


def test_text_and_case_of_one_report_give_the_same_score():
    _, out, _ = run(SEED, SEED_CASE, "--format", "json")
    text, case = json.loads(out)
    assert (text["score"], text["self_score"]) == (case["score"], case["self_score"])


# ------------------------------------------------------------------ table


@pytest.mark.parametrize(
    "path", [SEED, SEED_CASE, *sorted(SEED.parent.glob("[gklz]*.json"))], ids=lambda p: p.name
)
def test_table_fits_a_terminal_of_100_columns(path):
    _, out, _ = run(path)
    assert max(width(line) for line in out.splitlines()) <= 100


def test_table_says_where_in_chinese():
    _, out, _ = run(SEED)
    assert "项目支出" in out
    assert "money." not in out
    assert "请确认（1处）" in out


def test_columns_are_aligned():
    _, out, _ = run(SEED)
    lines = out.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("指标 "))
    edge = width(lines[start][: lines[start].index("得分")]) + width("得分")
    first = lines[start + 2]
    assert first.startswith("预算执行率")
    cut = next(number for number in range(len(first)) if width(first[:number]) == edge)
    assert first[cut - 1] != " "
    assert first[cut : cut + 2].strip() == ""


def test_every_result_has_a_place_even_without_indicators():
    policy = load_policy()
    result = evaluate.evaluate(str(SEED.parent / "tianshui-youeryuan-2017.json"), policy)
    assert any("天水市幼儿园" in line for line in evaluate.as_table(result))


# ------------------------------------------------------------------ as a user starts it


def test_it_needs_no_database_and_no_configuration(tmp_path):
    """An empty HOME, an unwritable database address, no variables: reading and scoring touch neither."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "evaluate", str(SEED), "--format", "json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)[0]["self_score"] == "100"
    assert done.stderr == ""


def test_output_in_a_terminal_without_utf8(tmp_path):
    """``LANG=C``, as on many servers: Chinese must not stop the program."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C", "LANG": "C"}
    done = subprocess.run(
        [sys.executable, "manage.py", "evaluate", str(SEED)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode(errors="replace")


# ------------------------------------------------------------------ folders


def test_a_folder_is_walked_in_the_order_of_names(tmp_path, clean):
    below = tmp_path / "区直" / "甲"
    below.mkdir(parents=True)
    (below / "clean.json").write_bytes(clean.read_bytes())
    (tmp_path / "读我.md").write_text("不是报告", encoding="utf-8")
    (tmp_path / ".隐藏.json").write_text("{", encoding="utf-8")
    (tmp_path / "~$锁.docx").write_bytes(b"x")
    code, out, _ = run(tmp_path, "--format", "json")
    assert code == 0
    assert [Path(item["file"]).name for item in json.loads(out)] == ["clean.json", "clean.json"]


def test_an_unreadable_file_in_a_folder_is_named_and_the_others_are_read(tmp_path, clean, broken):
    code, out, err = run(tmp_path, "--format", "json")
    assert code == 2
    assert "broken.json：" in err
    assert [bool(item["score"]) for item in json.loads(out)] == [False, True]


def test_an_empty_folder_is_said_to_be_empty(tmp_path):
    code, _, err = run(tmp_path)
    assert code == 2
    assert "文件夹里没有报告文件" in err
