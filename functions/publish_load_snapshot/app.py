"""Every minute, second by second: how long the lanes are, and who may buy."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.domain.waiting.admission_control import AdmissionPolicy
from meterai.entrypoints.log import begin
from meterai.entrypoints.ticker import each_second
from meterai.steps.publish_load_snapshot import PublishLoadSnapshotPorts, publish_load_snapshot


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    settings = container.settings
    policy = AdmissionPolicy(
        longest_wait=timedelta(seconds=settings.max_stamp_wait_s),
        holds=timedelta(seconds=settings.ticket_validity_s),
        capacity_per_s=settings.stampings_per_s,
    )
    ports = PublishLoadSnapshotPorts(
        lanes=container.lanes,
        load_metrics=container.load_metrics,
        waiting_room=container.waiting_room,
        deadlines=container.portal_deadlines,
        policy=policy,
    )
    return {"measured": publish_load_snapshot(each_second(settings.load_snapshot_run_s), ports)}
