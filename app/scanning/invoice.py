"""QR codes of Chinese invoices (fapiao).

No public specification exists; the fields by position are those that public samples show:
``01,kind,code,number,amount,date,check code,CRC,``, a variant of Yunnan with the seller's tax
number before the amount, and the verification link of Shenzhen's blockchain invoices.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from app.kit.i18n import mark
from app.scanning.parsed import Findings, Invoice

# The official names, as printed.
KIND_NAMES = {
    "01": "增值税专用发票",
    "03": "机动车销售统一发票",
    "04": "增值税普通发票",
    "08": "增值税电子专用发票",
    "10": "增值税电子普通发票",
    "11": "增值税普通发票(卷票)",
    "14": "增值税电子普通发票(通行费)",
    "15": "二手车销售统一发票",
    "31": "数电票(增值税专用发票)",
    "32": "数电票(普通发票)",
    "51": "数电票(铁路电子客票)",
    "61": "数电票(航空运输电子客票行程单)",
}

_START = re.compile(r"01,\d{2},(\d{10}|\d{12})?,(\d{8}|\d{20}),")
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,2})?")
_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_SHENZHEN = "bcfp.shenzhen.chinatax.gov.cn"


def read_invoice(text: str, found: Findings) -> Invoice | None:
    """The invoice in this QR text, None when the text is no invoice.

    An unreadable amount or date goes to ``found``.
    """
    if text.startswith("http"):
        return _read_shenzhen(text)
    return _read_fields(text.split(","), found) if _START.match(text) else None


def _read_fields(fields: list[str], found: Findings) -> Invoice:
    _, kind, code, number, *rest = [field.strip() for field in fields]
    seller = rest.pop(0) if _is_tax_id(rest) else None
    rest += [""] * (4 - len(rest))
    amount, day, check, crc = rest[:4]
    return Invoice(
        family=_family(seller, number),
        kind=kind,
        code=code or None,
        number=number,
        seller_tax_id=seller,
        amount=_amount(amount, found),
        issued_on=_day(day, found),
        check_code=None if seller else check or None,
        hash=check or None if seller else None,
        crc=crc or None,
    )


def _is_tax_id(fields: list[str]) -> bool:
    # An amount never has fifteen digits before its point, a tax number at least as many.
    return bool(fields and _TAX_ID.fullmatch(fields[0]))


def _family(seller: str | None, number: str) -> str:
    if seller:
        return "yunnan-blockchain"
    return "fully-digital" if len(number) == 20 else "vat-machine"


def _amount(text: str, found: Findings) -> Decimal:
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    found.refuse("", mark("The amount of the invoice cannot be read."))
    return Decimal(0)


def _day(text: str, found: Findings) -> date | None:
    try:
        if len(text) == 8:
            return date.fromisoformat(text)
    except ValueError:
        pass
    found.refuse("", mark("The date of the invoice cannot be read."))
    return None


def _read_shenzhen(text: str) -> Invoice | None:
    try:
        link = urlsplit(text)
        query = parse_qs(link.query, max_num_fields=20)
    except ValueError:
        return None
    number, fen = query.get("bill_num", [""])[0], query.get("total_amount", [""])[0]
    if link.hostname != _SHENZHEN or not number or not _AMOUNT.fullmatch(fen) or "." in fen:
        return None
    return Invoice(
        family="shenzhen-blockchain-url",
        number=number,
        amount=Decimal(fen).scaleb(-2),
        hash=query.get("hash", [None])[0],
    )
