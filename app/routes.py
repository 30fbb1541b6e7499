"""What every slice offers the composition root: pages, endpoints, cards, commands by name."""

from __future__ import annotations

from litestar.handlers import asgi
from litestar.types import ControllerRouterHandler

from app.access import (
    audit_pages,
    company_pages,
    device_pages,
    login_pages,
    operations,
    own_pages,
    user_pages,
)
from app.access.home import ACCESS_CARDS, HomeCard, home_handler
from app.administration import install_pages
from app.alerts import routes as alert_routes
from app.alerts.home import alerts_card
from app.approvals import api as approvals_api
from app.approvals import pages as approvals_pages
from app.approvals import policy_pages
from app.approvals.home import approvals_card
from app.approvals.prices import change_item_or_ask
from app.approvals.voting import executable
from app.board import boards, live_pages
from app.board import pages as board_pages
from app.board.topics import READERS
from app.catalog import api as catalog_api
from app.catalog import pages as catalog_pages
from app.catalog.home import catalog_card
from app.costing import api as costing_api
from app.costing import pages as costing_pages
from app.counting import api as counting_api
from app.counting import count_api as counting_count_api
from app.counting import late as counting_late
from app.counting import pages as counting_pages
from app.counting import plan_api as counting_plan_api
from app.counting import plan_pages as counting_plan_pages
from app.counting import report_pages as counting_report_pages
from app.counting import scans as counting_scans
from app.counting import sheet_api as counting_sheet_api
from app.counting import sheet_pages as counting_sheet_pages
from app.counting import sheet_tasks as counting_sheet_tasks
from app.counting import tag_pages as counting_tag_pages
from app.counting import tasks as counting_tasks
from app.counting import work_pages as counting_work_pages
from app.counting.home import counting_card
from app.counting.package import counting_packages
from app.counting.posting import post_count
from app.demo import pages as demo_pages
from app.formulas import pages as formula_pages
from app.formulas.home import formulas_card
from app.importing import api as importing_api
from app.importing import pages as importing_pages
from app.invoicing import api as invoicing_api
from app.invoicing import currency_pages
from app.invoicing import pages as invoicing_pages
from app.invoicing import return_pages as supplier_return_pages
from app.invoicing.home import invoices_card, supplier_returns_card
from app.invoicing.posting import post_invoice
from app.kit.static_files import serve_service_worker, serve_static
from app.labelling import api as labelling_api
from app.labelling import choosing_pages, printer_pages, queue_pages, template_pages
from app.labelling import exports as labelling_exports
from app.labelling import pages as labelling_pages
from app.labelling.home import labels_card
from app.landing import api as landing_api
from app.landing import estimate_pages
from app.landing import pages as landing_pages
from app.landing.home import landing_card
from app.landing.posting import post_voucher
from app.notifications import routes as notification_routes
from app.notifications import tasks as notification_tasks
from app.notifications.home import notifications_card
from app.orders.releasing import release_order
from app.outbox import exports as outbox_exports
from app.outbox import log_pages
from app.outbox import pages as outbox_pages
from app.outbox.home import conflicts_card, scans_card
from app.outbox.rerun import repeatable
from app.periods import api as periods_api
from app.periods import pages as period_pages
from app.periods.commands import reopen_period
from app.picking import api as picking_api
from app.picking import commands as picking_commands
from app.picking import pages as picking_pages
from app.picking import work_pages as picking_work_pages
from app.picking.home import picking_card
from app.picking.package import picking_packages
from app.producing import api as producing_api
from app.producing import order_pages as production_order_pages
from app.producing import pages as producing_pages
from app.producing import recipe_pages
from app.producing import scans as producing_scans
from app.producing.home import producing_card, recipes_card
from app.quality import api as quality_api
from app.quality import pages as quality_pages
from app.quality import return_api
from app.quality.changing import change_status
from app.quality.holds import lift_hold
from app.quality.home import quality_card, returns_card
from app.receiving import allowance_pages, order_pages, tag_pages, work_pages
from app.receiving import api as receiving_api
from app.receiving import commands as receiving_commands
from app.receiving import pages as receiving_pages
from app.receiving.allowance import allow_more
from app.receiving.home import orders_card, receiving_card
from app.receiving.package import receiving_packages
from app.reporting import api as reporting_api
from app.reporting import routes as report_routes
from app.reporting.following import follow as follow_sales
from app.reporting.home import abc_card, margin_card
from app.rfid import api as rfid_api
from app.rfid import pages as rfid_pages
from app.scanning import pages as scanning_pages
from app.scanning.package_pages import package_handlers
from app.selling import allocation_pages, import_pages
from app.selling import api as selling_api
from app.selling import order_pages as selling_pages
from app.selling.home import sales_card
from app.shipping import api as shipping_api
from app.shipping import pages as shipping_pages
from app.shipping.home import shipping_card
from app.stock import api as stock_api
from app.stock import pages as stock_pages
from app.stock.corrections import take_back_move
from app.stock.home import stock_card
from app.troubleshooting import api as troubleshooting_api
from app.troubleshooting import pages as troubleshooting_pages
from app.troubleshooting.home import trouble_card

