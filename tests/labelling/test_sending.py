"""From the queue to a printer: every byte, and nothing twice unnoticed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from psycopg.types.json import Jsonb

from app.kit import jobs
from app.kit.database import SYSTEM, driver
from app.kit.ids import new_id
from app.labelling import queue, sending, tasks
from app.labelling.commands import SettleLabels, settle_labels
from app.labelling.problems import LabelMovedOn
from printing.labels import SIZES, ItemLabel, Printer, label_commands
from tests.harness import GTINS
from tests.labelling.stand_in import StandIn, host_status

BREAD = ItemLabel(name="可颂", item_code="BREAD", gtin=GTINS["bread"])
FLOUR = ItemLabel(name="高筋面粉", item_code="FLOUR", gtin=GTINS["flour"])


def block(label, size="60x40", language="zpl"):
    return label_commands(label, SIZES[size], Printer(language))


def settle(run, step, run_id):
    return run(settle_labels, SettleLabels(step, run_id=run_id)).count


def problems_of(database, run_id):
    with database.reading(SYSTEM) as session:
        found = queue.labels_of_run(session, run_id, 0, 100)
        return [one.refusal.code if one.refusal else None for one in found]


@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_the_printer_gets_exactly_these_bytes(printer, order, send, states, language):
    with StandIn() as stand_in:
        run_id = order(printer(stand_in, language), "bread", "flour", copies=2)
        send(1)
        assert states(run_id) == ["sent"] * 4
    expected = [block(BREAD, language=language)] * 2 + [block(FLOUR, language=language)] * 2
    assert stand_in.received == b"".join(expected)


@pytest.mark.usefixtures("patient")
def test_a_printer_that_answers_says_when_labels_are_printed(
    printer, order, send, states, database
):
    left = iter([0, 2, 1])
    with StandIn(lambda: host_status(left=next(left, 0))) as stand_in:
        run_id = order(printer(stand_in), copies=2)
        send(1)
    assert states(run_id) == ["printed"] * 2
    assert stand_in.questions == 4
    with database.reading(SYSTEM) as session:
        assert queue.printer(session, 1).reports_status is True


@pytest.mark.usefixtures("patient")
def test_a_tspl_printer_answers_with_one_byte(printer, order, send, states):
    with StandIn(lambda: b"\x00") as stand_in:
        run_id = order(printer(stand_in, "tspl"))
        send(1)
    assert states(run_id) == ["printed"]


def test_a_printer_without_answers_is_asked_only_once(printer, order, send, states):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
        first, second = order(printer_id), None
        send(printer_id)
        second = order(printer_id)
        send(printer_id)
        assert (states(first), states(second)) == (["sent"], ["sent"])
        assert stand_in.questions == 1


def test_an_office_printer_gets_a_pdf(printer, order, send, states):
    with StandIn() as stand_in:
        run_id = order(printer(stand_in, "pdf", "100x150"))
        send(1)
    assert states(run_id) == ["sent"]
    assert stand_in.received.startswith(b"%PDF")
    assert stand_in.questions == 0


def test_a_printer_that_stalls_leaves_no_label_in_the_dark(
    printer, order, send, states, run, database
):
    with StandIn(stalls=True) as stand_in:
        printer_id = printer(stand_in, size="100x150")
        with database.session(SYSTEM) as session:  # known to answer nothing: it is not asked
            driver(session).execute("update printer set reports_status = false")
            session.commit()
        run_id = order(printer_id, "bread", "flour")
        send(printer_id)
    assert states(run_id) == ["unsure", "failed"]
    assert problems_of(database, run_id) == ["printer_stalled", "printer_stalled"]
    with pytest.raises(LabelMovedOn):
        settle(run, "cancel", run_id + 1)
    assert settle(run, "retry", run_id) == 1
    assert settle(run, "came_out", run_id) == 1
    assert states(run_id) == ["printed", "queued"]


def test_a_printer_that_breaks_off_in_the_middle(printer, order, send, states, database, patience):
    patience(send_seconds=60, close_seconds=60)
    with StandIn(breaks_after=100) as stand_in:
        run_id = order(printer(stand_in, size="100x150"), "bread")
        send(1)
    assert states(run_id) == ["unsure"]
    assert problems_of(database, run_id) == ["printer_closed"]


def test_a_printer_that_is_off_prints_nothing_and_says_so(
    printer, order, send, states, run, database
):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
    run_id = order(printer_id, copies=3)
    send(printer_id)
    assert states(run_id) == ["failed"] * 3
    assert problems_of(database, run_id) == ["printer_not_reached"] * 3
    assert settle(run, "retry", run_id) == 3
    assert states(run_id) == ["queued"] * 3


@pytest.mark.usefixtures("patient")
def test_out_of_paper_is_noticed_before_anything_is_sent(printer, order, send, states, database):
    with StandIn(lambda: host_status(paper_out=True)) as stand_in:
        run_id = order(printer(stand_in))
        send(1)
    assert stand_in.received == b""
    assert states(run_id) == ["failed"]
    assert problems_of(database, run_id) == ["printer_says"]


def test_a_printer_that_falls_silent_leaves_its_labels_in_doubt(
    printer, order, send, states, database, patience
):
    patience(send_seconds=60, answer_seconds=2)
    replies = iter([host_status()])
    with StandIn(lambda: next(replies, None)) as stand_in:
        run_id = order(printer(stand_in))
        send(1)
    assert states(run_id) == ["unsure"]
    assert problems_of(database, run_id) == ["printer_silent"]


@pytest.mark.usefixtures("patient")
def test_labels_that_stay_in_the_printer_are_in_doubt(printer, order, send, states):
    replies = iter([host_status()])
    with StandIn(lambda: next(replies, host_status(left=1))) as stand_in:
        run_id = order(printer(stand_in))
        send(1)
    assert states(run_id) == ["unsure"]


def test_one_label_that_cannot_be_made_does_not_stop_the_others(
    printer, order, send, states, database
):
    with StandIn() as stand_in:
        run_id = order(printer(stand_in), "bread", "flour")
        too_long = {"code": {"symbology": "Code 128", "text": "X" * 60, "elements": []}}
        with database.session(SYSTEM) as session:
            driver(session).execute(
                "update print_label set content = content || %s::jsonb where title like '%%BREAD'",
                [Jsonb(too_long)],
            )
            session.commit()
        send(1)
    assert states(run_id) == ["failed", "sent"]
    assert problems_of(database, run_id) == ["label_not_printable", None]
    assert stand_in.received == block(FLOUR)


def test_the_same_request_again_is_one_run(printer, order, send, states):
    with StandIn() as stand_in:
        printer_id, command_id = printer(stand_in), new_id()
        runs = {order(printer_id, command_id=command_id) for _ in range(3)}
        send(printer_id)
        send(printer_id)
    assert len(runs) == 1
    assert stand_in.received == block(BREAD)


def test_what_was_cancelled_is_not_printed(printer, order, send, states, run):
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
        run_id = order(printer_id)
        assert settle(run, "cancel", run_id) == 1
        send(printer_id)
    assert stand_in.received == b""
    assert states(run_id) == ["cancelled"]


def test_a_printer_elsewhere_is_not_connected_to(printer, order, send, states, monkeypatch):
    monkeypatch.setenv("SAOKU_PRINTER_NETWORKS", "10.0.0.0/8")
    with StandIn() as stand_in:
        run_id = order(printer(stand_in))
        send(1)
    assert stand_in.received == b""
    assert states(run_id) == ["failed"]


def test_the_worker_sends_what_was_committed(
    printer, order, states, postgres, database_name, database
):
    with StandIn() as stand_in:
        run_id = order(printer(stand_in))
        url = postgres.app_url(database_name)
        jobs.run_worker(url, role=postgres.app_role, until_empty=True)
    assert states(run_id) == ["sent"]
    assert stand_in.received == block(BREAD)


def test_a_long_queue_is_sent_in_turns(printer, order, states, database, monkeypatch):
    monkeypatch.setattr(sending, "TURN_SECONDS", -1)
    sent = []
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
        run_id = order(printer_id, copies=2 * sending.WINDOW + 1)
        for _ in range(3):
            tasks.send_task(jobs.Job(database, SYSTEM), printer_id)
            sent.append(states(run_id).count("sent"))
    assert sent == [sending.WINDOW, 2 * sending.WINDOW, 2 * sending.WINDOW + 1]
    assert stand_in.received == block(BREAD) * (2 * sending.WINDOW + 1)


SENDER_THAT_STOPS = """
import sys, time
from app.kit import jobs
from app.kit.database import SYSTEM, Database
from app.labelling import sending, tasks

def delivered(queue, label_id):
    print("sent, not written down", flush=True)
    time.sleep(60)

sending.Queue.delivered = delivered
tasks.send_task(jobs.Job(Database(sys.argv[1], role=sys.argv[2] or None), SYSTEM), 1)
"""


def test_killed_between_sending_and_writing_it_down(
    printer, order, send, states, postgres, database_name, run
):
    """Nobody sends the label again until a person has looked whether it came out."""
    with StandIn() as stand_in:
        printer_id = printer(stand_in)
        run_id = order(printer_id, "bread", "flour")
        place = [postgres.app_url(database_name), postgres.app_role or ""]
        with subprocess.Popen(
            [sys.executable, "-c", SENDER_THAT_STOPS, *place], stdout=subprocess.PIPE
        ) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"sent, not written down\n"
            worker.kill()
        assert states(run_id) == ["sent", "queued"]
        send(printer_id)
        assert states(run_id) == ["unsure", "sent"]
        assert stand_in.received == block(BREAD) + block(FLOUR)
        assert settle(run, "again", run_id) == 1
        send(printer_id)
    assert states(run_id) == ["sent", "sent"]
    assert stand_in.received == block(BREAD) + block(FLOUR) + block(BREAD)
