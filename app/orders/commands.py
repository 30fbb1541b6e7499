"""Every command on sales orders, under one roof for those who call them."""

from app.orders.answers import Allocated, LineAllocated, LineReleased, OrderChanged, Requested
from app.orders.creating import ChangeOrder, CreateOrder, SalesLine, change_order, create_order
from app.orders.freeing import (
    AllocateOrders,
    AllocateWaiting,
    Reallocate,
    ReleaseAllocation,
    ReleaseStale,
    StaleReleased,
    allocate,
    allocate_arrivals,
    reallocate,
    release_allocation,
    release_lapsed,
)
from app.orders.releasing import (
    CancelOrder,
    CloseOrderShort,
    ReleaseOrder,
    cancel_order,
    close_order_short,
    release_order,
)
from app.orders.requesting import RequestTransfer, request_transfer
from app.orders.tasks import serve_waiting

__all__ = [
    "AllocateOrders",
    "AllocateWaiting",
    "Allocated",
    "CancelOrder",
    "ChangeOrder",
    "CloseOrderShort",
    "CreateOrder",
    "LineAllocated",
    "LineReleased",
    "OrderChanged",
    "Reallocate",
    "ReleaseAllocation",
    "ReleaseOrder",
    "ReleaseStale",
    "RequestTransfer",
    "Requested",
    "SalesLine",
    "StaleReleased",
    "allocate",
    "allocate_arrivals",
    "cancel_order",
    "change_order",
    "close_order_short",
    "create_order",
    "reallocate",
    "release_allocation",
    "release_lapsed",
    "release_order",
    "request_transfer",
    "serve_waiting",
]
