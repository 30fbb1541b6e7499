"""Reading the forms of picking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from litestar.enums import RequestEncodingType
from litestar.params import Body

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
ManyForm = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
LONGEST_NUMBER = 18


def number_in(data: Mapping[str, Any], name: str) -> int | None:
    """A positive id in a field, None where there is none."""
    return _number(data.get(name, ""))


def numbers_in(data: Mapping[str, Any], name: str) -> list[int]:
    """The ids in a field that comes once or several times."""
    given = data.get(name, [])
    values = cast("list[object]", given) if isinstance(given, list) else [given]
    return [number for value in values if (number := _number(value)) is not None]


def _number(value: object) -> int | None:
    given = str(value)
    is_number = given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER
    return int(given) if is_number and int(given) else None
