"""Policies: who changes which, what is refused, and the tester."""

from __future__ import annotations

import pytest

from app.kit.ids import new_id

FORM = {
    "kind": "order_release", "name": "大额", "store": "", "condition": "amount > 100",
    "votes": "2", "roles": ["store_manager", "headquarters"], "hours": "24", "position": "10",
}  # fmt: skip


def form(**changes):
    return {**FORM, "command_id": str(new_id()), **changes}


@pytest.fixture
def chief(as_user, floor):
    return as_user("headquarters")


def rows(floor):
    return floor.sql(
        "select name, store_id, condition, required_votes, roles, is_active from approval_policy"
    )


def test_made_changed_and_taken_out_of_use(chief, floor) -> None:
    assert chief.post("/approvals/policies", data=form()).status_code == 303
    roles = ["store_manager", "headquarters"]
    assert rows(floor) == [("大额", None, "amount > 100", 2, roles, True)]
    page = chief.get("/approvals/policies").text
    assert "amount &gt; 100" in page
    policy_id = floor.sql("select id from approval_policy")[0][0]
    place = f"/approvals/policies/{policy_id}"
    assert "amount &gt; 100" in chief.get(place).text
    assert chief.post(place, data=form(condition="", votes="1")).status_code == 303
    assert chief.post(f"{place}/use", data={"command_id": str(new_id())}).status_code == 303
    assert rows(floor) == [("大额", None, "", 1, roles, False)]
    again = chief.post("/approvals/policies", data=form())
    assert again.status_code == 409
    assert "同名" in again.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"condition": "amount >"}, "第 1 行第 8 个字符"),
        ({"condition": "true &&\n amuont > 1"}, "第 2 行第 2 个字符：这里没有 amuont"),
        ({"condition": "excess > 1"}, "这里没有 excess"),
        ({"condition": 'amount > "5"'}, "数字与文字不能比较"),
        ({"votes": "0"}, "请从"),
        ({"roles": []}, "角色"),
        ({"kind": "negative_stock", "condition": ""}, "新规则"),
        ({"name": " "}, "field__error"),
        ({"hours": "9000"}, "field__error"),
    ],
)
def test_refused_with_what_was_typed(chief, floor, wrong, said) -> None:
    answer = chief.post("/approvals/policies", data=form(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert "大额" in answer.text or "name" in wrong
    assert rows(floor) == []


def test_a_condition_is_tried_on_made_up_facts(chief) -> None:
    def tried(**changes):
        return chief.post("/approvals/policies/trial", data=form(**changes)).text

    assert "需要审批" in tried(fact_amount="100.01")
    assert "不成立：无须审批" in tried(fact_amount="100")
    assert "算不出来" in tried(condition="amount / 0 > 1")
    assert "这不是数字" in tried(fact_amount="1o0")
    assert "这不是数字" in tried(fact_amount="NaN")
    assert "第 1 行" in tried(condition="amount >")


def test_a_manager_tightens_their_own_store_only(as_user, floor) -> None:
    web, company = as_user("manager_a"), floor.company
    assert web.post("/approvals/policies", data=form()).status_code == 403
    elsewhere = form(store=str(company.b.store_id))
    assert web.post("/approvals/policies", data=elsewhere).status_code == 403
    assert (
        web.post("/approvals/policies", data=form(store=str(company.a.store_id))).status_code == 303
    )
    policy_id = floor.policy()
    place = f"/approvals/policies/{policy_id}"
    assert web.post(place, data=form(store=str(company.a.store_id))).status_code == 403
    assert web.post(f"{place}/use", data={"command_id": str(new_id())}).status_code == 403
    other = floor.policy(store_id=company.b.store_id)
    assert web.get(f"/approvals/policies/{other}").status_code == 404


def test_a_supervisor_reads_and_an_operator_does_not(as_user, floor) -> None:
    floor.policy()
    web = as_user("supervisor_a")
    assert web.get("/approvals/policies").status_code == 200
    assert web.post("/approvals/policies", data=form()).status_code == 403
    assert as_user("operator_a").get("/approvals/policies").status_code == 403


def test_a_company_begins_with_policies(as_user, floor_with_defaults) -> None:
    kinds = floor_with_defaults.sql("select kind, required_votes from approval_policy")
    assert ("status_release", 2) in kinds
    assert len({kind for kind, _votes in kinds}) == 6
    page = as_user("headquarters").get("/approvals/policies").text
    assert "解冻、放行库存须两人批准" in page
    assert "库存不会为负" in page
