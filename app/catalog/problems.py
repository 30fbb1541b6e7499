"""Everything that the catalog can refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from app.kit.i18n import gettext, mark
from app.kit.problems import Gone, Problem, Unreadable, refuses


class InvalidInput(Unreadable):
    """Some fields are not as they should be; ``marks`` says which and why, all at once."""

    code = "invalid_input"
    text = mark("Some fields are not right.")
    advice = mark("Correct the marked fields. Nothing was changed.")

    @classmethod
    def of(cls, found: Sequence[Mapping[str, Any]]) -> InvalidInput:
        """Make it from ``{"field", "text", "values"}`` rows; ``text`` is a marked sentence."""
        fields = {row["field"]: row["text"].format(**row["values"]) for row in found}
        return cls(fields=fields, found=[dict(row) for row in found])

    @property
    def marks(self) -> dict[str, str]:
        """Field -> what is wrong with it, in the current language."""
        rows = cast("list[dict[str, Any]]", self.data["found"])
        return {row["field"]: _said(**row) for row in rows}


def _said(text: str, values: Mapping[str, object], **_field: object) -> str:
    return gettext(text).format(**values)


class CodeTaken(Problem):
    """The code already means something; the subclasses name it."""

    code = "code_taken"
    text = mark("{taken} already means something else.")
    advice = mark("One code means one thing: use another code, or change what holds it now.")


class BarcodeTaken(CodeTaken):
    code = "code_is_a_barcode"
    text = mark("{taken} is already the barcode of {name} ({owner}).")


class ItemCodeTaken(CodeTaken):
    code = "code_is_an_item"
    text = mark("{taken} is already the code of the item {name} ({owner}).")


class LocationCodeTaken(CodeTaken):
    code = "code_is_a_location"
    text = mark("{taken} is already the location {owner}.")


class PartnerCodeTaken(CodeTaken):
    code = "code_is_a_partner"
    text = mark("{taken} is already the partner {name} ({owner}).")


class CodeOfAnotherStore(CodeTaken):
    code = "code_of_another_store"
    text = mark("{taken} is already a place of another store.")


@refuses("code_pkey", "item_code_once", "partner_code_once", "location_code_once")
class CodeJustTaken(CodeTaken):
    code = "code_just_taken"
    text = mark("Somebody else has just used this code.")


class WrongCheckDigit(Unreadable):
    code = "wrong_check_digit"
    text = mark("{barcode} has a wrong check digit: with the right one it is {right}.")
    advice = mark("Read the barcode again. If it is your own number, mark it as internal.")


class OwnPrefix(Unreadable):
    code = "own_prefix"
    text = mark("{taken} begins like one of our own labels.")
    advice = mark("Use a code that does not begin with SK:.")


class UnknownUnit(Unreadable):
    code = "unknown_unit"
    text = mark("There is no unit {unit}.")
    advice = mark("Choose one of the units, or create it first.")


class UnknownCategory(Unreadable):
    code = "unknown_category"
    text = mark("There is no such category.")
    advice = mark("Choose one of the categories, or create it first.")


@refuses("item_identity_frozen")
class ItemIdentityFrozen(Problem):
    code = "item_identity_frozen"
    text = mark("The item has stock movements: its unit, decimals, tracking and costing are fixed.")
    advice = mark("Create a new item with the other values and archive this one when it is empty.")


@refuses("item_archived_without_stock")
class ItemHasStock(Problem):
    code = "item_has_stock"
    text = mark("The item still has stock.")
    advice = mark("Move or correct its stock to zero first, then archive it.")


@refuses("location_archived_empty")
class LocationHasStock(Problem):
    code = "location_has_stock"
    text = mark("There is still stock in this location.")
    advice = mark("Move it to another location first, then archive this one.")


class NoSuchItem(Gone):
    code = "no_such_item"
    text = mark("There is no such item.")
    advice = mark("Search for it in the list of items.")


class NoSuchPlace(Gone):
    code = "no_such_place"
    text = mark("There is no such warehouse, zone or location in your stores.")
    advice = mark("Choose it from the list of places.")


class NoSuchPartner(Gone):
    code = "no_such_partner"
    text = mark("There is no such partner.")
    advice = mark("Search for it in the list of partners.")


class NoSuchBarcode(Gone):
    code = "no_such_barcode"
    text = mark("{barcode} is no barcode of this item.")
    advice = mark("Reload the page: it may have been removed meanwhile.")


@refuses("unit_pkey")
class UnitExists(Problem):
    code = "unit_exists"
    text = mark("This unit exists already.")
    advice = mark("Use it, or choose another code.")


@refuses("category_code_once")
class CategoryExists(Problem):
    code = "category_exists"
    text = mark("A category with this code exists already.")
    advice = mark("Use it, or choose another code.")


@refuses("warehouse_code_once")
class WarehouseExists(Problem):
    code = "warehouse_exists"
    text = mark("A warehouse with this code exists already, perhaps in another store.")
    advice = mark("Choose another code.")


@refuses("zone_code_once_per_warehouse")
class ZoneExists(Problem):
    code = "zone_exists"
    text = mark("The warehouse already has a zone with this code.")
    advice = mark("Use it, or choose another code.")


@refuses("packaging_name_once_per_item")
class PackagingExists(Problem):
    code = "packaging_exists"
    text = mark("The item already has a pack with this name.")
    advice = mark("Use it, or name the new one by its content, such as 箱/12.")


class BadRange(Unreadable):
    code = "bad_range"
    text = mark("{first} to {last} is no range of locations.")
    advice = mark("Both ends need the same parts, each part rising, such as A-01-01 to A-05-04.")


class RangeTooLong(Unreadable):
    code = "range_too_long"
    text = mark("{first} to {last} are {count} locations; at most {most} can be made at once.")
    advice = mark("Split the range, for example by aisle.")


class LotDatesDiffer(Problem):
    code = "lot_dates_differ"
    text = mark("Lot {lot} is already known with other dates ({known}), not {said}.")
    advice = mark("Check the label. If the label is right, have the lot's dates corrected.")


@refuses("lot_expires_after_production")
class LotExpiresBeforeProduction(Unreadable):
    code = "lot_expires_before_production"
    text = mark("The lot would expire before it was produced.")
    advice = mark("Check both dates on the label.")


@refuses("lot_code_length")
class LotCodeLength(Unreadable):
    code = "lot_code_length"
    text = mark("A lot number has 1 to 50 characters.")
    advice = mark("Read the lot from the label again.")


class NoGs1Prefix(Problem):
    code = "no_gs1_prefix"
    text = mark("The company has no GS1 company prefix, so carton and pallet numbers cannot begin.")
    advice = mark("An administrator enters it in the company's settings.")
    leads_to = "/company/settings"


class SsccUsedUp(Problem):
    code = "sscc_used_up"
    text = mark("All carton and pallet numbers below the prefix {prefix} are used.")
    advice = mark("Ask GS1 for another company prefix and enter it in the company's settings.")
