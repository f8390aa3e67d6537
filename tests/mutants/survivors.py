"""Why a mutant lives: by reason, the function and the line that was changed."""

REASONS: dict[str, frozenset[tuple[str, str]]] = {
    "The same by another name: Python's own default, or a name it takes in either case.": frozenset(
        {
            (
                "domain.identity.IdDeriver._digest",
                'return hmac.digest(self.secret, _message(parts), "sha256")',
            ),
            (
                "domain.identity.IdDeriver._text",
                'return base64.b32encode(self._digest(parts)).decode("ascii")[:26]',
            ),
            (
                "domain.identity.IdDeriver.signature",
                'digest = hmac.digest(key, _message(parts), "sha256")',
            ),
            (
                "domain.identity.IdDeriver.signature",
                'return base64.b32encode(digest).decode("ascii")[:26]',
            ),
            ("domain.identity._message", 'len(encoded).to_bytes(4, "big") + encoded'),
            ("domain.serials.serial_from_digest", 'number = int.from_bytes(digest, "big")'),
        }
    ),
    "An order's id has no dash of its own: any way to split at the one there is does.": frozenset(
        {("domain.identity.order_of_charge", 'return OrderId(charge.rsplit("-", 1)[0])')}
    ),
    "The purpose within a mark: any other tells these marks from others as well.": (
        frozenset(
            {
                (
                    "steps.claim_refund.claim_refund",
                    'claim_id = needs.identities.signature("a claim", *_text(intention))',
                ),
                (
                    "steps.claim_refund.claim_refund",
                    '"a claim\'s body", token, account.bank, account.number, account.holder',
                ),
            }
        )
    ),
    "A name that nobody looks up: what has none shows as a difference.": frozenset(
        {
            (
                "domain.books._order_ledger",
                'slots[emeterai.state.value if emeterai else "missing"] += 1',
            )
        }
    ),
    "A bound of the slack itself, between two floats: no place's own.": frozenset(
        {
            (
                "domain.placement.Placement.check_on_page",
                "and self.x_pt + self.side_pt <= page_width_pt + slack_pt",
            ),
            (
                "domain.requests.CanvasPlacement.on_page",
                "if abs(across / down - 1) > CANVAS_SLACK:",
            ),
        }
    ),
    "Page 0 is refused by the next line, whatever its index.": frozenset(
        {("domain.placement.page_index", "index = page - 1 if page > 0 else page_count + page")}
    ),
    "A case in which nothing is done, as where no case is met.": frozenset(
        {
            (
                "steps.confirm_payment._act",
                "case ChargeState.PENDING | ChargeState.EXPIRED | ChargeState.CANCELLED:",
            ),
            ("steps.execute_refund._follow_payout", "case _:"),
            ("steps.sweep._check_stamping", "case OrderState.PENDING:"),
        }
    ),
    "What the log tells of a call that is tried again: no client sees it.": frozenset(
        {
            ("steps.confirm_payment._payment", "raise Unavailable(charge_id=status.charge_id)"),
            ("steps.confirm_payment._settle", "raise Unavailable(order_id=order.order_id)"),
            ("steps.request_refund.request_refund", "raise Unavailable(order_id=order_id)"),
            ("steps.read_portal.read_portal", 'raise Unavailable(party="publish_load_snapshot")'),
            ("steps.read_receipt.sign_receipt", 'raise Unavailable(party="receipt keys")'),
            (
                "steps.request_stamping.request_stamping",
                "raise Unavailable(order_id=wish.order_id)",
            ),
        }
    ),
    "For types only: where it would be empty, the line is not reached, or the next one ends it.": (
        frozenset(
            {
                (
                    "steps.execute_refund._pay_out",
                    'account = needs.seal.open(refund.refund_id, claim.account_ciphertext or "")',
                ),
                (
                    "steps.request_refund.request_refund",
                    'payment = needs.payments.get(order_id, order.payment_id or "")',
                ),
                (
                    "steps.reconcile._Window._asked",
                    'self.needs.lanes.refund(RefundId(one.refund_id or ""), facts.order.account)',
                ),
                (
                    "steps.read_receipt.read_receipt",
                    "state = OrderState.PENDING if order is None else order.state",
                ),
                (
                    "steps.sweep._give_back",
                    'payment = needs.payments.get(order.order_id, order.payment_id or "")',
                ),
                ("steps.sweep._give_back", "if payment is None or not slots:"),
                (
                    "steps.request_stamping._reserve",
                    (
                        "for serial, slot, placement in "
                        "zip(serials, slots, examination.placements, strict=True)"
                    ),
                ),
            }
        )
    ),
    "A hash of a request that nobody sends: the refund starts by itself.": frozenset(
        {("steps.sweep._give_back", 'body_hash="",')}
    ),
    "Asks the table in vain, and answers the same.": frozenset(
        {
            ("steps.read_serial.read_serial", "emeterai = stock.get(serial) if serial else None"),
            (
                "domain.deadlines.promised_by",
                "deadline_at = None if portal is None else _deadline_at(portal, snapshot, now)",
            ),
            (
                "domain.reconciliation._judge_refunds",
                "refund = None if refund_id is None else facts.refunds.get(refund_id)",
            ),
        }
    ),
    "A moment that voiding compares only for who holds no claim.": frozenset(
        {
            (
                "steps.stamp._give_up",
                "needs.serials.void(emeterai, VoidReason.DOCUMENT_REFUSED, needs.now, code=code)",
            )
        }
    ),
    "B-B is no level that a clock waits for: no level at all is the same.": frozenset(
        {
            (
                "steps.void_stamping.void_stamping",
                "clock = timer_until_augmented(emeterai[0].level, SignatureLevel.B_B, now)",
            )
        }
    ),
    "Sequences made one from the other, of one length.": frozenset(
        {
            (
                "domain.flow.arrived_by",
                (
                    "mean = sum(w * point.arrived "
                    "for w, point in zip(weights, near, strict=True)) / total"
                ),
            ),
            (
                "domain.flow.arrived_by",
                (
                    "spread = sum(w * (x - mean_s) ** 2 "
                    "for w, x in zip(weights, later_s, strict=True))"
                ),
            ),
            (
                "domain.flow.arrived_by",
                "for w, x, point in zip(weights, later_s, near, strict=True)",
            ),
            (
                "domain.measuring._with_rates",
                (
                    "rate + share * (now_per_s - rate) "
                    "for rate, share in zip(rates, shares, strict=True)"
                ),
            ),
        }
    ),
    "The same sum: what is added weighs nothing, as the weighted distances from a mean do.": (
        frozenset({("domain.flow.arrived_by", "w * (x - mean_s) * (point.arrived - mean)")})
    ),
    "A bound at which either way leads to the same, or to one estimate as good as the other.": (
        frozenset(
            {
                (
                    "domain.deadlines.outlook",
                    "else now < deadline_at and _ready_at(portal, snapshot, now) <= deadline_at,",
                ),
                (
                    "domain.flow.QueueStatus._ahead",
                    "if abs(off) <= ONE_SIDED * self.waiting and reached < self.at:",
                ),
                (
                    "domain.admission.Admission.wait_of",
                    "if people_per_s and ahead <= people_per_s * lasts_s:",
                ),
                ("domain.flow.QueueStatus._wait", "if ahead < 1:"),
                ("domain.flow.arrived_by", "if len(near) < FEWEST:"),
                ("domain.flow._in_whole_seconds", "if high_s > WIDEST * (low_s + 1):"),
                (
                    "domain.measuring.next_status",
                    "if is_short and (at - reached).total_seconds() <= LONG_S:",
                ),
                ("domain.measuring._with_point", "if len(points) <= MOST_POINTS:"),
                (
                    "domain.measuring._with_rates",
                    (
                        "shares = [max(-math.expm1(-spent_s / w), "
                        "min(1.0, spent_s / busy_s)) for w in WINDOWS_S]"
                    ),
                ),
                ("steps.measure._admission", "if after < until:"),
                ("steps.read_receipt.sign_receipt", "if receipt.accepted_at + KEPT <= now:"),
            }
        )
    ),
    "The count of an empty curve, from anywhere: only differences mean something.": frozenset(
        {("domain.admission._by", "return issued[-1].arrived if issued else 0.0")}
    ),
    "Written over before it is stored.": frozenset(
        {("steps.reconcile.reconcile", "report = begun(day, look, needs.now)")}
    ),
    "How much shorter a window becomes at once: no payment is left out by it.": frozenset(
        {
            (
                "steps.reconcile.compare_next_window",
                "length = max(length / 2, SHORTEST_WINDOW)",
            )
        }
    ),
    "How coarsely the older part of a curve is thinned: what is kept of it stays true.": frozenset(
        {
            (
                "domain.measuring._with_point",
                "span_s = (older[-1].at - older[0].at).total_seconds()",
            ),
            (
                "domain.measuring._with_point",
                "stretch_s = 2 ** math.ceil(math.log2(max(2.0, span_s / STRETCHES)))",
            ),
        }
    ),
}
