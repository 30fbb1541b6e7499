"""House style that no linter knows, each rule with the mistake that it prevents."""

from __future__ import annotations

import ast
import re
from statistics import median

from tests.architecture.repository import (
    ROOT,
    VENDORED,
    files,
    functions,
    lines_of,
    python_files,
    text,
    tree,
)

CODE = ("app/", "printing/", "tests/", "e2e/", "bench/")
PRODUCT = ("app/", "printing/")

LONGEST_FUNCTION = 70
LONG_FUNCTION = 40
# The ratchet: it may go down, never up.
LONG_FUNCTIONS_ALLOWED = 0
LONGEST_FILE = 400

# Whole files that handle binary floating point, which no quantity and no amount touches.
FLOAT_FILES = {
    "app/spreadsheets/files.py": "spreadsheets hold doubles; made exact text in one place",
    "app/scanning/photo": "pixels: scale factors and corners of a symbol",
}
FLOAT_MARK = "tidy: allow-float - "
EXACT_WORDS = re.compile(r"quantit|amount|price|cost|money|balance|on_hand", re.IGNORECASE)
DURATION = re.compile(r"seconds|timeout|delay|interval", re.IGNORECASE)

# Written in parts, so that this file passes its own rule.
PLACES = ("pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org")
OUTSIDE = re.compile(r"(?<![\w.$}])/" + r"work/")


def test_functions_are_short():
    """A reader holds one screen in mind."""
    long = [f"{name}:{f.lineno} {f.name}" for name, f in functions(*CODE) if lines_of(f) > 70]
    assert not long, f"over {LONGEST_FUNCTION} lines: {long}"


def test_long_functions_do_not_spread():
    found = [
        f"{name}:{f.lineno} {f.name}" for name, f in functions(*CODE) if lines_of(f) > LONG_FUNCTION
    ]
    assert len(found) <= LONG_FUNCTIONS_ALLOWED, f"over {LONG_FUNCTION} lines: {found}"


def test_the_usual_function_is_tiny():
    assert median(lines_of(f) for _, f in functions(*PRODUCT)) < 10


def test_files_are_split_before_they_grow():
    """Over 400 lines there are two subjects in one file."""
    sources = [
        name
        for name in files()
        if name.endswith((".py", ".js", ".css", ".html", ".sql")) and VENDORED not in name
    ]
    # A migration is history: it is not split afterwards.
    sources = [name for name in sources if not name.startswith("app/migrations/versions/")]
    long = {name: count for name in sources if (count := len(text(name).splitlines())) > 400}
    assert not long, f"over {LONGEST_FILE} lines: {long}"


def test_no_binary_floats_in_the_application():
    """0.1 + 0.2 is not 0.3: one float and the stock no longer adds up.

    Durations are exempt; anything else says why in a comment on its line or on its function's
    first line: ``# tidy: allow-float - the reason``.
    """
    found = [
        place
        for name in python_files("app/")
        if not name.startswith(tuple(FLOAT_FILES))
        for place in unexplained_floats(name)
    ]
    assert not found, found


def unexplained_floats(name):
    lines = text(name).splitlines()
    excused = {
        line
        for node in ast.walk(tree(name))
        if isinstance(node, ast.stmt) and is_excused(node, lines)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    floats = [node for node in ast.walk(tree(name)) if is_float(node)]
    return [f"{name}:{node.lineno}" for node in floats if node.lineno not in excused]


def is_float(node):
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Name) and node.id == "float"


def is_excused(statement, lines):
    first = lines[statement.lineno - 1]
    if FLOAT_MARK in first:
        return True
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return bool(DURATION.search(first.partition("=")[0]))
    return isinstance(statement, ast.Expr) and "sleep(" in first


def test_printing_keeps_floats_away_from_what_is_counted():
    """Millimetres may be floats; what a label or a note says may not."""
    found = [
        f"{name}:{statement.lineno}"
        for name in python_files("printing/")
        for statement in ast.walk(tree(name))
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.AugAssign)
        and any(is_float(node) for node in ast.walk(statement))
        and any(is_exact(node) for node in ast.walk(statement))
    ]
    assert not found, found


def is_exact(node):
    name = getattr(node, "id", None) or getattr(node, "attr", None) or ""
    return bool(EXACT_WORDS.search(name))


def test_nothing_points_outside_the_repository():
    """A clone elsewhere, or behind another mirror, must work as it is."""
    found = []
    for name in files():
        if VENDORED in name or (ROOT / name).is_symlink():
            continue
        content = (ROOT / name).read_bytes()
        if b"\0" in content[:8000]:
            continue
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
            if OUTSIDE.search(line) or any(place in line for place in PLACES):
                found.append(f"{name}:{number}")
    assert not found, found


def test_only_the_edge_commits():
    """One command, one transaction: a commit elsewhere is half a command.

    ``kit.transactions`` commits; a second place would break its retries and its idempotency.
    """
    allowed = {
        "app/kit/transactions.py": "the edge",
        "app/kit/database.py": "the end of a screen's read-only transaction",
        "app/kit/jobs.py": "progress of a job, which is no fact of the business",
    }
    found = [
        f"{name}:{node.lineno}"
        for name in python_files("app/")
        if name not in allowed
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert not found, found


def test_slices_use_the_house_names():
    """The same file name means the same thing in every slice."""
    names = {name.split("/")[-1] for name in python_files("app/receiving/", "app/picking/")}
    assert "views.py" not in names, "handlers live in pages.py, read models in queries.py"
    assert "models.py" not in names, "tables live in tables.py"
    assert "utils.py" not in names, "a helper has a subject: name the file after it"


PATH_IN_DOCS = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|sql|lock))`")
# Made on the user's machine, or a pattern rather than a file.
NOT_IN_THE_REPOSITORY = re.compile(
    r"^(SAOKU_|\.venv|\.saoku|postgres|run/|tls/|\.\./|var/|etc/|_)|<|\*"
)


def test_docs_name_files_that_exist():
    """A guide that sends people to a file that is gone is worse than none."""
    missing = [
        f"{name}: {path}"
        for name in files()
        if name.endswith(".md") and VENDORED not in name and not name.startswith("CHANGELOG")
        for path in PATH_IN_DOCS.findall(text(name))
        if not NOT_IN_THE_REPOSITORY.search(path) and not named_file_exists(path)
    ]
    assert not missing, missing


def named_file_exists(path):
    if (ROOT / path).exists():
        return True
    # A bare name, such as queries.sql, means that file wherever it is.
    return any(name.endswith("/" + path) or f"/{path}" in name for name in files())
