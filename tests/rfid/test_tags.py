"""What a read says, and what is written on a tag: pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rfid.problems import ReadsUnusable, TooManyReads
from app.rfid.reading import digest_of, reads_in, seen_tags
from app.rfid.tags import meaning_of
from app.scanning.check_digits import check_digit
from app.scanning.cli import parse_code_command
from app.scanning.epc import EpcError
from app.scanning.epc_tags import identity_of, tag_for

SGTIN_96 = "3074257BF7194E4000001A85"
"""GS1's own example: GTIN 80614141123458, serial 6789 (Tag Data Standard 1.13, 14.5.1)."""
SSCC_96 = "3174257BF4499602D2000000"
"""GS1's own example: SSCC 106141412345678908 (Tag Data Standard 1.13, 14.5.2)."""


def test_the_standards_examples() -> None:
    piece, unit = meaning_of(SGTIN_96), meaning_of(SSCC_96)
    assert (piece.kind, piece.gtin, piece.serial) == ("item", "80614141123458", "6789")
    assert (unit.kind, unit.sscc) == ("logistic_unit", "106141412345678908")
    assert (
        tag_for(identity_of(gtin="80614141123458", serial="6789"), filter_value=3).hex == SGTIN_96
    )
    assert tag_for(identity_of(sscc="106141412345678908"), filter_value=3).hex == SSCC_96


@pytest.mark.parametrize(
    "form",
    [
        SGTIN_96.lower(),
        f"  0x{SGTIN_96} ",
        "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
        "urn:epc:id:sgtin:0614141.812345.6789",
        "urn:epc:tag:sgtin-198:0.0614141.812345.6789",
    ],
)
def test_one_tag_however_it_is_written(form: str) -> None:
    assert meaning_of(form).epc == meaning_of(SGTIN_96).epc


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ("hello", "neither hex"),
        ("30" + "G" * 22, "neither hex"),
        ("3 0", "neither hex"),
        (SGTIN_96[:-1], "length"),
        (SGTIN_96 + "00", "length"),
        ("FF" + SGTIN_96[2:], "header"),
        ("307C257BF7194E4000001A85", "partition"),  # partition value 7
        ("3" * 400, "longer"),
        ("urn:epc:tag:sgtin-96:9.0614141.812345.6789", "filter"),
        ("urn:epc:tag:sgtin-96:3.0614141.12345.6789", "length"),
        ("urn:epc:nonsense", "names no EPC scheme"),
    ],
)
def test_what_is_no_tag_says_why(raw: str, reason: str) -> None:
    found = meaning_of(raw)
    assert found.kind == "invalid"
    assert reason in (found.problem or "")


@given(st.text(max_size=80))
def test_any_text_is_answered(raw: str) -> None:
    assert meaning_of(raw).kind in {"item", "logistic_unit", "other", "invalid"}


@given(st.integers(7, 12), st.from_regex(r"[0-9]{13}", fullmatch=True), st.integers(0, 2**38 - 1))
def test_what_is_written_is_read(digits: int, body: str, serial: int) -> None:
    gtin = body + check_digit(body)
    uri = identity_of(gtin=gtin, serial=str(serial), company_prefix_length=digits)
    for scheme in ("sgtin-96", "sgtin-198"):
        tag = tag_for(uri, scheme, 1)
        found = meaning_of(tag.hex)
        assert (found.gtin, found.serial, found.scheme) == (gtin, str(serial), scheme)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"gtin": "06901234567892"},
        {"gtin": "06901234567893", "serial": "1"},
        {"gtin": "ABC", "serial": "1"},
        {"sscc": "106141412345678900"},
        {"sscc": "1061414123456789081"},
        {"gtin": "06901234567892", "serial": "x" * 21, "company_prefix_length": 7},
    ],
)
def test_what_no_tag_holds_is_refused(wanted: dict) -> None:
    with pytest.raises(EpcError):
        tag_for(identity_of(**wanted))


def test_a_letter_has_no_room_in_96_bits() -> None:
    uri = identity_of(gtin="06901234567892", serial="A1", company_prefix_length=7)
    assert tag_for(uri).scheme == "sgtin-198"
    with pytest.raises(EpcError):
        tag_for(uri, "sgtin-96")
    assert tag_for(tag_for(uri).tag_uri, "sgtin-198").hex == tag_for(uri).hex


def test_the_command_line_encodes(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse_code_command(["--encode", "auto", "--filter", "3", "(00)106141412345678908"]) == 0
    assert capsys.readouterr().out.split() == [SSCC_96, "urn:epc:tag:sscc-96:3.0614141.1234567890"]
    assert parse_code_command(["--encode", "sgtin-96", "--json", "(01)80614141123458(21)A"]) == 1
    assert "epc_not_encodable" in capsys.readouterr().err


# Reads --------------------------------------------------------------------------------------------


def test_each_tag_is_counted_once_with_all_its_reads() -> None:
    reads = reads_in(
        {
            "reads": [
                {
                    "epc": SGTIN_96,
                    "antenna": 1,
                    "read_at": "2026-11-01T08:00:05+08:00",
                    "rssi": -60,
                },
                {"epc": SGTIN_96.lower(), "antenna": 0, "read_at": "2026-11-01T08:00:01+08:00"},
                {"epc": SSCC_96, "rssi": -55.25},
                {"epc": SGTIN_96, "antenna": 1, "read_at": "2026-11-01T08:00:09Z", "rssi": "-48.5"},
            ]
        }
    )
    piece, unit = sorted(seen_tags(reads), key=lambda tag: tag.meaning.kind)
    assert (piece.read_count, piece.antennas, piece.best_rssi) == (3, ["1", "0"], Decimal("-48.5"))
    assert piece.first_read_at == datetime.fromisoformat("2026-11-01T08:00:01+08:00")
    assert piece.last_read_at == datetime.fromisoformat("2026-11-01T08:00:09+00:00")
    assert (unit.read_count, unit.best_rssi) == (1, Decimal("-55.2"))


def test_a_readers_clock_is_never_ahead_of_ours() -> None:
    [read] = reads_in({"reads": [{"epc": SGTIN_96, "read_at": "2099-01-01T00:00:00Z"}]})
    assert read.read_at.year < 2099


@pytest.mark.parametrize(
    ("reads", "wrong"),
    [
        (None, ["reads"]),
        ("x", ["reads"]),
        ([{}], ["reads.0.epc"]),
        ([{"epc": 7}], ["reads.0.epc"]),
        ([{"epc": "30"}, {"epc": "30", "read_at": "yesterday"}], ["reads.1.read_at"]),
        ([{"epc": "30", "read_at": "2026-01-01T00:00:00"}], ["reads.0.read_at"]),
        ([7], ["reads.0.epc"]),
    ],
)
def test_unusable_reads_are_named(reads: object, wrong: list[str]) -> None:
    with pytest.raises(ReadsUnusable) as refused:
        reads_in({"reads": reads} if reads is not None else {})
    assert list(refused.value.data["fields"]) == wrong


def test_odd_strengths_and_texts_do_no_harm() -> None:
    odd = [{"epc": "a\0b\ud800", "rssi": value} for value in ("x", 1e308, True, None, "NaN", [])]
    reads = reads_in({"reads": odd})
    assert {read.rssi for read in reads} == {None}
    assert {"\0" in read.epc for read in reads} == {False}
    assert seen_tags(reads)[0].read_count == 6


def test_too_many_reads_are_refused() -> None:
    with pytest.raises(TooManyReads):
        reads_in({"reads": ["30"] * 20_001})


def test_the_same_content_has_the_same_digest() -> None:
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
