"""Checking the input of commands: every wrong field is named at once.

The fields of a command carry their limits in their types (``Name``, ``Money`` and so on below);
``checked`` returns the command with tidied values or refuses with a mark per field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict
from dataclasses import Field as DataclassField
from dataclasses import fields as dataclass_fields
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_type_hints

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from app.catalog import values
from app.catalog.codes import LONGEST_CODE, tidied
from app.catalog.problems import InvalidInput
from app.kit.i18n import mark


def _number(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return values.number(value)
    except ValueError:
        return value


def _share(value: object) -> object:
    """A fraction typed as a percentage: ``13%`` is 0.13."""
    text = str(value).strip() if isinstance(value, str) else ""
    if not text.endswith(("%", "\N{FULLWIDTH PERCENT SIGN}")):
        return _number(value)
    number = _number(text[:-1])
    return number / 100 if isinstance(number, Decimal) else value


def _tidied(value: object) -> object:
    return tidied(value) if isinstance(value, str) else value


def _one_line(value: object) -> object:
    return values.one_line(value) if isinstance(value, str) else value


CodeText = Annotated[str, BeforeValidator(_tidied), Field(min_length=1, max_length=LONGEST_CODE)]
ShortCode = Annotated[str, BeforeValidator(_tidied), Field(min_length=1, max_length=20)]
Name = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=200)]
Note = Annotated[str, BeforeValidator(_one_line), Field(max_length=200)]
Quantity = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, lt=10**12, decimal_places=6)]
Factor = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, lt=10**9, decimal_places=6)]
Price = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, lt=10**12, decimal_places=6)]
Money = Annotated[
    Decimal, BeforeValidator(_number), Field(gt=-(10**12), lt=10**12, decimal_places=4)
]
"""An amount of money, negative for a credit."""
Rate = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, lt=10**9, decimal_places=10)]
Fraction = Annotated[Decimal, BeforeValidator(_share), Field(ge=0, lt=1, decimal_places=6)]
Decimals = Annotated[int, Field(ge=0, le=6)]
Days = Annotated[int, Field(ge=0, le=36500)]
Sequence = Annotated[int, Field(ge=0, lt=2**31)]
Id = Annotated[int, Field(gt=0, lt=2**63)]

# What pydantic found -> our words.  A kind that is not listed reads "not usable here".
_TEXTS = {
    "missing": mark("It is needed."),
    "string_too_short": mark("It is needed."),
    "string_too_long": mark("It has more than {max_length} characters."),
    "greater_than_equal": mark("It must be at least {ge}."),
    "greater_than": mark("It must be more than {gt}."),
    "less_than_equal": mark("It must be at most {le}."),
    "less_than": mark("It must be less than {lt}."),
    "decimal_max_places": mark("It has more than {decimal_places} decimals."),
    "decimal_parsing": mark("It is no number."),
    "decimal_type": mark("It is no number."),
    "finite_number": mark("It is no number."),
    "int_parsing": mark("It is no whole number."),
    "int_from_float": mark("It is no whole number."),
    "int_type": mark("It is no whole number."),
    "bool_parsing": mark("It must be yes or no."),
    "date_from_datetime_parsing": mark("It is no date."),
    "date_parsing": mark("It is no date."),
    "literal_error": mark("It must be one of {expected}."),
    "unexpected_keyword_argument": mark("There is no such field."),
}
_OTHERWISE = mark("It cannot be used here.")

SERIALS_ARE_WHOLE = mark("Items with serial numbers are counted in whole units.")
EXPIRY_NEEDS_LOTS = mark("Dates are kept by lot: choose lots or serial numbers first.")
SPECIFIC_NEEDS_LOTS = mark("What is valued by lot needs lots or serial numbers: choose them first.")
SHELF_LIFE_POSITIVE = mark("A shelf life is at least one day.")
TOO_FINE = mark("The item is counted with {decimals} decimals.")

C = TypeVar("C")


def checked(command: C) -> C:
    """The command with tidied values.

    Raises:
        InvalidInput: with a mark for every wrong field.
    """
    return read(type(command), asdict(cast("Any", command)))


def read(command: type[C], fields: Mapping[str, object]) -> C:
    """A command from the fields of a form or of JSON; texts become numbers and dates.

    Raises:
        InvalidInput: with a mark for every wrong, missing or unknown field.
    """
    unknown = [name for name in fields if name not in _names(command)]
    if unknown:
        text = _TEXTS["unexpected_keyword_argument"]
        raise InvalidInput.of([{"field": name, "text": text, "values": {}} for name in unknown])
    try:
        return _adapter(command).validate_python(dict(fields))
    except ValidationError as error:
        raise InvalidInput.of([_mark(row) for row in error.errors()]) from None


def changes(body: Mapping[str, object]) -> Any:  # tidy: allow-float - made exact again here
    """The changed fields of a JSON body, as the commands' ``changes``; checked where applied.

    Numbers that JSON gave as floats keep the digits that were written.
    """
    return {
        name: Decimal(repr(value)) if isinstance(value, float) else value
        for name, value in body.items()
    }


def all_fields(command: object) -> Any:
    """Every field of a create command as ``changes``: what a whole form means."""
    names = (field.name for field in dataclass_fields(cast("Any", command)))
    return {name: getattr(command, name) for name in names}


def from_form(command: type[C], form: Mapping[str, Any], **known: object) -> C:
    """A command from a sent form: an empty box means the default, a missing tick means no.

    Args:
        known: fields that the form doesn't carry, such as the id in the address.

    Raises:
        InvalidInput: with a mark for every wrong or missing field.
    """
    hints = get_type_hints(command)
    fields: dict[str, object] = dict(known)
    for field in dataclass_fields(cast("Any", command)):
        text = form.get(field.name, "")
        if field.name in known:
            continue
        if hints[field.name] is bool:
            fields[field.name] = bool(text)
        elif text != "" or not _has_default(field):
            fields[field.name] = text
    return read(command, fields)


def _has_default(field: DataclassField[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


@cache
def _names(command: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in dataclass_fields(command))


@cache
def _adapter(command: type[C]) -> TypeAdapter[C]:
    return TypeAdapter(command)


def _mark(row: Any) -> dict[str, Any]:
    known = {name: str(value) for name, value in row.get("ctx", {}).items() if name != "error"}
    field = ".".join(str(part) for part in row["loc"]) or "?"
    return {"field": field, "text": _TEXTS.get(row["type"], _OTHERWISE), "values": known}
