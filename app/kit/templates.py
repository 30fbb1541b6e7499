"""Templates: strict about names, escaping everything, running no queries."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from app.kit import formats
from app.kit.i18n import current_language, gettext
from app.kit.ids import new_id
from app.kit.static_files import static_files

TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates"


_TO_ESCAPE = re.compile("[&<>'\"]").search


class _Generator(CodeGenerator):
    """Compiles what every page is full of to less work: shown values, texts, ``x if y``."""

    # The names are Jinja's, and so is the decorator that takes more arguments by their names.
    def visit_Call(self, node: nodes.Call, frame: Frame, **more: Any) -> None:  # noqa: N802 # pyright: ignore[reportIncompatibleMethodOverride]
        called = node.node
        if isinstance(called, nodes.Name) and called.name == "_" and len(node.args) == 1:
            self.write("environment.said(")
            self.visit(node.args[0], frame)
            self.write(")")
        else:
            super().visit_Call(node, frame, **more)

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        # Jinja would make an undefined value with a message, only to show nothing.
        node.expr2 = node.expr2 or nodes.Const("")
        super().visit_CondExpr(node, frame)

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Environment(Environment):
    code_generator_class = _Generator
    said = staticmethod(gettext)

    @staticmethod
    def shown(value: Any) -> str:
        """The value in the page, escaped: most have nothing to escape."""
        # Exactly these types: a subclass may show itself in another way.
        if value.__class__ is str:
            return value if _TO_ESCAPE(value) is None else escape(value)
        if value.__class__ is Markup:
            return value
        return str(value) if value.__class__ is int else escape(value)


@cache
def environment() -> Environment:
    """One for the whole process: each template is compiled once and stays compiled."""
    made = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    ours: dict[str, Any] = {
        "_": gettext,
        "static": static_files().url,
        "new_command_id": _command_id,
    }
    made.globals.update(ours)
    made.filters.update(
        quantity=formats.quantity, amount=formats.amount, day=formats.day, moment=formats.moment
    )
    return made


def render(template: str, context: dict[str, Any]) -> str:
    """The template's text in the current language (see ``i18n.speaking``)."""
    return environment().get_template(template).render(language=current_language(), **context)


def _command_id() -> str:
    """A fresh id for a form that a browser without JavaScript sends."""
    return str(new_id())
