"""Every minute, second by second: how long the lanes are, and who may buy."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.domain.admission import Rules
from meterai.entry.beats import each_second
from meterai.entry.log import begin
from meterai.services import office
from meterai.steps.measure import Measuring, measure


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    settings = office.settings
    rules = Rules(
        longest_wait=timedelta(seconds=settings.admission_limit_s),
        holds=timedelta(seconds=settings.place_holds_s),
        capacity_per_s=settings.stampings_per_s,
    )
    needs = Measuring(
        lanes=office.lanes,
        gauges=office.gauges,
        waiting_room=office.waiting_room,
        deadlines=office.portal_deadlines,
        rules=rules,
    )
    return {"measured": measure(each_second(settings.measure_for_s), needs)}
