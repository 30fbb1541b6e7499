"""Sales orders for the screens that show them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.catalog.partners import CreatePartner, create_partner
from app.orders import commands as orders
from e2e.product import Product

Do = Callable[..., Any]


def sales_of(saoku: Product, do: Do) -> dict[str, int]:
    """``sale`` is released and gets a part of what it wants, ``sale_draft`` is a draft."""
    do(saoku, create_partner, CreatePartner("K1", "静安咖啡馆", "customer"), "manager_a")
    return {"sale": order_of(saoku, do, release=True), "sale_draft": order_of(saoku, do)}


def order_of(saoku: Product, do: Do, *, release: bool = False) -> int:
    lines = [
        orders.SalesLine("BREAD", Decimal(3)),
        orders.SalesLine("BREAD", Decimal(2), "箱", Decimal(45), Decimal("0.1")),
        orders.SalesLine("MILK", Decimal(40), unit_price=Decimal("6.5")),
    ]
    command = orders.CreateOrder(
        customer="K1", store_id=saoku.company.a.store_id, lines=lines, region="华东",
        address="上海市杨浦区国权路 1 号", contact="王敏", phone="13800000000",
    )  # fmt: skip
    made = do(saoku, orders.create_order, command, "manager_a")
    if release:
        do(saoku, orders.release_order, orders.ReleaseOrder(made.order_id), "manager_a")
    return made.order_id
