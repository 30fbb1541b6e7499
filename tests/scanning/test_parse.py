# ruff: noqa: RUF001 (full-width characters are the point)
"""What scanned texts mean: kinds, repairs, dates, weights; and that nothing is ever raised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.i18n import speaking
from app.scanning.check_digits import CSET82, check_digit, check_pair, has_check_digit
from app.scanning.ean import expand_upc_e, gtin14, suppress_zeros
from app.scanning.element_strings import bracketed, element_string
from app.scanning.gs1_dates import date_of
from app.scanning.in_store import InStorePattern
from app.scanning.own_codes import KINDS, lot_key, own_code, split_lot_key
from app.scanning.parse import MAXIMUM_LENGTH, parse
from app.scanning.parsed import as_json

TODAY = date(2026, 11, 22)
GTIN = "06921168509256"

digits = st.text("0123456789", min_size=1, max_size=30)
values = st.text(CSET82, min_size=1, max_size=20)


def read(text, **options):
    return parse(text, today=TODAY, **options)


@pytest.mark.parametrize(
    "text",
    [
        f"]C101{GTIN}10LOT-1\x1d17261231",
        f"\x1d01{GTIN}10LOT-1\x1d17261231",
        f"01{GTIN}10LOT-1\x1d17261231",
        f"01{GTIN}10LOT-1<GS>17261231",
        f"01{GTIN}10LOT-1{{GS}}17261231",
        f"01{GTIN}10LOT-1^]17261231",
        f"01{GTIN}10LOT-1\\x1d17261231",
        f"01{GTIN}10LOT-1|17261231",
        f"<FNC1>01{GTIN}10LOT-1<FNC1>17261231",
        f"^01{GTIN}10LOT-1^17261231",
        f"(01){GTIN}(10)LOT-1(17)261231",
        f"(01) {GTIN} (10) LOT-1 (17) 261231\r\n",
        f"]d201{GTIN}17261231" + "10LOT-1",
        f"https://shop.example/01/{GTIN}/10/LOT-1?17=261231",
        "０１" + GTIN + "１０ＬＯＴ－１\x1d17261231",
        f"（01）{GTIN}（10）LOT-1（17）261231",
    ],
)
def test_every_form_of_a_label_means_the_same(text):
    parsed = read(text)
    assert parsed.valid, parsed
    assert (parsed.gtin, parsed.lot) == (GTIN, "LOT-1")
    assert parsed.expires_on == date(2026, 12, 31)


def test_an_azerty_keyboard_is_seen_through():
    typed = str.maketrans("1234567890", "&é\"'(-è_çà")
    parsed = read("6921168509256".translate(typed))
    assert (parsed.gtin, len(parsed.warnings)) == (GTIN, 1)


@pytest.mark.parametrize(
    ("text", "kind", "gtin"),
    [
        ("6921168509256", "ean", GTIN),
        ("96385074", "ean", "00000096385074"),
        ("036000291452", "ean", "00036000291452"),
        ("04963406", "ean", "00049000006346"),
        ("16921168509253", "ean", "16921168509253"),
        ("2112345678900", "in_store", "02112345678900"),
        ("]E402345673", "ean", "00000002345673"),
        ("3034257BF400B7800004CB2F", "epc", "00614141007349"),
        ("3034257bf400b7800004cb2f", "epc", "00614141007349"),
        ("urn:epc:id:sgtin:0614141.000734.314159", "epc", "00614141007349"),
    ],
)
def test_numbers_become_gtin_14(text, kind, gtin):
    parsed = read(text)
    assert (parsed.kind, parsed.valid, parsed.gtin) == (kind, True, gtin)


@pytest.mark.parametrize(
    ("text", "ai"),
    [
        ("(01)06921168509255", "01"),
        ("(17)261301", "17"),
        ("(17)260230", "17"),
        ("(8003)01234567890129", "8003"),
        ("(8005)12345", "8005"),
        ("(3103)00175O", "3103"),
        ("(422)999", "422"),
        ("(8007)DE91100000000123456780", "8007"),
        ("(7040)1AB$", "7040"),
        ("(8001)12341234512328", "8001"),
        ("(8006)123456789012310201", "8006"),
        ("(4331)000001+", "4331"),
        ("(4309)18000000003600000001", "4309"),
        ("(7241)11", "7241"),
        ("(7041)XX", "7041"),
        ("(8011)012", "8011"),
        ("(8014)123456" + "2", "8014"),
        ("(7011)2601012460", "7011"),
        ("(7250)20230229", "7250"),
        ("(8110)9", "8110"),
        ("(01)" + GTIN + "(02)" + GTIN, "02"),
        ("(10)A(10)B", "10"),
        ("(8030)abc(253)1234567890128", "253"),
        ("(9999)1", "9999"),
    ],
)
def test_what_is_wrong_is_named_with_its_identifier(text, ai):
    parsed = read(text)
    assert not parsed.valid
    assert parsed.errors[0].ai == ai
    assert parsed.errors[0].reason


def test_a_missing_companion_is_only_a_warning():
    parsed = read("(10)ABC")
    assert parsed.valid
    assert [warning.ai for warning in parsed.warnings] == ["10"]
    assert "01" in parsed.warnings[0].reason


def test_a_wrong_gtin_is_not_handed_on_with_the_lot():
    parsed = read("(01)06921168509255(10)L1")
    assert (parsed.gtin, parsed.lot) == (None, "L1")


def test_catch_weight_price_and_count_are_exact():
    parsed = read(f"(01)9{GTIN[1:13]}{check_digit('9' + GTIN[1:13])}(3103)001750(3922)1995(30)12")
    assert parsed.net_weight_kg == Decimal("1.750")
    assert (parsed.price, parsed.quantity) == (Decimal("19.95"), Decimal(12))
    pounds = read("(3202)001000").net_weight_kg
    assert pounds == Decimal("4.5359237")
    assert read(f"(02){GTIN}(37)48").quantity == Decimal(48)
    foreign = read("(3932)156001995")
    assert (foreign.price, foreign.currency) == (Decimal("19.95"), "156")


def test_dates_of_every_kind():
    parsed = read("(11)260101(13)260102(15)260200(16)260301(17)270228")
    assert parsed.produced_on == date(2026, 1, 1)
    assert parsed.packed_on == date(2026, 1, 2)
    assert parsed.best_before_on == date(2026, 2, 28)
    assert parsed.sell_by_on == date(2026, 3, 1)
    assert parsed.expires_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("year", "two_digits", "full"),
    [(2026, "76", 2076), (2026, "77", 1977), (2026, "26", 2026), (2060, "09", 2109)],
)
def test_the_century_window(year, two_digits, full):
    assert date_of(f"{two_digits}0115", date(year, 6, 1)) == date(full, 1, 15)


def test_a_lost_separator_is_warned_of():
    parsed = read(f"01{GTIN}10LOT117261231")
    assert parsed.lot == "LOT117261231"
    assert any("17" in warning.reason for warning in parsed.warnings)


def test_a_caret_is_no_separator_behind_a_symbology_identifier():
    assert not read("]C101123123123133^10ABC").valid


@pytest.mark.parametrize("text", ["", "  ", "991234", "LOT 7", "你好", "\x00", "]", "(", "SK:"])
def test_unknown_is_an_answer(text):
    parsed = read(text)
    assert (parsed.kind, parsed.valid) == ("unknown", False)
    assert parsed.errors


def test_free_text_in_a_matrix_code_is_sound():
    parsed = read("]Q1hello")
    assert (parsed.kind, parsed.valid, parsed.text) == ("unknown", True, "hello")
    assert parsed.symbology == "QR"


def test_a_composite_carries_both_parts():
    parsed = read("]E02112345678900|]e099COMPOSITE\x1d98XYZ")
    assert parsed.ais == (("99", "COMPOSITE"), ("98", "XYZ"))
    assert parsed.gtin == "02112345678900"


SCALE = InStorePattern(("21", "22"), "PPIIIIIWWWWWC")
TILL = InStorePattern(("25",), "PPIIIIIAAAAAC")
LONG = InStorePattern(("28",), "PPIIIIIAAAAAWWWWWC")
COUNTED = InStorePattern(("29",), "PPIIIIQQQQQQC")
PROVEN = InStorePattern(("23",), "PPIIIIVAAAAC")


def with_check(body):
    return body + check_digit(body)


@pytest.mark.parametrize(
    ("body", "key", "field", "value"),
    [
        ("211234501750", "2112345", "net_weight_kg", Decimal("1.750")),
        ("251234501995", "2512345", "price", Decimal("19.95")),
        ("28123450199501750", "2812345", "price", Decimal("19.95")),
        ("28123450199501750", "2812345", "net_weight_kg", Decimal("1.750")),
        ("291234000012", "291234", "quantity", Decimal(12)),
    ],
)
def test_in_store_codes_follow_the_shops_pattern(body, key, field, value):
    parsed = read(with_check(body), patterns=[SCALE, TILL, LONG, COUNTED])
    assert (parsed.kind, parsed.in_store_key) == ("in_store", key)
    assert getattr(parsed, field) == value


def test_an_in_store_code_without_pattern_keeps_its_digits_unread():
    parsed = read(with_check("241234501750"), patterns=[SCALE])
    assert (parsed.in_store_key, parsed.in_store_value) == ("2412345", "01750")
    assert parsed.net_weight_kg is None
    assert parsed.price is None


def test_the_inner_check_digit_counts():
    pattern = InStorePattern(("20",), "PPIIIIIWWWWVC")
    sound = [
        read(with_check(f"20123451234{inner}"), patterns=[pattern]).net_weight_kg
        for inner in range(10)
    ]
    assert sound.count(Decimal("1.234")) == 1


@pytest.mark.parametrize("layout", ["PPWWWWWC", "PPIIXX", "IPIC", "CPI"])
def test_a_wrong_pattern_is_refused(layout):
    with pytest.raises(ValueError, match="layout"):
        InStorePattern(("20",), layout)


@given(st.sampled_from(KINDS), st.text(min_size=1, max_size=40))
def test_own_codes_come_back(kind, key):
    if not key.isprintable() or key != key.strip():
        with pytest.raises(ValueError, match="key"):
            own_code(kind, key)
        return
    parsed = read(own_code(kind, key))
    assert (parsed.kind, parsed.own) == ("own", (kind, key))


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_lot_labels_come_back(item, lot):
    assert split_lot_key(lot_key(item, lot)) == (item, lot)


def test_a_command_label():
    assert read("SK:X+10").own == ("X", "+10")
    assert read("ＳＫ：ＬＡ－０１").own == ("L", "A-01")
    with pytest.raises(ValueError, match="kind"):
        own_code("Z", "1")


@given(digits.filter(lambda text: len(text) == 13))
def test_one_wrong_digit_is_always_caught(body):
    code = body + check_digit(body)
    assert has_check_digit(code)
    for at in range(len(code)):
        other = code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :]
        assert not has_check_digit(other)


@given(st.integers(0, 199_999_9))
def test_upc_e_goes_out_and_back(number):
    body = f"{number:07}"
    for check in "0123456789":
        upc_a = expand_upc_e(body + check)
        if upc_a is not None:
            assert gtin14(upc_a) == upc_a.zfill(14)
            short = suppress_zeros(upc_a)
            assert short is not None
            assert expand_upc_e(short) == upc_a


@given(st.text(CSET82, min_size=1, max_size=23))
def test_check_pairs_are_accepted(body):
    model = "1987" + body[:19]
    assert read(f"]C18013{model}{check_pair(model)}").valid


elements = st.lists(
    st.one_of(
        st.tuples(st.just("10"), values),
        st.tuples(st.just("21"), values),
        st.tuples(st.just("240"), values),
        st.tuples(st.just("3103"), st.from_regex(r"[0-9]{6}", fullmatch=True)),
        st.tuples(
            st.just("17"), st.dates(date(1990, 1, 1), date(2060, 1, 1)).map("{:%y%m%d}".format)
        ),
        st.tuples(st.just("91"), values),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda pair: pair[0],
)


@given(elements)
def test_element_strings_come_back(pairs):
    whole = [("01", GTIN), *pairs]
    for text in ("]C1" + element_string(whole), "\x1d" + element_string(whole), bracketed(whole)):
        parsed = read(text)
        if "\\" in text or "|" in text or "~1" in text:
            continue
        assert list(parsed.ais) == whole
        assert parsed.valid


@given(
    st.one_of(
        st.text(),
        st.text(CSET82 + "\x1d()|]^<>:%"),
        st.binary().map(lambda raw: raw.decode("latin-1")),
    )
)
def test_nothing_is_ever_raised(text):
    for front in (
        "",
        "]C1",
        "]E0",
        "]Q1",
        "]d2",
        "\x1d",
        "(01)",
        "01",
        "https://a/01/",
        "urn:epc:id:",
        "SK:L",
        "01,10,",
    ):
        parsed = parse(front + text)
        assert as_json(parsed)["input"] == front + text
        assert all(finding.message for finding in (*parsed.errors, *parsed.warnings))


def test_odd_and_huge_input():
    for text in ("\ud800", "\x1d\ud800", "9" * 1_000_000, "(01)" * 300_000, "\x00" * 5_000):
        assert not parse(text).valid
    assert parse("0" * MAXIMUM_LENGTH).kind == "unknown"
    assert parse("A" * MAXIMUM_LENGTH).kind == "epc"
    assert not parse("urn:epc:id:gid:" + "9" * 8_000 + ".1.1").valid


def test_reasons_are_shown_in_chinese():
    error = read("(01)06921168509255").errors[0]
    assert error.reason == "The numeric check digit is incorrect."
    with speaking("zh_CN"):
        assert "校验" in error.message
