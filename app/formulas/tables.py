"""Cost elements and the versions of their formulas."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from app.kit.tables import Table, key, moment, one_of, reference

APPLIES = ("production", "sale", "price", "helper")


class CostElement(Table, table=True):
    """Something that a company reckons into cost or price; ``name`` is what formulas call it.

    ``production`` goes into the value of what is made; ``sale`` counts in margins and prices only;
    ``price`` suggests a price; ``helper`` is there for other formulas.
    """

    __tablename__ = "cost_element"
    __table_args__ = (
        UniqueConstraint("name", name="cost_element_name_once"),
        CheckConstraint("name <> ''", name="cost_element_name_given"),
        one_of("applies", *APPLIES, name="cost_element_applies_known"),
    )

    id: int | None = key()
    name: str
    title: str = ""
    applies: str
    category_id: int | None = reference("category.id", null=True)
    position: int = 100
    is_active: bool = True
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class CostElementVersion(Table, table=True):
    """A formula that holds from a day on; insert only."""

    __tablename__ = "cost_element_version"
    __table_args__ = (
        UniqueConstraint("element_id", "version", name="cost_element_version_once"),
        CheckConstraint("formula <> ''", name="cost_element_version_formula_given"),
    )

    id: int | None = key()
    element_id: int = reference("cost_element.id")
    version: int
    valid_from: date
    formula: str
    note: str = ""
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
