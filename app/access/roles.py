"""Who may do what: one table of capabilities by role."""

from __future__ import annotations

from app.access.tables import ROLES
from app.kit.i18n import mark

OPERATOR, SUPERVISOR, STORE_MANAGER, AREA_MANAGER, HEADQUARTERS, ADMINISTRATOR = ROLES

ROLE_NAMES = {
    OPERATOR: mark("Operator"),
    SUPERVISOR: mark("Supervisor"),
    STORE_MANAGER: mark("Store manager"),
    AREA_MANAGER: mark("Area manager"),
    HEADQUARTERS: mark("Headquarters"),
    ADMINISTRATOR: mark("Administrator"),
}

_EVERYONE = frozenset(ROLES)
_LEADING = frozenset(ROLES) - {OPERATOR}
_MANAGING = _LEADING - {SUPERVISOR}
_COMPANY = frozenset({HEADQUARTERS, ADMINISTRATOR})
_ADMINISTRATION = frozenset({ADMINISTRATOR})

CAPABILITIES: dict[str, frozenset[str]] = {
    # Work on the floor.
    "receive": _EVERYONE,
    "receive_without_order": _EVERYONE,  # where the company's policy allows it at all
    "put_away": _EVERYONE,
    "print_label": _EVERYONE,
    "stock_read": _EVERYONE,
    "move_read": _EVERYONE,
    # Deviations and corrections.
    "over_receipt": _LEADING,
    "short_shelf_life": _LEADING,
    "take_over": _LEADING,
    "close_short": _LEADING,
    "cancel_receipt": _LEADING,
    "reverse_move": _LEADING,
    "status_change": _LEADING,
    "conflict_resolve": _LEADING,
    # Approvals: who votes is a matter of the policies.
    "approval_read": _LEADING,  # everybody sees what they asked for themselves
    "approval_policy_write": _MANAGING,  # the company's: who sees all stores
    # Quality and returns.
    "lot_hold": _COMPANY,  # it releases promises in every store: who places it has to see them all
    "customer_return": _EVERYONE,
    # Orders and shipping.
    "sales_order_read": _EVERYONE,
    "sales_order_write": _LEADING,
    "sales_order_release": _LEADING,
    "allocate": _LEADING,
    # Picking.
    "pick": _EVERYONE,
    "short_pick": _EVERYONE,
    "pick_assign": _LEADING,
    # Packing.
    "pack": _EVERYONE,
    "ship": _EVERYONE,
    "ship_unchecked": _LEADING,
    "take_back_shipment": _LEADING,
    # Production and what it costs.
    "produce": _EVERYONE,
    "production_plan": _LEADING,
    "undo_production": _LEADING,
    "recipe_read": _LEADING,
    "recipe_write": _MANAGING,
    "formula_read": _MANAGING,
    "formula_write": _COMPANY,  # it holds for every store
    # Why it cannot ship.
    "troubleshoot": _EVERYONE,
    "board_read": _LEADING,
    "view_as": _LEADING,
    "zone_open": _LEADING,
    "count_unlock": _LEADING,
    "transfer_request": _LEADING,
    "recount_request": _EVERYONE,
    # Counting.
    "count": _EVERYONE,
    "count_manage": _LEADING,
    "count_post": _LEADING,
    # Paper and master data.
    "purchase_order_read": _EVERYONE,
    "purchase_order_write": _LEADING,
    "location_write": _LEADING,
    "item_write": _MANAGING,
    "partner_write": _MANAGING,
    "catalog_write": _MANAGING,
    "import": _MANAGING,
    "opening_stock": _MANAGING,
    # What goods cost: charges, suppliers' invoices, currencies.
    "landed_cost_read": _MANAGING,
    "landed_cost_write": _MANAGING,
    "supplier_invoice_read": _MANAGING,
    "supplier_invoice_write": _MANAGING,
    "supplier_return": _LEADING,
    "currency_write": _MANAGING,
    # Figures.
    "view_cost": _MANAGING,
    "period_read": _COMPANY,  # sums over every store
    "period_close": _COMPANY,
    "export": _LEADING,
    "margin_read": _MANAGING,  # what things cost and earn
    "abc_read": _LEADING,
    "report_rule_write": _COMPANY,
    # Telling people, and being told.
    "notification_read": _LEADING,
    "notification_send_again": _LEADING,
    "notification_write": _MANAGING,
    "alert_read": _LEADING,
    "alert_snooze": _LEADING,
    "alert_rule_write": _MANAGING,
    # People, devices, the company.
    "device_write": _LEADING,
    "printer_write": _LEADING,
    "label_template_write": _MANAGING,
    "audit_read": _LEADING,
    "token_write": _MANAGING,
    "user_read": _MANAGING,
    "user_write": _ADMINISTRATION,
    "company_write": _ADMINISTRATION,
    "metrics_read": _ADMINISTRATION,
    "verify": _COMPANY,
}


def may(role: str, capability: str) -> bool:
    """Whether a role has a capability; an unknown capability is our bug (KeyError)."""
    return role in CAPABILITIES[capability]
