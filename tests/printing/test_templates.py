"""Templates are data: they go through JSON, name what is wrong, and what they show scans."""

import json
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing.codes import Form, Symbology, formed, gs1, gtin_bars, qr
from printing.content import Looks
from printing.faces import drawing, fixed_template
from printing.fields import field_title, fields_of, kind_title, symbols_of
from printing.kinds import ItemLabel, LabelKind, LogisticUnitLabel
from printing.labels import (
    LABEL_60X40,
    LABEL_100X150,
    SIZES,
    LabelError,
    label_png,
    labels_pdf,
)
from printing.layout import Box
from printing.samples import sample_label
from printing.sizes import size_named
from printing.template import Field, SymbolSpec, Template, TemplateError, default_template
from printing.template_reading import template_of, template_parsed
from tests.printing.helpers import Pixels, assert_reads, page_texts
from tests.printing.samples import BADGE, GTIN, ITEM, LOT

EVERY = list(product(LabelKind, SIZES))
LONG = "安佳淡味黄油片 Anchor Unsalted Butter Sheets 进口冷冻烘焙专用可颂起酥丹麦大包装" * 3


def codes_of(template: Template, label) -> list:
    """What the drawn symbols must read as."""
    found = []
    for spec in template.symbols:
        code = getattr(label, "printed_code", None) or getattr(label, "code", None)
        if isinstance(label, LogisticUnitLabel):
            code = {
                "sscc": label.sscc_code(),
                "content": gs1(label.content_elements(), Symbology.GS1_128),
                "everything": label.everything_code(),
            }[spec.source]
        found.append(formed(code, spec.form))
    return found


@pytest.mark.parametrize(("kind", "size_name"), EVERY)
def test_every_kind_has_a_look_at_every_size(kind: LabelKind, size_name: str) -> None:
    template = default_template(kind, size_name)
    again = template_parsed(json.dumps(template.data(), ensure_ascii=False))
    assert again == template
    for language in ("zh", "en"):
        label = sample_label(kind, language)
        assert drawing(label, template, 203, language).symbols
        assert drawing(label, SIZES[size_name], 203, language) == drawing(
            label, template, 203, language
        )


@pytest.mark.parametrize(("kind", "size_name"), EVERY)
def test_a_look_with_its_positions_written_down_scans_the_same(
    kind: LabelKind, size_name: str
) -> None:
    label = sample_label(kind)
    template = default_template(kind, size_name)
    narrow = {
        LabelKind.LOGISTIC_UNIT: ("40x30", "a4-5x13"),
        LabelKind.PACKAGING: ("a4-5x13",),
    }
    if size_name in narrow.get(kind, ()):
        template = replace(template, symbols=(replace(template.symbols[0], form=Form.QR),))
    fixed = fixed_template(template, label)
    assert template_of(fixed.data()) == fixed
    assert_reads(Pixels.of(label_png(label, fixed)), *codes_of(fixed, label))
    drawn = drawing(label, fixed, 203, "zh")
    flowing = drawing(label, template, 203, "zh")
    shown = "".join("".join(text.lines) for text in drawn.texts)
    assert all(line in shown for text in flowing.texts for line in text.lines)


def item_template(**changes) -> dict:
    data = default_template(LabelKind.ITEM, "60x40").data()
    return data | changes


FIXED = {
    "kind": "item",
    "size": "60x40",
    "layout": "fixed",
    "fields": [
        {"name": "name", "style": "title", "box": [2, 2, 56, 9], "points": 14, "lines": 2},
        {"name": "text", "text": "冷藏 0-4℃", "box": [30, 14, 28, 5], "align": "right"},
        {"name": "rule", "box": [2, 12, 56, 0.5]},
        {"name": "item_code", "caption": "", "box": [30, 20, 28, 4]},
        {"name": "code_text", "box": [30, 30, 28, 8]},
    ],
    "symbols": [{"source": "code", "form": "qr", "box": [2, 14, 26, 24]}],
}


def changed(path: list, value: object) -> dict:
    data = json.loads(json.dumps(FIXED))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


