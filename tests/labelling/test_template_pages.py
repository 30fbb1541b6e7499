"""The editor of label templates, and that labels then look like it."""

from __future__ import annotations

import base64
import io
import re

import zxingcpp
from PIL import Image

from app.kit.ids import new_id
from app.labelling import editor
from printing.labels import LabelKind, default_template

URL = "/label-templates/item/60x40"


def form(**fields):
    return {"_csrf": "csrf", "command_id": str(new_id()), **fields}


def sent(template, **changes):
    """The form as a browser sends it."""
    draft, data = editor.draft_of(template), {}
    for place, row in enumerate(draft.rows):
        data |= {f"f{place}_{name}": getattr(row, name) for name in ("name", "style", "caption")}
        data |= {f"f{place}_on": "yes"} if row.on else {}
    data |= {f"s_{one.source}_form": one.form for one in draft.marks}
    data |= {f"s_{one.source}_on": "yes" for one in draft.marks if one.on}
    return form(how="form", **data, **changes)


ITEM = default_template(LabelKind.ITEM, "60x40")


def picture(text):
    found = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", text)
    return Image.open(io.BytesIO(base64.b64decode(found[1]))) if found else None


def test_every_kind_can_be_edited(as_user):
    web = as_user("manager_a")
    for kind in LabelKind:
        page = web.get(f"/label-templates/{kind.value}/60x40").text
        assert picture(page) is not None, kind
        assert 'name="f0_name"' in page


def test_list_and_odd_addresses(as_user):
    web = as_user("manager_a")
    assert web.get("/label-templates").status_code == 200
    assert web.get("/label-templates?size=70x50").status_code == 200
    assert web.get(f"{URL}/sample.png").content.startswith(b"\x89PNG")
    assert web.get("/label-templates/dragon/60x40").status_code == 404
    assert web.get("/label-templates/item/0x0").status_code == 422
    assert as_user("operator_a").get("/label-templates").status_code == 403
    assert as_user("supervisor_a").post(URL, data=sent(ITEM)).status_code == 403


def test_the_preview_follows_and_nothing_is_kept(as_user):
    web = as_user("manager_a")
    bars = web.post(f"{URL}/preview", data=sent(ITEM)).text
    qr = web.post(f"{URL}/preview", data=sent(ITEM) | {"s_code_form": "qr"}).text
    read = [
        {str(found.format) for found in zxingcpp.read_barcodes(picture(text))}
        for text in (bars, qr)
    ]
    assert read[0] != read[1]
    assert 'id="step"' not in bars
    assert 'id="step"' in web.post(f"{URL}/preview", data=sent(ITEM, move="1:down")).text
    wrong = web.post(f"{URL}/preview", data=sent(ITEM) | {"f0_style": "huge"})
    assert 'role="alert"' in wrong.text
    assert picture(wrong.text) is None
    assert "tag--accent" not in web.get("/label-templates").text


def test_saved_and_used_and_given_up(as_user, company):
    web = as_user("manager_a")
    preview = f"/labels/items/{company.items['bread']}/preview?size=60x40"
    before = web.get(preview).content
    assert web.post(URL, data=sent(ITEM) | {"s_code_form": "qr"}).status_code == 303
    assert "tag--accent" in web.get("/label-templates").text
    assert web.get(preview).content != before
    assert web.post(f"{URL}/removal", data=form()).status_code == 303
    assert web.get(preview).content == before
    assert web.post(f"{URL}/removal", data=form()).status_code == 404


def test_as_text_with_the_place_of_what_is_wrong(as_user):
    web = as_user("manager_a")
    web.cookies.set("saoku_language", "en")
    text = editor.draft_of(ITEM).source
    assert web.post(URL, data=form(how="text", source=text)).status_code == 303
    lines = text.splitlines()
    lines[5] = lines[5].replace('"name"', "name")
    refused = web.post(URL, data=form(how="text", source="\n".join(lines)))
    assert refused.status_code == 422
    assert "6" in refused.text
    assert lines[5].strip()[:6] in refused.text.replace("&#34;", '"')
    unknown = text.replace('"item_code"', '"price"')
    assert "fields[1].name" in web.post(URL, data=form(how="text", source=unknown)).text
