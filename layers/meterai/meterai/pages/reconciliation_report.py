"""A day's reconciliation as a page for operators: what was compared, what differs, what to do.

The page is in English, as the operator's documents are. It is one file that loads nothing, so it
can be mailed, printed and archived.
"""

from collections.abc import Iterator
from html import escape

from meterai.domain.days import WIB
from meterai.domain.reconciliation.day_reports import DayReport
from meterai.domain.reconciliation.discrepancies import REMEDIES, Discrepancy, Kind, Resolver
from meterai.pages import template

_BY = {
    Resolver.ASKING_THE_GATEWAY: "the system, which has asked the gateway",
    Resolver.ASKING_THE_REFUND: "the system, which has checked the refund",
    Resolver.A_PERSON: "an operator",
    Resolver.ITSELF: "nobody; it needs no action",
}


def report_page(report: DayReport) -> str:
    compared = report.compared
    differences = sum(report.counts.values())
    left_out = differences - len(report.differences)
    return template("reconciliation_report").substitute(
        day=report.day,
        progress=_progress(report),
        missing="".join(map(_missing, report.missing)),
        rows=f"{compared.rows:,}",
        payments=f"{compared.payments:,}",
        orders=f"{compared.orders:,}",
        emeterai=f"{compared.emeterai:,}",
        gateway_idr=f"{compared.gateway_idr:,}",
        ours_idr=f"{compared.ours_idr:,}",
        differences=f"{differences:,}",
        kinds="".join(
            line for kind in Kind if kind in report.counts for line in _of_kind(kind, report)
        ),
        left_out=f"<p>{left_out:,} more are counted but not listed.</p>\n" if left_out else "",
    )


def _missing(gateway: str) -> str:
    return (
        f'<p class="open"><b>The statement of {escape(gateway)} is missing or cannot be read.</b> '
        "Export the day's transactions in the gateway's dashboard and upload the file as the "
        "runbook says. The comparison then continues automatically.</p>\n"
    )


def _progress(report: DayReport) -> str:
    look = "first comparison, the morning after" if report.look == 1 else "second, a day later"
    written = report.written_at.astimezone(WIB)
    until = report.done_until.astimezone(WIB)
    how_far = "Finished" if report.is_finished else f"Compared until {until:%Y-%m-%d %H:%M} WIB"
    return f"{how_far}; the {look}. Written {written:%Y-%m-%d %H:%M} WIB."


def _of_kind(kind: Kind, report: DayReport) -> Iterator[str]:
    remedy = REMEDIES[kind]
    listed = [one for one in report.differences if one.kind is kind]
    is_open = any(one in report.open_discrepancies for one in listed)
    mark = ' class="open"' if is_open else ""
    needs_operator = is_open and remedy.by is not Resolver.A_PERSON
    besides = ". It is still unresolved: an operator has to act now" if needs_operator else ""
    yield (
        f"<h3{mark}>{report.counts[kind]:,} of {kind.replace('_', ' ')}</h3>\n"
        f"<p>{escape(remedy.says)} Resolved by: {_BY[remedy.by]}{besides}.</p>\n"
        "<table><tr><th>order, payment, refund</th><th>at the gateway</th>"
        "<th>here</th></tr>\n"
    )
    yield from (_row(one) for one in listed)
    yield "</table>\n"


def _row(one: Discrepancy) -> str:
    names = (one.order_id, one.payment_id, one.refund_id)
    named = "<br>".join(f"<code>{escape(name)}</code>" for name in names if name)
    return f"<tr><td>{named}</td><td>{escape(one.theirs)}</td><td>{escape(one.ours)}</td></tr>\n"
