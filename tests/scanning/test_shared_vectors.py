"""The public vectors: every one is read as its source says, the invalid ones with their AI."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.scanning.digital_link import digital_link
from app.scanning.epc import EpcError, decode_tag, encode_tag, tag_uri_for
from app.scanning.invoice import KIND_NAMES
from app.scanning.parse import parse

pytestmark = pytest.mark.shared_data

NAMED_AI = re.compile(r"AI:? \(?(\d+)")


def element_string_forms(vector):
    text = vector["input"]
    return [text, text.replace("^", "\x1d")] if vector["kind"] == "element-string" else [text]


def test_gs1_vectors(vectors):
    checked = Counter()
    for vector in vectors("gs1/vectors.json"):
        if vector["kind"] == "to-digital-link":
            continue
        wanted = vector.get("valid_without_requisites")
        wanted = vector["valid"] if wanted is None else wanted
        for form in element_string_forms(vector):
            parsed = parse(form)
            assert parsed.valid is wanted, vector
            if vector.get("ais") is not None:
                assert [list(pair) for pair in parsed.ais] == vector["ais"]
            named = NAMED_AI.search(vector.get("reason") or "")
            if not wanted:
                assert parsed.errors, vector
            if not wanted and named:
                assert parsed.errors[0].ai == named[1], vector
        checked[vector["kind"]] += 1
    print(dict(checked))
    assert sum(checked.values()) == 268


def test_digital_links_are_built(vectors):
    for vector in vectors("gs1/vectors.json"):
        if vector["kind"] != "to-digital-link":
            continue
        elements = list(parse(vector["input"]).ais)
        stem = vector.get("stem") or "https://id.gs1.org"
        if vector["valid"]:
            assert digital_link(elements, stem) == vector["digital_link"]
        else:
            with pytest.raises(ValueError, match=r"AI|key"):
                digital_link(elements, stem)


def bracketed(parsed):
    return "".join(f"({ai}){value}" for ai, value in parsed.ais)


def check_tag(vector):
    tag = decode_tag(vector["hex"])
    assert tag.tag_uri == vector["tag_uri"] == parse(vector["hex"]).tag_uri
    assert tag.epc_uri == vector["epc_uri"] == parse(vector["tag_uri"]).epc_uri
    assert encode_tag(vector["tag_uri"]) == vector["hex"]
    assert tag_uri_for(vector["epc_uri"], tag.scheme, tag.filter_value) == vector["tag_uri"]
    if "gs1_element_string" in vector:
        assert bracketed(parse(vector["hex"])) == vector["gs1_element_string"]


def check_not_encodable(vector):
    scheme = vector["wanted"].rpartition(".")[2].lower().replace("_", "-")
    with pytest.raises(EpcError):
        tag_uri_for(vector["epc_uri"], scheme)


def check_element_string(vector):
    assert bracketed(parse(vector["epc_uri"])) == vector["gs1_element_string"]


def check_hex(vector):
    parsed = parse(vector["hex"])
    assert parsed.valid is vector["valid"]
    if parsed.valid:
        assert (parsed.epc_uri, parsed.gtin) == (vector["epc_uri"], vector["gtin14"])


def check_uri(vector):
    parsed = parse(vector["epc_uri"])
    assert (parsed.kind, parsed.valid) == ("epc", vector["valid"])


EPC_CHECKS = {
    "hex<->tag-uri": check_tag,
    "epc-uri->tag": check_not_encodable,
    "epc-uri->gs1": check_element_string,
    "hex->epc-uri": check_hex,
    "epc-uri": check_uri,
}


def test_epc_vectors(vectors):
    checked = Counter()
    for vector in vectors("epc/vectors.json"):
        EPC_CHECKS[vector["kind"]](vector)
        checked[vector["kind"]] += 1
    print(dict(checked))
    assert sum(checked.values()) == 238


def test_invoice_samples(vectors):
    for vector in vectors("fapiao/samples.json"):
        wanted = vector["expected"]
        parsed = parse(vector["payload"])
        assert (parsed.kind, parsed.valid) == ("invoice", True), vector
        invoice = parsed.invoice
        assert invoice is not None
        assert (invoice.family, invoice.number) == (wanted["family"], wanted["number"])
        assert format(invoice.amount, "f") == wanted["amount"]
        for ours, theirs in (
            (invoice.code, "code"),
            (invoice.check_code, "check_code"),
            (invoice.crc, "crc"),
            (invoice.kind, "kind"),
            (invoice.hash, "hash"),
            (invoice.seller_tax_id, "seller_tax_id"),
            (invoice.issued_on and invoice.issued_on.isoformat(), "date"),
            (KIND_NAMES.get(invoice.kind or ""), "kind_name"),
        ):
            if theirs in wanted:
                assert ours == wanted[theirs], (theirs, vector)
