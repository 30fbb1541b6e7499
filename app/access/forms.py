"""The fields of the forms of access, as ``_form.html`` shows them."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.queries import AreaRow, CompanyView, StoreRow, UserView
from app.access.roles import OPERATOR, ROLE_NAMES
from app.kit.forms import Field
from app.kit.i18n import DEFAULT_LANGUAGE, gettext, mark

LANGUAGE_NAMES = (("zh_CN", "中文"), ("en", "English"))
PASSWORD_HINT = mark("At least 8 characters.")
PIN_HINT = mark("4 to 8 digits, for signing in with the badge.")


def user_fields(
    user: UserView | None, stores: Sequence[StoreRow], areas: Sequence[AreaRow]
) -> list[Field]:
    """The form of a user; a new one (None) also gets a login, a password and a PIN."""
    roles = tuple((role, gettext(name)) for role, name in ROLE_NAMES.items())
    shared = [
        Field("name", gettext("Name"), value=user.name if user else "", required=True),
        Field("role", gettext("Role"), "select", user.role if user else OPERATOR, options=roles),
        Field(
            "badge",
            gettext("Badge"),
            value=user.badge if user else "",
            hint=gettext("Scan the badge into this field."),
        ),
        Field(
            "language",
            gettext("Language"),
            "select",
            user.language if user else DEFAULT_LANGUAGE,
            options=LANGUAGE_NAMES,
        ),
        Field(
            "store_ids",
            gettext("Stores"),
            "choices",
            [str(store) for store in user.store_ids] if user else [],
            options=tuple((str(store.id), store.name) for store in stores),
        ),
        Field(
            "area_ids",
            gettext("Areas"),
            "choices",
            [str(area) for area in user.area_ids] if user else [],
            hint=gettext("All stores of these areas, also those opened later."),
            options=tuple((str(area.id), area.name) for area in areas),
        ),
    ]
    return shared if user else [Field("login", gettext("Login"), required=True), *shared, *_new()]


def _new() -> list[Field]:
    return [
        Field(
            "password",
            gettext("Password"),
            "password",
            hint=gettext(PASSWORD_HINT),
            required=True,
        ),
        Field("pin", gettext("PIN"), "digits", hint=gettext(PIN_HINT)),
    ]


def company_fields(company: CompanyView | None) -> list[Field]:
    return [
        Field("name", gettext("Name"), value=company.name if company else "", required=True),
        Field(
            "currency",
            gettext("Currency"),
            value=company.currency if company else "CNY",
            hint=gettext("Three letters (ISO 4217)."),
            required=True,
        ),
        Field(
            "currency_decimals",
            gettext("Decimals of amounts"),
            "digits",
            str(company.currency_decimals) if company else "2",
            required=True,
        ),
        Field(
            "gs1_prefix",
            gettext("GS1 company prefix"),
            value=(company.gs1_prefix if company else None) or "",
            hint=gettext("For labels of cartons and pallets (SSCC); leave it empty without one."),
        ),
        Field(
            "recovers_input_tax",
            gettext("Input tax is recovered (costs are net of tax)"),
            "yes",
            company.recovers_input_tax if company else True,
        ),
        Field(
            "receive_without_order",
            gettext("Goods may be received without an order"),
            "yes",
            company.receive_without_order if company else True,
        ),
        _scope_field(company),
    ]


def _scope_field(company: CompanyView | None) -> Field:
    return Field(
        "cost_scope",
        gettext("What an item costs"),
        "select",
        company.cost_scope if company else "company",
        hint=gettext("Fixed, as the currency is, once goods have been posted."),
        options=(
            ("company", gettext("The same in all stores")),
            ("store", gettext("In each store its own")),
        ),
    )


def store_fields(store: StoreRow | None, areas: Sequence[AreaRow]) -> list[Field]:
    options = tuple((str(area.id), area.name) for area in areas)
    code = [] if store else [Field("code", gettext("Code"), required=True)]
    return [
        *code,
        Field("name", gettext("Name"), value=store.name if store else "", required=True),
        Field(
            "area_id",
            gettext("Area"),
            "select",
            str(store.area_id) if store else "",
            options=options,
        ),
        Field(
            "time_zone",
            gettext("Time zone"),
            value=store.time_zone if store else "Asia/Shanghai",
            required=True,
        ),
    ]


def area_fields(area: AreaRow | None) -> list[Field]:
    code = [] if area else [Field("code", gettext("Code"), required=True)]
    return [
        *code,
        Field("name", gettext("Name"), value=area.name if area else "", required=True),
    ]
