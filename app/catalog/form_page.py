"""What the catalog's pages share: one page for any form, marks, queries, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response

from app.catalog import fields
from app.catalog.problems import InvalidInput
from app.catalog.queries import shortest
from app.kit.forms import Field
from app.kit.problems import Problem
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, page

WORDS: dict[str, Any] = {
    "tracking_names": fields.TRACKING_NAMES,
    "expiry_names": fields.EXPIRY_NAMES,
    "cost_names": fields.COST_NAMES,
    "kind_names": fields.KIND_NAMES,
    "partner_names": fields.PARTNER_NAMES,
    "percentage": fields.percentage,
    "shortest": shortest,
}
_LONGEST_ID = 18


@dataclass(frozen=True)
class FormPage:
    """A form of its own page.  ``title`` and ``save`` are marked texts."""

    title: str
    action: str
    back: str
    fields: list[Field]
    save: str


def form_page(
    request: AnyRequest,
    form: FormPage,
    data: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    """The form, empty or as it was sent with what is wrong in it."""
    return page(
        request,
        "catalog/form.html",
        status=problem.status if problem else 200,
        form=form,
        problem=problem,
        marks=marks_of(request, problem),
        values=data,
    )


def marks_of(request: AnyRequest, problem: Problem | None) -> dict[str, str]:
    """What is wrong with which field, in the visitor's language."""
    if not isinstance(problem, InvalidInput):
        return {}
    with visit_of(request).speaking():
        return problem.marks


def query_of(request: AnyRequest) -> dict[str, str]:
    """The present query for links: what is empty is left out."""
    return {name: value for name, value in request.query_params.items() if value}