# What a supervisor can run again after it was refused.
REPEATABLE = repeatable(
    [
        receiving_commands.scan, receiving_commands.set_quantity, receiving_commands.enter_lot,
        receiving_commands.enter_expiry, receiving_commands.press_button,
        picking_commands.scan, picking_commands.set_quantity, picking_commands.short_pick,
        picking_commands.press_button,
        producing_scans.scan, producing_scans.set_quantity, producing_scans.set_lot,
        producing_scans.press_button,
        counting_scans.scan, counting_scans.set_quantity, counting_scans.enter_lot,
        counting_scans.press_button,
    ]
)  # fmt: skip
# What asks for approval: the last vote runs it.
EXECUTABLE = executable(
    [
        allow_more,
        change_item_or_ask,
        take_back_move,
        change_status,
        lift_hold,
        post_count,
        reopen_period,
        release_order,
        post_voucher,
        post_invoice,
    ]
)
# What the worker runs besides what the modules of pages name by being imported.
TASKS = (
    notification_tasks.send_task,
    notification_tasks.look_again,
    follow_sales,
    counting_tasks.post_in_parts,
    counting_tasks.go_on,
    counting_sheet_tasks.print_sheet,
    counting_late.look_for_late,
)
HOME_CARDS: list[HomeCard] = [
    board_pages.board_card,
    receiving_card,
    picking_card,
    counting_card,
    orders_card,
    sales_card,
    shipping_card,
    producing_card,
    recipes_card,
    formulas_card,
    stock_card,
    period_pages.periods_card,
    quality_card,
    returns_card,
    invoices_card,
    supplier_returns_card,
    landing_card,
    trouble_card,
    margin_card,
    abc_card,
    labels_card,
    catalog_card,
    approvals_card,
    conflicts_card,
    alerts_card,
    notifications_card,
    *ACCESS_CARDS,
    scans_card,
]
# What a page can listen to.
LIVE = {**READERS, board_pages.BOARD: boards.read}


def handlers(*, demo: bool) -> list[ControllerRouterHandler]:
    """Every route; ``demo`` adds those of the demo company."""
    return [*_frame(demo=demo), *_work(), *_money(), *_paper(), *_api()]


def _frame(*, demo: bool) -> list[ControllerRouterHandler]:
    """Files, the way in, people, devices and the company."""
    return [
        asgi("/static", is_mount=True, copy_scope=True)(serve_static),
        asgi("/sw.js", copy_scope=True)(serve_service_worker),
        *operations.handlers,
        *install_pages.handlers,
        home_handler(
            [demo_pages.demo_card, demo_pages.why_card, *HOME_CARDS] if demo else HOME_CARDS
        ),
        *(demo_pages.handlers if demo else []),
        *login_pages.handlers,
        *own_pages.handlers,
        *user_pages.handlers,
        *device_pages.handlers,
        *company_pages.handlers,
        *audit_pages.handlers,
    ]


def _work() -> list[ControllerRouterHandler]:
    return [
        *live_pages.handlers,
        *board_pages.handlers,
        *scanning_pages.handlers,
        *package_handlers([receiving_packages, picking_packages, counting_packages]),
        *catalog_pages.handlers,
        *importing_pages.handlers,
        *work_pages.handlers,
        *receiving_pages.handlers,
        *counting_work_pages.handlers,
        *counting_sheet_pages.handlers,
        *counting_report_pages.handlers,
        *counting_plan_pages.handlers,
        *counting_tag_pages.handlers,
        *counting_pages.handlers,
        *picking_work_pages.handlers,
        *picking_pages.handlers,
        *order_pages.handlers,
        *allowance_pages.handlers,
        *selling_pages.handlers,
        *import_pages.handlers,
        *allocation_pages.handlers,
        *rfid_pages.handlers,
        *tag_pages.handlers,
        *shipping_pages.handlers,
        *stock_pages.handlers,
        *quality_pages.handlers,
        *troubleshooting_pages.handlers,
        *approvals_pages.handlers,
        *policy_pages.handlers,
        *outbox_pages.handlers,
        *log_pages.handlers,
        *notification_routes.handlers,
        *alert_routes.handlers,
        *outbox_exports.handlers,
    ]


def _paper() -> list[ControllerRouterHandler]:
    """Labels and printers."""
    return [
        *labelling_pages.handlers,
        *choosing_pages.handlers,
        *queue_pages.handlers,
        *printer_pages.handlers,
        *template_pages.handlers,
        *labelling_exports.handlers,
    ]


def _money() -> list[ControllerRouterHandler]:
    """Production, costs, invoices, reports."""
    return [
        *producing_pages.handlers,
        *production_order_pages.handlers,
        *recipe_pages.handlers,
        *formula_pages.handlers,
        *costing_pages.handlers,
        *period_pages.handlers,
        *invoicing_pages.handlers,
        *supplier_return_pages.handlers,
        *currency_pages.handlers,
        *landing_pages.handlers,
        *estimate_pages.handlers,
        *report_routes.handlers,
    ]


def _api() -> list[ControllerRouterHandler]:
    return [
        catalog_api.router,
        importing_api.router,
        receiving_api.router,
        picking_api.router,
        counting_api.router,
        counting_count_api.router,
        counting_sheet_api.router,
        counting_plan_api.router,
        counting_tag_pages.router,
        selling_api.router,
        tag_pages.router,
        rfid_api.router,
        shipping_api.router,
        producing_api.router,
        stock_api.router,
        costing_api.router,
        periods_api.router,
        quality_api.router,
        return_api.router,
        invoicing_api.router,
        landing_api.router,
        troubleshooting_api.router,
        reporting_api.router,
        labelling_api.router,
        approvals_api.router,
    ]
