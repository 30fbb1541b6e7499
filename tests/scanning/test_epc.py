"""EPC tags: what is encoded comes back, what does not fit is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scanning.check_digits import CSET82, check_digit
from app.scanning.epc import EpcError, decode_tag, encode_tag, sgtin_uri, sscc_uri, tag_uri_for
from app.scanning.parse import parse

serials = st.text(CSET82, min_size=1, max_size=20)


@given(
    st.integers(6, 12),
    st.from_regex(r"[0-9]{13}", fullmatch=True),
    serials,
    st.integers(0, 7),
)
def test_sgtin_comes_back(prefix_length, body, serial, filter_value):
    gtin = body + check_digit(body)
    uri = sgtin_uri(gtin, serial, prefix_length)
    tag = tag_uri_for(uri, filter_value=filter_value)
    parsed = parse(encode_tag(tag))
    assert (parsed.gtin, parsed.serial, parsed.tag_uri) == (gtin, serial, tag)
    numeric = serial.isdigit() and str(int(serial)) == serial and int(serial) < 1 << 38
    assert ("sgtin-96" in tag) is numeric


@given(st.integers(6, 12), st.from_regex(r"[0-9]{17}", fullmatch=True))
def test_sscc_comes_back(prefix_length, body):
    sscc = body + check_digit(body)
    parsed = parse(encode_tag(tag_uri_for(sscc_uri(sscc, prefix_length))))
    assert parsed.sscc == sscc


def test_the_company_prefix_is_looked_up():
    assert sgtin_uri("80614141123458", "6789AB") == "urn:epc:id:sgtin:0614141.812345.6789AB"


@given(st.text("0123456789ABCDEF", min_size=1, max_size=60))
def test_any_hex_is_a_tag_or_refused(digits):
    with suppress(EpcError):
        tag = decode_tag(digits)
        assert decode_tag(tag.hex).tag_uri == tag.tag_uri


@pytest.mark.parametrize(
    ("uri", "scheme"),
    [
        ("urn:epc:id:sgtin:0614141.812345.ABC", "sgtin-96"),
        ("urn:epc:id:sgtin:0614141.812345.007", "sgtin-96"),
        ("urn:epc:id:sgtin:0614141.812345.1", "sscc-96"),
        ("urn:epc:id:bic:CSQU3054383", None),
        ("urn:epc:id:nonsense:1", None),
        ("urn:epc:id:sgtin:06141.81234567.1", None),
    ],
)
def test_what_does_not_fit_is_refused(uri, scheme):
    with pytest.raises(EpcError):
        tag_uri_for(uri, scheme)


def test_a_burst_of_tags_is_many_codes():
    tags = [encode_tag(f"urn:epc:tag:sgtin-96:1.6921168.050925.{number}") for number in range(50)]
    assert {parse(tag).serial for tag in tags} == {str(number) for number in range(50)}