FAULTS = [
    ("", "object", []),
    ("", "object", None),
    ("kind", "missing", {}),
    ("kind", "choice", item_template(kind="pallet")),
    ("size", "size", item_template(size="60x4000")),
    ("size", "size", item_template(size=60)),
    ("layout", "choice", item_template(layout="free")),
    ("", "unknown", item_template(colour="red")),
    ("fields", "list", item_template(fields={})),
    ("fields", "list", item_template(fields=[{"name": "rule"}] * 41)),
    ("symbols", "list", item_template(symbols="code")),
    ("symbols", "no_symbol", item_template(symbols=[])),
    ("symbols[0].source", "choice", item_template(symbols=[{"source": "sscc"}])),
    ("symbols[0].form", "choice", item_template(symbols=[{"source": "code", "form": "aztec"}])),
    ("symbols[1].source", "twice", item_template(symbols=[{"source": "code"}] * 2)),
    ("fields[0].name", "missing", item_template(fields=[{}])),
    ("fields[0].name", "choice", item_template(fields=[{"name": "lot"}])),
    ("fields[0]", "object", item_template(fields=["name"])),
    ("fields[0].style", "choice", item_template(fields=[{"name": "name", "style": "bold"}])),
    ("fields[0].name", "choice", item_template(fields=[{"name": ["name"]}])),
    ("fields[1].name", "twice", item_template(fields=[{"name": "name"}, {"name": "name"}])),
    ("fields[0].caption", "text", item_template(fields=[{"name": "spec", "caption": "很" * 41}])),
    ("fields[0].text", "own_text", item_template(fields=[{"name": "text", "text": " "}])),
    ("fields[0].text", "text", item_template(fields=[{"name": "text", "text": 7}])),
    ("fields[0].box", "box_in_flow", item_template(fields=[{"name": "name", "box": [1, 1, 5, 5]}])),
    ("fields[0].name", "only_fixed", item_template(fields=[{"name": "rule"}])),
    (
        "fields[1].style",
        "titles",
        item_template(fields=[{"name": name, "style": "title"} for name in ("name", "spec")]),
    ),
    (
        "symbols[1]",
        "one_symbol",
        default_template(LabelKind.LOGISTIC_UNIT, "100x150").data() | {"size": "60x40"},
    ),
    ("fields[0].box", "no_box", changed(["fields", 0], {"name": "name"})),
    ("fields[0].box", "box", changed(["fields", 0, "box"], [1, 2, 3])),
    ("fields[0].box", "number", changed(["fields", 0, "box"], [1, 2, 3, "4"])),
    ("fields[0].box", "number", changed(["fields", 0, "box"], [-1, 2, 3, 4])),
    ("fields[0].box", "number", changed(["fields", 0, "box"], [True, 2, 3, 4])),
    ("fields[0].box", "number", changed(["fields", 0, "box"], [float("nan"), 2, 3, 4])),
    ("fields[0].box", "outside", changed(["fields", 0, "box"], [10, 2, 51, 9])),
    ("fields[0].box", "outside", changed(["fields", 0, "box"], [2, 2, 0.1, 9])),
    ("fields[0].points", "number", changed(["fields", 0, "points"], 1)),
    ("fields[0].lines", "number", changed(["fields", 0, "lines"], 0)),
    ("fields[0].align", "choice", changed(["fields", 0, "align"], "justify")),
    ("fields[1].box", "overlap", changed(["fields", 0, "box"], [29, 2, 20, 13])),
    ("symbols[0].box", "overlap", changed(["symbols", 0, "box"], [2, 14, 28.5, 24])),
]


@pytest.mark.parametrize(("path", "code", "data"), FAULTS)
def test_faults_are_named_with_their_place(path: str, code: str, data: object) -> None:
    with pytest.raises(TemplateError) as caught:
        template_of(data)
    assert (path, code) in {(fault.path, fault.code) for fault in caught.value.faults}
    for language in ("zh", "en"):
        text = caught.value.text(language)
        assert path in text
        assert "{" not in text.replace("{...}", "")


