# ruff: noqa: RUF001 (full-width characters are the point)
"""The browser reads codes exactly as the server does: own vectors, the public ones, random ones."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import pytest

from app.scanning.in_store import InStorePattern
from app.scanning.parse import MAXIMUM_LENGTH, parse
from app.scanning.parsed import as_json
from tests.offline.node import ask
from tests.scanning.conftest import SHARED

TODAY = date(2026, 11, 22)
GTIN = "06921168509256"
PATTERNS = (
    InStorePattern(("20", "21"), "PPIIIIIWWWWWC"),
    InStorePattern(("22",), "PPIIIIVAAAAAC"),
    InStorePattern(("23",), "PPIIIIAAAAVC".replace("AAAAV", "AAAAAV")),
    InStorePattern(("24",), "PPIIIIIQQQQQC"),
    InStorePattern(("25",), "PPIIIIIAAAAAWWWWWC", weight_decimals=2, price_decimals=1),
)
OWN = [
    "",
    " ",
    "\r\n",
    "hello",
    "面包",
    "A-01-02",
    "x" * (MAXIMUM_LENGTH + 1),
    "SK:LA-01-02",
    "sk:IBREAD",
    "SK:TMILK|L%7C1",
    "SK:X+10",
    "SK:XOK",
    "SK:B123",
    "SK:Z1",
    "SK:L ",
    "SK:L a",
    "SK:La\u200bb",
    "SK:L" + "x" * 201,
    "SK:D PO-1",
    "SK:LA 01",
    "ＳＫ：ＬＡ－０１",
    f"]C101{GTIN}10LOT-1\x1d17261231",
    f"\x1d01{GTIN}10LOT-1\x1d17261231",
    f"01{GTIN}10LOT-1<GS>17261231",
    f"01{GTIN}10LOT-1{{GS}}17261231",
    f"01{GTIN}10LOT-1^]17261231",
    f"01{GTIN}10LOT-1\\x1d17261231",
    f"01{GTIN}10LOT-1|17261231",
    f"01{GTIN}10LOT-1~117261231",
    f"<FNC1>01{GTIN}10LOT-1<FNC1>17261231",
    f"^01{GTIN}10LOT-1^17261231",
    f"01{GTIN}10LOT-1&#29;17261231",
    f"01{GTIN}10LOT-1\u241d17261231",
    f"01{GTIN}10LOT-117261231",
    f"(01){GTIN}(10)LOT-1(17)261231",
    f"(01) {GTIN} (10) LOT-1 (17) 261231\r\n",
    f"(01){GTIN}(10)A\\(B(17)261200",
    f"(01){GTIN}(10)",
    f"(01){GTIN}17)261231",
    f"(99){'x' * 91}",
    f"（01）{GTIN}（10）LOT-1（17）261231",
    "０１" + GTIN + "１０ＬＯＴ－１\x1d17261231",
    f"https://shop.example/01/{GTIN}/10/LOT-1?17=261231",
    f"https://a.b/x/y/01/{GTIN}",
    f"HTTPS://ID.GS1.ORG/01/{GTIN}/21/A%2FB",
    f"https://a.b/01/{GTIN}/",
    "https://a.b/01/4006381333931",
    f"https://a.b/01/{GTIN}/17/261231",
    f"https://a.b/01/{GTIN}?10=L&10=L&99=x+y&abc=1",
    f"https://a b/01/{GTIN}",
    "https://example.org/",
    f"https://a.b/00/106141412345678908?02={GTIN}&37=5",
    "6901234567892",
    "6901234567893",
    "96385074",
    "01234565",
    "04252614",
    "12345670",
    "036000291452",
    "16901234567899",
    "00012345678905",
    "]E06901234567892",
    "]E0690123456789",
    "]E496385074",
    "]E3690123456789212",
    "]X0abc",
    "]Q0anything at all",
    "]d1",
    "]E06901234567892|]e01726123110L1",
    f"]e001{GTIN}3103001250392012345",
    f"]C101{GTIN}3202001250",
    f"01{GTIN}3560001250",
    "2012345012345",
    "2112345012349",
    "2212345678904",
    "2312345678903",
    "2412345000124",
    "251234500123012345",
    "2512345001230123450",
    "2912345678905",
    "2012345012340",
    "00106141412345678908",
    "(00)106141412345678908",
    "(00)106141412345678900",
    f"(02){GTIN}(37)12",
    f"(01){GTIN}(37)12",
    f"(01){GTIN}(21)S1(10)L1(235)X",
    f"(01){GTIN}(01){GTIN}",
    f"(01){GTIN}(11)260229(15)270000(13)261301(7003)2612312359",
    "(8006)069211685092560102",
    "(8110)106141416543213500110000310123196000",
    "(8112)00614141234561212345678901234567890",
    "(3370)000001",
    "(8013)1987654Ad4X4bL5ttr2310c2K",
    "(8003)006141411234561234",
    "(8030)x",
    "(253)0614141000005",
    "(8007)GB29NWBK60161331926819",
    "(8007)GB28NWBK60161331926819",
    "(4309)0123456789012345678901",
    "(7040)1ABC",
    "(426)999",
    "(427)X-1",
    "(4321)2",
    "(8020)abc(415)0614141000005",
    "(9)1",
    "(x)1",
    "((",
    "01,10,025001800111,12345678,88.50,20261122,12345678901234567890,ABCD,",
    "01,32,,25117000001234567890,88.50,20261122,,ABCD,",
    "01,04,1234567890,12345678,x,20261332,,",
    "01,15,025001800111,12345678,91440300MA5XXXXXXX,88.50,20261122,hash,crc",
    "https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=ab&bill_num=1&total_amount=12345",
    "&é\"'(-è_çàéé",
    "!@#$%^&*()",
    "^]01",
    "10ABC",
    "21ABC\x1d",
    "0" * 20,
    "12345678901234567890123456",
]
MADE = "0123456789012345678901ABCdef-/|^]<GS>(){}\x1d %&"


def made(count: int) -> list[str]:
    """Texts near to real ones: labels with a letter changed, cut, doubled or put in."""
    random = Random(20261122)
    texts = []
    for _ in range(count):
        letters = list(random.choice(OWN)[:80])
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(letters) + 1)
            letters[at : at + random.randint(0, 2)] = random.choice(MADE) * random.randint(0, 2)
        texts.append("".join(letters))
    return texts


def pattern(one: InStorePattern) -> dict[str, Any]:
    names = ("prefixes", "layout", "weight_decimals", "price_decimals")
    return {name: getattr(one, name) for name in names}


def compare(codes: list[str], patterns: tuple[InStorePattern, ...] = PATTERNS) -> int:
    """How many were read alike; EPC tags, which only the server reads, are left out."""
    asked = [
        {"code": code, "today": TODAY.isoformat(), "patterns": [pattern(one) for one in patterns]}
        for code in codes
    ]
    alike, different = 0, []
    for code, answer in zip(codes, ask("parse.mjs", asked), strict=True):
        if answer["valid"] is None:
            continue
        wanted = json.loads(json.dumps(as_json(parse(code, patterns=patterns, today=TODAY))))
        if answer == wanted:
            alike += 1
        else:
            different.append(
                (
                    code,
                    {
                        k: (answer.get(k), wanted.get(k))
                        for k in {*answer, *wanted}
                        if answer.get(k) != wanted.get(k)
                    },
                )
            )
    assert not different, different[:10]
    return alike


def test_own_vectors_are_read_alike() -> None:
    assert compare(OWN) >= len(OWN) - 3


def test_random_texts_are_read_alike() -> None:
    assert compare(made(4_000)) > 3_900


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "README.md").is_file(), reason="no public vectors here")
@pytest.mark.parametrize("name", ["gs1", "fapiao"])
def test_public_vectors_are_read_alike(name: str) -> None:
    path = SHARED / name / ("vectors.json" if name == "gs1" else "samples.json")
    vectors = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    codes = [vector["input"] if "input" in vector else vector["payload"] for vector in vectors]
    codes += [code.replace("^", "\x1d") for code in codes]
    alike = compare(codes, patterns=())
    print(f"{name}: {alike} of {len(codes)} read alike")
    assert alike == len(codes)
