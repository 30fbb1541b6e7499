"""The command line: one object a line, exact text, bad lines named but never in the way."""

from __future__ import annotations

import io
import json
from time import process_time

import zxingcpp
from PIL import Image

from app.scanning.cli import decode_command, parse_code_command


def test_codes_from_arguments(capsys):
    assert parse_code_command(["--json", "(01)06921168509256(3103)001750", "?"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["gtin"] == "06921168509256"
    assert first["net_weight_kg"] == "1.750"
    assert first["ais"] == [["01", "06921168509256"], ["3103", "001750"]]
    assert (second["kind"], second["valid"]) == ("unknown", False)
    assert "gtin" not in second


def test_codes_from_standard_input(capsys, monkeypatch):
    lines = ['"\\u001d0106921168509256"', "not json", "", "7", '"\\ud800"']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert parse_code_command(["--json"]) == 1
    printed = capsys.readouterr()
    assert [json.loads(line)["kind"] for line in printed.out.splitlines()] == ["gs1", "unknown"]
    assert "line 2" in printed.err
    assert "line 4" in printed.err


def test_people_get_plain_lines(capsys):
    assert parse_code_command(["(01)06921168509255", "SK:LA-01"]) == 0
    text = capsys.readouterr().out
    assert "error (01) The numeric check digit is incorrect." in text
    assert "own, valid" in text


def test_thousands_of_codes_a_second(capsys, monkeypatch):
    code = json.dumps("]C101069211685092561726123110LOT-1\x1d3103001750")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([code] * 5_000)))
    started = process_time()
    assert parse_code_command(["--json"]) == 0
    assert process_time() - started < 5
    assert len(capsys.readouterr().out.splitlines()) == 5_000


def test_photos(tmp_path, capsys):
    code = zxingcpp.create_barcode("6921168509256", zxingcpp.BarcodeFormat.EAN13)
    Image.fromarray(code.to_image(scale=4)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    names = [str(tmp_path / "a.png"), str(tmp_path / "b.png"), str(tmp_path / "missing.png")]
    assert decode_command(["--json", *names]) == 1
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert answer["symbols"] == [
        {"text": "6921168509256", "symbology": "EAN-13", "gtin": "06921168509256"}
    ]
    assert isinstance(answer["ms"], int)
    errors = [json.loads(line)["error"] for line in printed.err.splitlines()]
    assert errors == ["picture_not_readable", "file_not_readable"]
