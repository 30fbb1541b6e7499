"""Requests and votes: who may, how often, until when, and what the last yes does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psycopg
import pytest

from app.approvals.deciding import (
    ExpireRequests,
    WithdrawRequest,
    expire_requests,
    withdraw_request,
)
from app.approvals.problems import (
    DecidedAlready,
    ExecutionRefused,
    NoSuchRequest,
    NotExecutable,
    NotOnesOwn,
    NotTheOneWhoAsked,
    RejectionNeedsReason,
    RequestExpired,
    RoleDoesNotVote,
    VotedAlready,
)
from app.approvals.voting import CastVote, vote
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope


def test_without_a_policy_it_is_done_at_once(floor) -> None:
    assert floor.ask().waiting is None
    assert floor.partner_name() == "renamed"


def test_two_others_approve_and_it_is_done_once(floor, two_votes) -> None:
    request_id = floor.request()
    assert floor.partner_name() == "面粉厂"
    first = floor.vote("manager_a", request_id)
    assert (first.state, first.missing) == ("waiting", 1)
    assert floor.partner_name() == "面粉厂"
    last = floor.vote("area_manager", request_id)
    assert (last.state, last.missing) == ("approved", 0)
    assert floor.partner_name() == "renamed"
    row = floor.sql(
        "select r.state, r.effect -> 'answer' ->> 'name', c.kind, c.user_id, r.requested_by,"
        " r.reason from approval_request r join command c on c.id = r.executed_command_id"
    )
    users = floor.company.users
    expected = ("approved", "renamed", "approvals.cast_vote", users["area_manager"],
                users["supervisor_a"], "because of this")  # fmt: skip
    assert row == [expected]
    ips = floor.sql("select host(ip), vote from approval_vote order by id")
    assert ips == [("10.0.0.7", "approve")] * 2


def test_the_same_vote_sent_again_has_its_first_answer(floor) -> None:
    floor.policy(votes=1)
    request_id, command_id = floor.request(), new_id()
    first = floor.vote("manager_a", request_id, command_id=command_id)
    assert floor.vote("manager_a", request_id, command_id=command_id) == first
    assert floor.sql("select count(*) from approval_vote") == [(1,)]


def test_the_one_who_asked_does_not_vote(floor, two_votes) -> None:
    request_id = floor.request()
    with pytest.raises(NotOnesOwn):
        floor.vote("supervisor_a", request_id)
    with pytest.raises(NotOnesOwn):
        floor.vote("supervisor_a", request_id, "reject", reason="no")


def test_nobody_votes_twice(floor, two_votes) -> None:
    request_id = floor.request()
    floor.vote("manager_a", request_id)
    with pytest.raises(VotedAlready):
        floor.vote("manager_a", request_id)
    assert floor.state(request_id) == "waiting"


def test_only_the_roles_of_the_policy_vote(floor) -> None:
    floor.policy(votes=1, roles=["area_manager"])
    request_id = floor.request()
    with pytest.raises(RoleDoesNotVote) as refused:
        floor.vote("manager_a", request_id)
    assert "区域经理" in refused.value.next_step
    assert floor.vote("area_manager", request_id).state == "approved"


def test_another_store_does_not_even_see_it(floor, two_votes) -> None:
    request_id = floor.request()
    with pytest.raises(NoSuchRequest):
        floor.vote("operator_b", request_id)


def test_rejection_needs_a_reason_and_ends_it(floor, two_votes) -> None:
    request_id = floor.request()
    with pytest.raises(RejectionNeedsReason):
        floor.vote("manager_a", request_id, "reject", reason="  ")
    assert floor.vote("manager_a", request_id, "reject", reason="wet").state == "rejected"
    with pytest.raises(DecidedAlready):
        floor.vote("area_manager", request_id)
    assert floor.partner_name() == "面粉厂"


def test_nobody_votes_after_expiry(floor, two_votes, run) -> None:
    request_id = floor.request()
    floor.vote("manager_a", request_id)
    floor.sql("alter table approval_request disable trigger guarded")
    floor.sql("update approval_request set expires_at = now() - interval '1 second'")
    floor.sql("alter table approval_request enable trigger guarded")
    with pytest.raises(RequestExpired):
        floor.vote("area_manager", request_id)
    assert run(expire_requests, ExpireRequests()).count == 1
    assert floor.state(request_id) == "expired"
    with pytest.raises(RequestExpired):
        floor.vote("area_manager", request_id)


def test_only_the_one_who_asked_withdraws(floor, two_votes, run) -> None:
    request_id = floor.request()
    withdrawn = WithdrawRequest(request_id, "not needed")
    with pytest.raises(NotTheOneWhoAsked):
        run(withdraw_request, withdrawn, caller=floor.caller("manager_a"))
    run(withdraw_request, withdrawn, caller=floor.caller("supervisor_a"))
    assert floor.state(request_id) == "withdrawn"
    with pytest.raises(DecidedAlready):
        floor.vote("manager_a", request_id)
    with pytest.raises(DecidedAlready):
        run(withdraw_request, withdrawn, caller=floor.caller("supervisor_a"))


def test_what_waits_already_is_not_asked_for_twice(floor, two_votes) -> None:
    assert floor.request() == floor.request()
    assert floor.request(amount=Decimal(2)) != floor.request()
    assert floor.request("manager_a") != floor.request()


def test_a_change_underneath_is_refused_and_closes_it(floor, two_votes) -> None:
    request_id = floor.request()
    floor.vote("manager_a", request_id)
    floor.sql("update partner set name = 'other' where id = %s", floor.company.supplier)
    command_id = new_id()
    for _again in range(2):
        with pytest.raises(ExecutionRefused) as refused:
            floor.vote("area_manager", request_id, command_id=command_id)
        assert "面粉厂 → other" in refused.value.message
    assert floor.partner_name() == "other"
    assert floor.state(request_id) == "failed"
    assert floor.sql("select count(*) from approval_vote") == [(1,)]
    with pytest.raises(DecidedAlready):
        floor.vote("headquarters", request_id)


def test_a_refused_execution_leaves_nothing_half_done(floor) -> None:
    floor.policy(votes=1)
    request_id = floor.request(name="impossible")
    with pytest.raises(ExecutionRefused) as refused:
        floor.vote("manager_a", request_id)
    assert "impossible" in refused.value.message
    assert floor.partner_name() == "面粉厂"
    effect = floor.sql("select state, effect ->> 'cause' from approval_request")
    assert effect == [("failed", "stand_in_impossible")]


def test_what_cannot_be_executed_here_keeps_waiting(floor) -> None:
    floor.policy(votes=1)
    request_id = floor.request()
    envelope = Envelope(new_id(), floor.caller("manager_a"))
    with pytest.raises(NotExecutable):
        vote(floor.database, {}, CastVote(request_id, "approve"), envelope)
    assert floor.state(request_id) == "waiting"


def test_two_last_votes_at_once_execute_once(floor, two_votes) -> None:
    request_id = floor.request()
    floor.vote("manager_a", request_id)
    start = threading.Barrier(2)

    def last(login: str) -> str:
        start.wait()
        try:
            return floor.vote(login, request_id).state
        except Problem as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(last, ["area_manager", "headquarters"]))
    assert answers == ["approval_decided_already", "approved"]
    assert floor.partner_name() == "renamed"
    assert floor.sql("select count(*) from approval_vote") == [(2,)]


def test_the_same_person_twice_at_once_counts_once(floor, two_votes) -> None:
    request_id = floor.request()
    start = threading.Barrier(2)

    def once(_turn: int) -> str:
        start.wait()
        try:
            return floor.vote("manager_a", request_id).state
        except Problem as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(once, range(2)))
    assert answers == ["approval_voted_already", "waiting"]
    assert floor.partner_name() == "面粉厂"


# The database holds it, whatever the program believes ---------------------------------------------

VOTE = (
    "insert into approval_vote (request_id, store_id, user_id, vote, command_id)"
    " values (%s, %s, %s, 'approve', gen_random_uuid())"
)


def _constraint(floor, text: str, *values) -> str | None:
    with pytest.raises(psycopg.Error) as refused:
        floor.sql(text, *values)
    return refused.value.diag.constraint_name


def test_the_database_refuses_too(floor, two_votes) -> None:
    request_id, store_id = floor.request(), floor.company.a.store_id
    users = floor.company.users
    own = _constraint(floor, VOTE, request_id, store_id, users["supervisor_a"])
    assert own == "approval_vote_not_ones_own"
    elsewhere = floor.company.b.store_id
    assert _constraint(floor, VOTE, request_id, elsewhere, users["manager_a"]) == (
        "approval_vote_of_its_store"
    )
    floor.sql(VOTE, request_id, store_id, users["manager_a"])
    twice = _constraint(floor, VOTE, request_id, store_id, users["manager_a"])
    assert twice == "approval_vote_once"
    too_few = (
        "update approval_request set state = 'approved', decided_at = now(),"
        " executed_command_id = gen_random_uuid()"
    )
    assert _constraint(floor, too_few) == "approval_request_needs_its_votes"
    cheaper = "update approval_request set required_votes = 1"
    assert _constraint(floor, cheaper) == "approval_request_asked_once"
    assert _constraint(floor, "delete from approval_vote") == "approval_vote_append_only"
    floor.sql("update approval_request set state = 'rejected', decided_at = now()")
    late = _constraint(floor, VOTE, request_id, store_id, users["area_manager"])
    assert late == "approval_vote_while_waiting"


# Policies -----------------------------------------------------------------------------------------


def test_the_strictest_of_those_that_hold_counts(floor) -> None:
    floor.policy(votes=1, condition="amount > 100")
    floor.policy(votes=3, condition="amount > 1000")
    assert floor.ask(amount=Decimal(100)).waiting is None
    assert floor.ask(amount=Decimal("100.01"), name="x").waiting.required_votes == 1
    assert floor.ask(amount=Decimal(1001), name="x").waiting.required_votes == 3


def test_a_store_cannot_loosen_but_tighten(floor) -> None:
    floor.policy(votes=2)
    floor.policy(votes=1, store_id=floor.company.a.store_id)
    assert floor.ask().waiting.required_votes == 2
    floor.policy(votes=3, store_id=floor.company.a.store_id)
    assert floor.ask(name="y").waiting.required_votes == 3
    floor.sql("update approval_policy set is_active = store_id is null")
    assert floor.ask(name="z").waiting.required_votes == 2


def test_a_policy_of_another_store_does_not_count(floor) -> None:
    floor.policy(store_id=floor.company.b.store_id)
    assert floor.ask().waiting is None


def test_a_condition_that_fails_asks(floor) -> None:
    floor.policy(votes=1, condition="amount / 0 > 1")
    assert floor.ask().waiting is not None


def test_a_condition_sees_who_asks_and_where(floor) -> None:
    floor.policy(votes=1, condition='role == "supervisor" && store == "A"')
    assert floor.ask("manager_a").waiting is None
    assert floor.ask("supervisor_a", name="x").waiting is not None


def test_the_people_concerned_are_told(floor, two_votes) -> None:
    request_id = floor.request()
    floor.vote("manager_a", request_id, "reject", reason="wet")
    told = floor.sql("select kind, link, facts ->> 'reason' from notification_event order by id")
    link = f"/approvals/{request_id}"
    asked = ("approval_requested", link, "because of this")
    assert told == [asked, ("approval_decided", link, "wet")]
