"""What a device remembers between two labels: its printer, and the work to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.datastructures import Cookie

from app.access.authentication import AnyRequest
from app.access.cookies import DEVICE_SECONDS
from app.kit.web import local, see
from app.labelling.queue import PrinterView

PRINTER_COOKIE = "saoku_printer"


def last_printer(
    request: AnyRequest, printers: Sequence[PrinterView], usual_size: str
) -> PrinterView | None:
    """The one that this device printed on last; else one with the usual paper, else the first."""
    kept = request.cookies.get(PRINTER_COOKIE, "")
    known = [one for one in printers if str(one.id) == kept]
    fitting = [one for one in printers if one.size == usual_size]
    return next(iter([*known, *fitting, *printers]), None)


def see_run(
    request: AnyRequest, run_id: int, printer_id: int | None, back: str = ""
) -> Response[None]:
    """Go to the run that was started; the next label from this device goes to its printer again.

    Args:
        printer_id: None for a PDF.
        back: the work to go back to from there.
    """
    answer = see(with_back(f"/labels/runs/{run_id}", back))
    if printer_id is not None:
        answer.cookies.append(_printer_cookie(request, printer_id))
    return answer


def _printer_cookie(request: AnyRequest, printer_id: int) -> Cookie:
    return Cookie(
        PRINTER_COOKIE,
        value=str(printer_id),
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.scope["scheme"] == "https",
        path="/",
    )


def back_of(request: AnyRequest) -> str:
    """Where the person came from, if that is other work of ours; else empty."""
    given = request.query_params.get("back") or _referring_path(request)
    path = local(str(given)) if given else "/"
    return "" if path == "/" or path.startswith(("/labels", "/login")) else path


def with_back(url: str, back: str) -> str:
    """The address with the way back in it."""
    path = local(back)
    return f"{url}?back={quote(path, safe='/')}" if path != "/" else url


def _referring_path(request: AnyRequest) -> str:
    parts = urlsplit(request.headers.get("referer", ""))
    return parts.path if parts.netloc == request.headers.get("host") else ""
