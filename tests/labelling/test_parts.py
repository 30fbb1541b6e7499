"""The parts of labelling that need no database."""

from __future__ import annotations

import json
import socket
from datetime import date
from decimal import Decimal

import pytest

from app.catalog import logistic_units
from app.catalog.problems import SsccUsedUp
from app.labelling import editor
from app.labelling.addresses import addresses, is_allowed
from app.labelling.problems import (
    AddressRefused,
    BadTemplate,
    HostUnknown,
    PrinterClosed,
    PrinterNotReached,
)
from app.labelling.status import HEAD_OPEN, PAPER_OUT, PAUSED, Status, tspl_status, zpl_status
from app.labelling.stored import CLASSES, packed, title_of, unpacked
from app.labelling.templates import checked
from app.labelling.wire import Patience, connected
from app.scanning.check_digits import has_check_digit
from printing.labels import LabelKind, LogisticUnitLabel, default_template, sample_label
from tests.labelling.stand_in import StandIn, host_status

USUAL = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("192.168.1.50", True),
        ("10.255.0.1", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("8.8.8.8", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.1.2.3", True),
        ("fd00::5", True),
        ("2001:db8::1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_printers_are_in_the_company_network(address, allowed):
    assert is_allowed(address, USUAL) is allowed


def test_a_name_with_one_address_elsewhere_is_refused(monkeypatch):
    found = [(2, 1, 6, "", (ip, 9100)) for ip in ("192.168.1.9", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(AddressRefused):
        addresses("printer.example", 9100, USUAL)


@pytest.mark.parametrize("host", ["no such host", "", "a" * 300, "ü" * 80])
def test_a_name_that_nobody_knows_is_refused(host, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    if len(host) < 70:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostUnknown):
        addresses(host, 9100, USUAL)


def test_host_status_of_a_zebra():
    assert zpl_status(host_status()) == Status(0)
    assert zpl_status(host_status(left=3)) == Status(3)
    assert zpl_status(host_status(paper_out=True)) == Status(0, PAPER_OUT)
    assert zpl_status(host_status(paused=True, left=1)) == Status(1, PAUSED)


@pytest.mark.parametrize("answer", [b"", b"\x02\x03", b"hello", b"\x02a,b\x03\x02c\x03\x02d\x03"])
def test_another_answer_is_none(answer):
    assert zpl_status(answer) is None


def test_status_byte_of_a_tspl_printer():
    assert tspl_status(b"\x00") == Status(0)
    assert tspl_status(b"\x20") == Status(1)
    assert tspl_status(b"\x04") == Status(0, PAPER_OUT)
    assert tspl_status(b"\x05") == Status(0, PAPER_OUT)
    assert tspl_status(b"\x01") == Status(0, HEAD_OPEN)
    assert tspl_status(b"") is None


def test_nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(PrinterNotReached), connected(["127.0.0.1"], port, Patience()):
            pass


def test_a_farewell_tells_that_bytes_were_thrown_away():
    with StandIn(breaks_after=3) as stand_in:
        patience = Patience(close_seconds=60, send_seconds=60)
        with connected(["127.0.0.1"], stand_in.port, patience) as wire:
            wire.send(b"x" * 3)
            with pytest.raises(PrinterClosed):
                wire.finish()


def test_carton_numbers_count_on_through_the_extension_digit():
    first = logistic_units.sscc("6901234", 0)
    assert first.startswith("06901234")
    assert len(first) == 18
    assert logistic_units.sscc("6901234", 10**9).startswith("16901234000000000")
    assert all(
        has_check_digit(logistic_units.sscc("690123456789", number))
        for number in range(0, 99999, 7)
    )
    with pytest.raises(SsccUsedUp):
        logistic_units.sscc("690123456789", 10**5)


@pytest.mark.parametrize("kind", list(LabelKind))
def test_labels_survive_the_queue(kind):
    label = sample_label(kind)
    stored = json.loads(json.dumps(packed(label)))
    assert unpacked(kind.value, stored) == label
    assert title_of(label)
    assert CLASSES[kind.value] is type(label)


def test_exact_numbers_and_days_survive_the_queue():
    label = LogisticUnitLabel(
        "106141411234567897", expires_on=date(2030, 1, 31), gross_weight_kg=Decimal("12.340")
    )
    assert unpacked("logistic_unit", json.loads(json.dumps(packed(label)))) == label


@pytest.mark.parametrize("kind", list(LabelKind))
def test_the_form_of_a_template_says_what_the_template_says(kind):
    template = default_template(kind, "100x150")
    draft = editor.draft_of(template)
    assert checked(editor.content_of(draft), kind.value, "100x150") == template
    assert checked(draft.source, kind.value, "100x150") == template


def form_of(draft):
    data = {}
    for place, row in enumerate(draft.rows):
        data |= {f"f{place}_name": row.name, f"f{place}_style": row.style}
        data |= {f"f{place}_caption": row.caption, f"f{place}_text": row.text}
        data |= {f"f{place}_on": "yes"} if row.on else {}
    for one in draft.marks:
        data |= {f"s_{one.source}_form": one.form} | (
            {f"s_{one.source}_on": "yes"} if one.on else {}
        )
    return data


def test_fields_move_up_and_down_and_off_the_label():
    draft = editor.draft_of(default_template(LabelKind.LOT, "60x40"))
    data = form_of(draft)
    moved = editor.sent(data | {"move": "2:up"}, LabelKind.LOT, "60x40")
    names = [row.name for row in draft.rows]
    assert [row.name for row in moved.rows][:3] == [names[0], names[2], names[1]]
    for odd in ("0:up", "99:down", "x:up", "1:sideways", ""):
        assert editor.sent(data | {"move": odd}, LabelKind.LOT, "60x40").rows == draft.rows
    data.pop("f1_on")
    shorter = editor.content_of(editor.sent(data, LabelKind.LOT, "60x40"))
    assert names[1] not in [field["name"] for field in shorter["fields"]]


def test_own_words_and_no_caption():
    draft = editor.draft_of(default_template(LabelKind.ITEM, "60x40"))
    data = form_of(draft)
    place = [row.is_own for row in draft.rows].index(True)
    data |= {
        f"f{place}_on": "yes",
        f"f{place}_text": "冷藏",
        "f1_caption": "-",
        "f1_style": "strong",
    }
    template = checked(
        editor.content_of(editor.sent(data, LabelKind.ITEM, "60x40")), "item", "60x40"
    )
    assert [field.text for field in template.fields if field.text] == ["冷藏"]
    assert template.fields[1].caption == ""
    again = editor.draft_of(template)
    assert again.rows[1].caption == "-"


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ('{\n  "kind": "lot",\n  oops\n}', 3, ""),
        ("", 1, ""),
        ("[" * 100_000, None, ""),
        ('{"kind": "lot", "size": "60x40", "fields": [{"name": "price"}]}', 0, "fields[0].name"),
        ('{"kind": "lot", "size": "60x40", "symbols": []}', 0, "symbols"),
        ("[]", 0, ""),
        ('{"kind": "dragon"}', 0, "kind"),
    ],
)
def test_a_template_that_does_not_parse_is_refused_with_its_place(text, line, field):
    with pytest.raises(BadTemplate) as refused:
        checked(text, "lot", "60x40")
    data = refused.value.data
    assert refused.value.message
    assert line is None or data["line"] == line
    assert any(fault["field"] == field for fault in data["faults"])
