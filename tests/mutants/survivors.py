"""Why a mutant lives: by reason, the function and the line that was changed."""

REASONS: dict[str, frozenset[tuple[str, str]]] = {
    "The same by another name: Python's own default, or a name it takes in either case.": frozenset(
        {
            (
                "domain.identity.Identities._digest",
                'return hmac.digest(self.secret, _message(parts), "sha256")',
            ),
            (
                "domain.identity.Identities._text",
                'return base64.b32encode(self._digest(parts)).decode("ascii")[:26]',
            ),
            (
                "domain.identity.Identities.signature",
                'digest = hmac.digest(key, _message(parts), "sha256")',
            ),
            (
                "domain.identity.Identities.signature",
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
                "domain.books._order_books",
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
            ("domain.wishes.OnCanvas.on_page", "if abs(across / down - 1) > CANVAS_SLACK:"),
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
            ("steps.sweep._look_at_stamping", "case OrderState.PENDING:"),
        }
    ),
    "What the log tells of a call that is tried again: no client sees it.": frozenset(
        {
            ("steps.confirm_payment._payment", "raise Unavailable(charge_id=status.charge_id)"),
            ("steps.confirm_payment._settle", "raise Unavailable(order_id=order.order_id)"),
            ("steps.request_refund.request_refund", "raise Unavailable(order_id=order_id)"),
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
                    'account = needs.seal.open(refund.refund_id, claim.sealed_account or "")',
                ),
                (
                    "steps.request_refund.request_refund",
                    'payment = needs.payments.get(order_id, order.payment_id or "")',
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
        {("steps.read_serial.read_serial", "emeterai = stock.get(serial) if serial else None")}
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
                "clock = clock_until_preserved(emeterai[0].level, SignatureLevel.B_B, now)",
            )
        }
    ),
}
