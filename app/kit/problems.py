"""What the product can refuse, and the one table from database constraints to refusals.

Four outcomes only (architecture.md): 409 refused by the business and the operator can act; 422
input unreadable; 404/403 gone or not yours; everything else is our bug and answers 500.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from app.kit.i18n import gettext

_by_code: dict[str, type[Problem]] = {}


class Problem(Exception):
    """A refusal that a person can act on.

    Subclasses set ``code`` (stable, snake_case), ``status``, ``text`` (what happened and why) and
    ``advice`` (what to do next).  Texts are marked with ``i18n.mark`` and may name the keyword
    arguments in braces: ``Problem(item="A1")`` fills ``{item}``.  The arguments are also the
    machine-readable ``data`` of the API answer, so they hold only JSON-ready values.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 409
    text: ClassVar[str] = ""
    advice: ClassVar[str] = ""
    leads_to: ClassVar[str] = ""
    """The page where it can be put right, such as the login; empty where there is none."""

    def __init_subclass__(cls) -> None:
        _by_code.setdefault(cls.code, cls)

    def __init__(self, **data: object) -> None:
        super().__init__(self.code, data)
        self.data = data

    @property
    def message(self) -> str:
        """What happened, in the current language."""
        return gettext(self.text).format(**self.data)

    @property
    def next_step(self) -> str:
        """What to do next, in the current language."""
        return gettext(self.advice).format(**self.data)

    def __str__(self) -> str:
        return f"{self.code}: {self.message} {self.next_step}".strip()


@dataclass(frozen=True)
class Refusal:
    """A problem as part of an answer: what would be refused now, in the current language."""

    code: str
    message: str
    advice: str
    data: dict[str, Any]

    @classmethod
    def of(cls, problem: Problem | None) -> Refusal | None:
        """The problem as data; None for none."""
        if problem is None:
            return None
        return cls(problem.code, problem.message, problem.next_step, dict(problem.data))


class Unreadable(Problem):
    """The input cannot be understood: the form comes back with marks (422)."""

    code = "unreadable"
    status = 422


class Gone(Problem):
    """The thing does not exist, or not for this user (404)."""

    code = "not_found"
    status = 404


class NotYours(Problem):
    """The role or the store does not allow it (403)."""

    code = "not_allowed"
    status = 403


P = TypeVar("P", bound=Problem)

_by_constraint: dict[str, type[Problem]] = {}


def refuses(*constraints: str) -> Callable[[type[P]], type[P]]:
    """Class decorator: a violation of one of these named constraints means this problem."""

    def register(problem: type[P]) -> type[P]:
        for constraint in constraints:
            _by_constraint[constraint] = problem
        return problem

    return register


def problem_for_constraint(name: str | None) -> type[Problem] | None:
    """The refusal that a violated constraint stands for; None means it is our bug."""
    return _by_constraint.get(name or "")


def problem_named(code: str, data: dict[str, object]) -> Problem:
    """The refusal with this code again, from what was stored of it."""
    return _by_code.get(code, Problem)(**data)
