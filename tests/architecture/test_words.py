"""The glossary's words, in names and in texts."""

from __future__ import annotations

import ast
import re
from functools import cache

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.kit.i18n import LOCALES, catalogue
from tests.architecture.repository import ROOT, python_files, text, tree

# Folders that speak of the business; kit and administration speak of machines.
DOMAIN = tuple(
    f"app/{name}/"
    for name in (
        *("access", "catalog", "ledger", "receiving", "importing", "approvals", "stock"),
        *("spreadsheets",),
        *("picking", "counting", "transferring", "troubleshooting", "replenishing", "reporting"),
    )
)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}")
METHODS = [("app/**.py", "python"), ("web/templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"gettext": None, "mark": None, "_": None}


def banned():
    rows = [line.split("|") for line in text("docs/glossary.md").splitlines() if "|" in line]
    return {
        word.strip(): row[1].strip()
        for row in rows[2:]
        for word in row[4].split(",")
        if word.strip()
    }


def words_in(name):
    return {part.lower() for part in WORD.findall(name)}


def names_in(module):
    """Every name that this module gives: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def test_names_use_the_glossary():
    """Two words for one thing become two tables for one thing."""
    never = banned()
    found = [
        f"{file}:{line} {name}: say {never[word]}"
        for file in python_files(*DOMAIN)
        for line, name in names_in(tree(file))
        for word in words_in(name) & never.keys()
    ]
    assert not found, found


@cache
def messages():
    """Every marked text: English sentence -> where it stands."""
    found = extract_from_dir(
        ROOT, METHODS, keywords=KEYWORDS, directory_filter=lambda path: not hidden(path)
    )
    return {message: f"{file}:{line}" for file, line, message, _, _ in found}


def hidden(path):
    return str(path).rpartition("/")[2].startswith(".")


def test_texts_use_the_glossary():
    never = banned()
    found = [
        f"{place}: {word!r}, say {never[word]}"
        for message, place in messages().items()
        for word in words_in(message) & never.keys()
    ]
    assert not found, found


def test_every_text_has_a_chinese_translation():
    """Chinese is the default language: an English sentence in it is a hole."""
    chinese = catalogue("zh_CN")
    missing = [f"{place}: {text}" for text, place in messages().items() if text not in chinese]
    assert not missing, missing


def test_translations_fill_the_same_places():
    """A misspelt {placeholder} would fail in front of the operator."""
    chinese = catalogue("zh_CN")
    unequal = [
        message
        for message in messages()
        if message in chinese
        and not set(PLACEHOLDER.findall(chinese[message])) <= set(PLACEHOLDER.findall(message))
    ]
    assert not unequal, unequal


def test_one_sentence_has_one_translation():
    """Slices share a catalogue at run time: the last file read would win."""
    seen, unequal = {}, []
    for path in sorted((LOCALES / "zh_CN").glob("*.po")):
        for message, translation in pairs(path):
            if seen.setdefault(message, translation) != translation:
                unequal.append(f"{path.name}: {message}")
    assert not unequal, unequal


def pairs(path):
    with path.open("rb") as file:
        for message in read_po(file, locale="zh_CN"):
            if message.id and message.string:
                yield message.id, message.string
