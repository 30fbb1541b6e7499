"""Codes: normalised so that one thing is found however its code was written."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog import codes, ranges

DIGITS = st.text("0123456789", min_size=7, max_size=13)


def numbered(body: str) -> str:
    return body + codes.check_digit(body)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("6901234567892", "06901234567892"),
        ("".join(chr(ord(digit) + 0xFEE0) for digit in "6901234567892"), "06901234567892"),
        (" 6 901234 567892\u200b", "06901234567892"),
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("16901234567899", "16901234567899"),
        ("a-01-01", "A-01-01"),
        ("\ufeffab\u00a0 c", "AB C"),
        ("6901234567890", "6901234567890"),  # wrong check digit: a number like any other
    ],
)
def test_a_code_is_stored_as_scanning_reads_it(text, stored):
    assert codes.normalised(text) == stored


@given(DIGITS.filter(lambda body: len(body) + 1 in codes.GTIN_LENGTHS))
def test_every_padding_of_a_gtin_is_the_same_code(body):
    number = numbered(body)
    padded = [number.zfill(length) for length in codes.GTIN_LENGTHS if length >= len(number)]
    assert {codes.normalised(text) for text in padded} == {number.zfill(14)}


@given(DIGITS.filter(lambda body: len(body) + 1 in codes.GTIN_LENGTHS), st.integers(1, 9))
def test_a_wrong_check_digit_is_told_with_the_right_one(body, off):
    right = numbered(body)
    wrong = body + str((int(right[-1]) + off) % 10)
    assert codes.gtin14(wrong) is None
    assert codes.corrected(wrong) == right
    assert codes.corrected(right) is None


@given(st.text(max_size=60))
def test_normalising_again_changes_nothing(text):
    once = codes.normalised(text)
    assert codes.normalised(once) == once


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("A-01-01", "A-05-04", 20),
        ("A-01", "C-02", 6),
        ("9", "11", 3),
        ("K1", "K1", 1),
        ("1", "9" * 30, 10**12),
    ],
)
def test_a_range_counts_before_it_makes(first, last, count):
    assert len(ranges.codes_between(first, last)) == count


def test_a_range_is_in_walking_order():
    made = list(ranges.codes_between("A-01-01", "A-02-03"))
    assert made == ["A-01-01", "A-01-02", "A-01-03", "A-02-01", "A-02-02", "A-02-03"]


@pytest.mark.parametrize(
    ("first", "last"), [("A-05", "A-01"), ("A-01", "A-1-1"), ("A-01", "A-001"), ("AA", "AC")]
)
def test_no_range_is_no_range(first, last):
    assert ranges.codes_between(first, last) is None


def test_neighbours_have_different_letters():
    made = list(ranges.codes_between("A-01-01", "A-09-09"))
    letters = [ranges.check_letter(code) for code in made]
    assert all(one != two for one, two in itertools.pairwise(letters))
