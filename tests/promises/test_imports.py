"""`import evenhand` is light, and the engine meets neither Django nor, before it is used, a solver."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "evenhand"
HEAVY = ("django", "ortools", "polars", "numpy", "pandas", "pyarrow", "narwhals", "typer", "rich")
SECONDS = 0.3
STANDALONE = (Path("certificates/checker.py"), Path("ledger/verifier.py"))


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh process holds after a statement."""
    script = f"import sys\n{statement}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_evenhand_loads_neither_django_nor_a_solver_nor_tables() -> None:
    assert modules_after("import evenhand").isdisjoint(HEAVY)


def test_import_evenhand_takes_less_than_a_third_of_a_second() -> None:
    def seconds(statement: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        return time.perf_counter() - begun

    # What starting Python costs on this machine at this moment is not Evenhand's doing.
    taken = statistics.median(seconds("import evenhand") - seconds("pass") for _ in range(3))
    assert taken < SECONDS


def test_the_help_of_commands_needs_neither_a_solver_nor_tables() -> None:
    script = "from evenhand.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nimport sys; sys.stdout.write(chr(10))"
    assert modules_after(script).isdisjoint({"django", "ortools", "polars", "numpy", "pandas"})


def test_checking_a_plan_needs_neither_a_solver_nor_tables(tmp_path: Path) -> None:
    assert modules_after(f"from evenhand.cli import main; main(['check', {str(tmp_path)!r}])").isdisjoint(
        {"django", "ortools", "polars", "numpy", "pandas"}
    )


def test_every_public_name_can_be_imported_and_is_documented() -> None:
    import evenhand

    for name in evenhand.__all__:
        assert hasattr(evenhand, name), name
        assert name in dir(evenhand), name


@pytest.mark.parametrize("file", STANDALONE, ids=["checker", "verifier"])
def test_the_checker_and_the_verifier_import_the_standard_library_alone(file: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse((SOURCE / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import would tie it to Evenhand"
            imported.add((node.module or "").partition(".")[0])
    assert imported
    assert imported <= set(sys.stdlib_module_names) | {"__future__"}


def test_nothing_in_the_engine_prints_exits_or_catches_everything() -> None:
    """The checker and the verifier are the exceptions: each is also a program of its own."""
    broken: list[str] = []
    for file in sorted(SOURCE.rglob("*.py")):
        where = file.relative_to(SOURCE)
        if where.parts[0] in ("cli", "__main__.py") or where in STANDALONE:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("print", "exit"):
                broken.append(f"{where}:{node.lineno} calls {node.func.id}")  # type: ignore[attr-defined]  # it has one
            if isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", "") in ("Exception", "BaseException"):
                broken.append(f"{where}:{node.lineno} catches everything")
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                broken.append(f"{where}:{node.lineno} catches everything")
    assert broken == []
