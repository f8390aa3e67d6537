"""What the page's buttons do, and what each says about it.

Each is a thing that happens to the real system: a payer, a gateway, a machine, a service of AWS, an
operator or time does it. None writes a state that the system itself should have written.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from meterai.aws.storage.audit_trail import S3AuditTrail
from meterai_cli.buying import turn
from meterai_cli.caller import caller
from tests.local.developer.journal import Journal
from tests.local.environment import Environment
from tests.local.instances import Outcome
from tests.local.outages import KMS
from tests.local.passing_time import (
    ORDERS,
    NothingToWaitForError,
    everything_ages,
    item_ages,
)
from tests.midtrans.faults import Fault, FaultKind
from tests.midtrans.ledger import Transaction

SPANS: Final = {"10": "ten minutes", "60": "an hour", "1440": "a day", "4320": "three days"}
PAST_EXPIRY: Final = timedelta(minutes=20)  # of an order, and a little more
KMS_FAILS_S: Final = 60
GATEWAY_CALLS: Final = 3
_ENDS_WITHIN_S = 3.0  # of a schedule: a longer run goes on, and its end is said later
Form = Mapping[str, str]


class WrongFormError(Exception):
    """The form names what is not there: an old page, or no page of ours."""


class Switches:
    """`named` has the action of each button by its name in the page."""

    def __init__(self, place: Environment, journal: Journal) -> None:
        self._place = place
        self._journal = journal
        self.named: Mapping[str, Callable[[Form], None]] = {
            "pay": self._pay,
            "pay-unreported": self._pay_unreported,
            "expire": self._expire,
            "reverse": self._reverse,
            "lose-webhook": self._lose_webhook,
            "gateway-fails": self._gateway_fails,
            "repeat-webhooks": self._repeat_webhooks,
            "kill": self._kill,
            "kms": self._kms,
            "timestamps": self._timestamps,
            "buying": self._buying,
            "pass": self._pass,
            "run": self._run,
        }

    # Payers and the gateway

    def _pay(self, form: Form) -> None:
        self._pay_charge(self._charge(form), "A webhook is sent")

    def _pay_unreported(self, form: Form) -> None:
        charge = self._charge(form)
        lost = Fault(FaultKind.WEBHOOK_LOST, order_id=charge.order_id)
        self._place.gateway.add_fault(lost)
        self._pay_charge(charge, "Its webhook is lost: let ten minutes pass, and the sweep asks")

    def _pay_charge(self, charge: Transaction, then: str) -> None:
        if not self._place.gateway.pay(charge.transaction_id):
            self._add(f"{charge.order_id} can no longer be paid: it is {charge.state}.")
            return
        self._add(
            f"{charge.order_id} is paid at the gateway.",
            f"{then}; the payments lane asks the gateway, and the order becomes paid.",
        )

    def _expire(self, form: Form) -> None:
        """Only time makes an order expire: a code that the gateway closes early gets another."""
        charge, account = self._charge(form), self._place.account
        order_id, ledger = charge.order_id.rpartition("-")[0], self._place.gateway.ledger
        try:
            item_ages(account, ORDERS, order_id, PAST_EXPIRY)
        except NothingToWaitForError:
            self._add(f"{order_id} cannot expire: it is no longer pending.")
            return
        with ledger.lock:
            charge.age(PAST_EXPIRY)
        account.fire_schedule("SweepFunction")
        self._add(
            f"Twenty minutes passed for {order_id} and its charge, and the sweep ran.",
            "The order becomes expired, and e-meterai that were reserved for it become void.",
        )

    def _reverse(self, form: Form) -> None:
        charge, ledger = self._charge(form), self._place.gateway.ledger
        with ledger.lock:
            was = charge.state
            if was == "settlement":
                ledger.move(charge, "chargeback")
        if was != "settlement":
            self._add(f"{charge.order_id} cannot be charged back: it is {was}.")
            return
        self._add(
            f"The payer's bank took the money of {charge.order_id} back (a chargeback).",
            "The order becomes reversed. What is stamped stays so; what is not becomes void.",
        )

    def _lose_webhook(self, _: Form) -> None:
        self._place.gateway.add_fault(Fault(FaultKind.WEBHOOK_LOST))
        self._add(
            "The gateway's next webhook will not be sent, whatever it reports.",
            "Pay an order. It stays pending, until time has passed and the sweep asks.",
        )

    def _gateway_fails(self, _: Form) -> None:
        self._place.gateway.add_fault(Fault(FaultKind.BROKEN, times=GATEWAY_CALLS))
        self._add(
            f"The gateway answers its next {GATEWAY_CALLS} calls with 500.",
            "Buy, pay or refund: what asked comes back, and nothing is charged twice.",
        )

    def _repeat_webhooks(self, _: Form) -> None:
        self._place.gateway.hurry()
        self._add(
            "Webhooks that the gateway would repeat in minutes or hours are repeated now.",
            "Only those that were not answered with 2xx are. One that was lost is not repeated.",
        )

    # Machines and services

    def _kill(self, form: Form) -> None:
        name = form.get("function", "")
        known = {each.spec.logical_id: each for each in self._place.account.functions}
        if name not in known:
            raise WrongFormError(f"there is no function {name}")
        look = "Its message comes back when it is visible again, or after time has passed."
        if known[name].crash_one():
            self._add(f"A busy instance of {name} was killed (SIGKILL).", look)
            return
        known[name].crash_next()
        self._add(f"No instance of {name} is busy: the next is killed as it begins.", look)

    def _kms(self, form: Form) -> None:
        outages = self._place.account.outages
        if outages is None:
            raise WrongFormError("AWS's endpoint is another process: it cannot be made to fail")
        if form.get("turn") == "back":
            outages.end(KMS)
            self._add("KMS answers again.", "Let ten minutes pass: what was not stamped is.")
            return
        outages.begin(KMS, KMS_FAILS_S)
        self._add(
            f"KMS answers every call with an error for {KMS_FAILS_S} s.",
            "Ask for a stamp: it stays reserved, nothing is used up, and it is made afterwards.",
        )

    def _timestamps(self, form: Form) -> None:
        is_down = form.get("turn") != "back"
        self._place.authority.timestamps_are_down = is_down
        if is_down:
            self._add(
                "The timestamp server answers 503.",
                "Stamps are made all the same. The augmentation lane tries again later.",
            )
        else:
            self._add("The timestamp server answers again.", "Let a day pass: files are augmented.")

    # Operators and time

    def _buying(self, form: Form) -> None:
        account, is_off = self._place.account, form.get("turn") == "off"
        turn(
            account.client("dynamodb"),
            account.outputs["LoadStatusTableName"],
            caller(account.client("sts")),
            S3AuditTrail(account.client("s3"), account.outputs["DocumentsBucketName"]),
            off=is_off,
            reason="a button of the developer's page",
        )
        look = (
            "The start page says so in seconds, POST /v1/orders answers buying_closed."
            if is_off
            else "In seconds orders are taken again."
        )
        self._add(f"An operator turned buying {'off' if is_off else 'on'}.", look)

    def _pass(self, form: Form) -> None:
        minutes = form.get("minutes", "")
        if minutes not in SPANS:
            raise WrongFormError(f"time does not pass by {minutes!r} minutes")
        by = timedelta(minutes=int(minutes))
        self._place.gateway.ledger.age(by)
        self._place.gateway.ledger.tick()
        aged = everything_ages(self._place.account, by)
        self._place.account.fire_schedule("SweepFunction")
        self._add(
            f"{SPANS[minutes].capitalize()} passed for {aged} unfinished items and for the "
            "gateway, and the sweep ran.",
            "What was due went to its lane. Sign-ins, tickets and hidden messages are as old as "
            "before.",
        )

    def _run(self, form: Form) -> None:
        """A run may take a minute: its end is said when it is there."""
        name = form.get("schedule", "")
        if name not in self.schedules():
            raise WrongFormError(f"there is no schedule {name}")
        run = threading.Thread(target=self._run_to_its_end, args=[name], daemon=True)
        run.start()
        run.join(_ENDS_WITHIN_S)
        if run.is_alive():
            self._add(f"{name} runs.", "Its end will be said here.")

    def _run_to_its_end(self, name: str) -> None:
        outcome: Outcome = self._place.account.fire_schedule(name)
        what = outcome.error_type or "no error"
        look = f"Its log is {self.schedules()[name]}.log."
        self._add(f"{name} ended: {what}.", look, went_wrong=outcome.error_type is not None)

    def schedules(self) -> dict[str, str]:
        """The function of each, by its own id."""
        return {
            spec.logical_id: spec.function
            for function in self._place.account.functions
            for spec in function.spec.schedules
        }

    def _charge(self, form: Form) -> Transaction:
        name = form.get("charge", "")
        charge = self._place.gateway.transaction(name)
        if charge is None:
            raise WrongFormError(f"the gateway has no transaction {name!r}")
        return charge

    def _add(self, done: str, look: str = "", *, went_wrong: bool = False) -> None:
        self._journal.add(done, look, went_wrong=went_wrong)
