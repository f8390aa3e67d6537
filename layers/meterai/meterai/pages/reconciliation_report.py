"""A day's reconciliation as a page for a person: what was compared, what differs, what to do.

One file without anything from elsewhere, so that it may be mailed, printed and kept.
"""

from collections.abc import Iterator
from html import escape

from meterai.domain.days import WIB
from meterai.domain.reconciliation.day_reports import DayReport
from meterai.domain.reconciliation.discrepancies import REMEDIES, Discrepancy, Kind, Resolver

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.3em .8em .3em 0;border-bottom:1px solid #ddd}code{font-size:.9em;"
    "overflow-wrap:anywhere}.open{color:#a40000}"
)
_BY = {
    Resolver.ASKING_THE_GATEWAY: "the office has asked the gateway",
    Resolver.ASKING_THE_REFUND: "the office has asked after the refund",
    Resolver.A_PERSON: "a person",
    Resolver.ITSELF: "nobody",
}


def report_page(report: DayReport) -> str:
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="en"><meta charset="utf-8"><title>Reconciliation {report.day}</title>'
        f"<style>{_STYLE}</style>\n"
        f"<h1>Reconciliation of {report.day}</h1>\n{''.join(_lines(report))}</html>\n"
    )


def _lines(report: DayReport) -> Iterator[str]:
    yield f"<p>{_progress(report)}</p>\n"
    for gateway in report.missing:
        yield (
            f'<p class="open"><b>The record of {escape(gateway)} is not there, or cannot be read.'
            "</b> Export the day's transactions on its pages and put the file where the README "
            "says; the comparison goes on by itself.</p>\n"
        )
    compared = report.compared
    yield "<table>\n"
    for name, value in (
        ("Rows of the gateways' records", f"{compared.rows:,}"),
        ("Payments of ours that settled on the day", f"{compared.payments:,}"),
        ("Orders, each with its refunds", f"{compared.orders:,}"),
        ("E-meterai", f"{compared.emeterai:,}"),
        ("Payments on the gateways' record", f"Rp{compared.gateway_idr:,}"),
        ("Payments as we wrote them", f"Rp{compared.ours_idr:,}"),
    ):
        yield f"<tr><td>{name}</td><td>{value}</td></tr>\n"
    yield "</table>\n"
    yield f"<h2>{sum(report.counts.values()):,} differences</h2>\n"
    for kind in Kind:
        if kind in report.counts:
            yield from _of_kind(kind, report)
    left_out = sum(report.counts.values()) - len(report.differences)
    if left_out:
        yield f"<p>{left_out:,} more are counted and not spelt out here.</p>\n"


def _progress(report: DayReport) -> str:
    look = "first, the morning after" if report.look == 1 else "second, a day later"
    written = report.written_at.astimezone(WIB)
    until = report.done_until.astimezone(WIB)
    how_far = "Finished" if report.is_finished else f"Compared until {until:%Y-%m-%d %H:%M} WIB"
    return f"{how_far}; the {look}. Written {written:%Y-%m-%d %H:%M} WIB."


def _of_kind(kind: Kind, report: DayReport) -> Iterator[str]:
    remedy = REMEDIES[kind]
    mine = [one for one in report.differences if one.kind is kind]
    is_open = any(one in report.open_discrepancies for one in mine)
    mark = ' class="open"' if is_open else ""
    is_still_so = is_open and remedy.by is not Resolver.A_PERSON
    besides = ", and it is still so: now by a person" if is_still_so else ""
    yield (
        f"<h3{mark}>{report.counts[kind]:,} of {kind.replace('_', ' ')}</h3>\n"
        f"<p>{escape(remedy.says)} Put right by: {_BY[remedy.by]}{besides}.</p>\n"
        "<table><tr><th>order, payment, refund</th><th>at the gateway</th>"
        "<th>here</th></tr>\n"
    )
    yield from (_row(one) for one in mine)
    yield "</table>\n"


def _row(one: Discrepancy) -> str:
    names = (one.order_id, one.payment_id, one.refund_id)
    named = "<br>".join(f"<code>{escape(name)}</code>" for name in names if name)
    return f"<tr><td>{named}</td><td>{escape(one.theirs)}</td><td>{escape(one.ours)}</td></tr>\n"