def test_all_faults_are_named_at_once() -> None:
    data = item_template(size="x", layout="y", fields=[{"name": "lot"}, {"style": "z"}])
    with pytest.raises(TemplateError) as caught:
        template_of(data)
    assert [fault.path for fault in caught.value.faults] == [
        "layout", "size", "fields[0].name", "fields[1].name", "fields[1].style",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", '{"kind": "item",\n "size": }', "[" * 100_000])
def test_what_is_no_json_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(TemplateError) as caught:
        template_parsed(text)
    (fault,) = caught.value.faults
    assert fault.code == "json"
    assert fault.data["line"] == text.count("\n") + 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "size", "layout", "fields", "symbols", "name", "box", "source"]
            ),
            inner | st.sampled_from(["item", "60x40", "fixed", "name", "code", [1, 1, 9, 9]]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_any_json_is_a_template_or_refused(data: object) -> None:
    try:
        template = template_of(data)
    except TemplateError:
        return
    assert template_of(template.data()) == template


def test_order_captions_and_own_words_are_the_templates() -> None:
    fields = [
        {"name": "spec", "style": "title"},
        {"name": "packing", "caption": "装"},
        {"name": "name", "caption": ""},
        {"name": "text", "text": "小心轻放", "style": "strong"},
    ]
    (text,) = page_texts(labels_pdf([ITEM], template_of(item_template(fields=fields))))
    assert text.split("\r\n") == ["规格 25kg/袋", "小心轻放", "装 1箱=4袋", ITEM.name]


@pytest.mark.parametrize("form", ["qr", "data_matrix", "bars"])
def test_the_same_content_in_another_symbol(form: str) -> None:
    template = template_of(item_template(symbols=[{"source": "code", "form": form}]))
    elements = [("01", GTIN)]
    codes = {
        "qr": gs1(elements),
        "data_matrix": gs1(elements, Symbology.GS1_DATA_MATRIX),
        "bars": gtin_bars(GTIN),
    }
    assert_reads(Pixels.of(label_png(ITEM, template)), codes[form])
    own = ItemLabel("黄油片", "BU-1", code=qr("SK:IBU-1"))
    assert Pixels.of(label_png(own, template)).zxing()
    lot = template_of(default_template(LabelKind.LOT, "100x150").data())
    lot = replace(lot, symbols=(SymbolSpec("code", Form(form)),))
    assert_reads(Pixels.of(label_png(LOT, lot)), formed(LOT.printed_code, Form(form)))


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_fixed_layout_sets_everything_in_its_box(dpi: int) -> None:
    template = template_of(FIXED)
    for label in (ITEM, replace(ITEM, name=LONG, item_code=LONG)):
        drawn = drawing(label, template, dpi, "zh")
        assert_reads(Pixels.of(label_png(label, template, dpi)), gs1([("01", GTIN)]))
        boxes = [field.box for field in template.fields if field.name != "rule"]
        for text, box in zip(drawn.texts, boxes, strict=True):
            assert text.box == box
            assert text.height <= box.height + 0.01
    assert drawn.texts[0].lines[-1].endswith("…")
    assert len(drawn.texts[0].lines) == 2


WIDE = template_of(
    {
        "kind": "item",
        "size": "60x40",
        "layout": "fixed",
        "fields": [
            {"name": name, "box": [30, 2 + 6 * n, 28, 5], "points": 9}
            for n, name in enumerate(("name", "item_code", "spec", "packing"))
        ],
        "symbols": [{"source": "code", "form": "data_matrix", "box": [2, 2, 27, 36]}],
    }
)


@given(*[st.text(max_size=80)] * 4)
@settings(max_examples=100, deadline=None)
def test_no_text_ever_touches_the_symbol(name: str, code: str, spec: str, packing: str) -> None:
    drawn = drawing(ItemLabel(name, code, spec, packing, GTIN), WIDE, 203, "zh")
    (symbol,) = drawn.symbols
    for text in drawn.texts:
        assert text.box.left >= symbol.area.right
        assert text.height <= text.box.height + 0.01


@pytest.mark.parametrize(("kind", "size_name"), EVERY)
def test_nothing_overlaps_the_symbol_in_the_flow(kind: LabelKind, size_name: str) -> None:
    drawn = drawing(sample_label(kind), SIZES[size_name], 203, "zh")
    texts = [text.box._replace(height=text.height) for text in drawn.texts]
    for text, symbol in product(texts, (one.area for one in drawn.symbols)):
        assert not overlap(text, symbol)
    for one, other in combinations(drawn.symbols, 2):
        assert not overlap(one.area, other.area)


def overlap(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return min(wide, high) > 0.05


def test_a_symbol_that_does_not_fit_its_box_is_refused() -> None:
    small = changed(["symbols", 0, "box"], [2, 14, 5, 5])
    with pytest.raises(LabelError) as caught:
        label_png(ITEM, template_of(small))
    assert caught.value.code == "code_too_large"
    flat = changed(["symbols", 0], {"source": "code", "form": "bars", "box": [2, 14, 26, 2]})
    with pytest.raises(LabelError, match="mm"):
        label_png(ITEM, template_of(flat))


def test_templates_print_their_own_kind_and_size_only() -> None:
    lots = default_template(LabelKind.LOT, "60x40")
    with pytest.raises(LabelError) as caught:
        label_png(ITEM, lots)
    assert caught.value.code == "template_kind"
    with pytest.raises(LabelError) as caught:
        Looks(LABEL_100X150, (lots,))
    assert caught.value.code == "template_size"


def test_a_run_of_several_kinds_uses_each_kinds_template() -> None:
    own = replace(default_template(LabelKind.LOT, "60x40"), fields=(Field("lot", "title"),))
    item, lot, badge = page_texts(labels_pdf([ITEM, LOT, BADGE], Looks(LABEL_60X40, (own,))))
    assert "高筋面粉" in item
    assert lot.strip() == "批次 L20260118-A"
    assert "王小明" in badge


def test_rolls_that_we_do_not_know() -> None:
    size = size_named("70x50")
    assert (size.width, size.height, size.sheet) == (70, 50, None)
    assert size_named("60x40") is LABEL_60X40
    for label in (sample_label(kind) for kind in LabelKind):
        assert Pixels.of(label_png(label, default_template_of(label, "70x50"))).zxing()
    for wrong in ("70x5000", "9x9", "070x50x1", "", "A4", "\uff17\uff10x50"):
        with pytest.raises(LabelError) as caught:
            size_named(wrong)
        assert caught.value.code == "size"


def default_template_of(label, size_name: str) -> Template:
    from printing.kinds import kind_of

    return default_template(kind_of(label), size_name)


def test_editors_find_words_for_everything() -> None:
    for kind in LabelKind:
        for language in ("zh", "en"):
            assert kind_title(kind, language)
            names = (*fields_of(kind), *symbols_of(kind))
            assert all(field_title(name, language) for name in names)
