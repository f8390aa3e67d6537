"""Alarms, dashboards and log groups."""

from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType

_ALARM = frozenset(
    {
        "ActionsEnabled",
        "AlarmActions",
        "AlarmDescription",
        "AlarmName",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluateLowSampleCountPercentile",
        "EvaluationPeriods",
        "ExtendedStatistic",
        "InsufficientDataActions",
        "MetricName",
        "Metrics",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "Threshold",
        "ThresholdMetricId",
        "TreatMissingData",
        "Unit",
    }
)


def _create_alarm(alarm: Declaration) -> Created:
    """Created at the endpoint, where a test can read it. No metric arrives that would raise it."""
    name = alarm.name("AlarmName")
    request: dict[str, Any] = {**alarm.properties, "AlarmName": name}
    request.pop("Tags", None)
    request["Threshold"] = float(request["Threshold"]) if "Threshold" in request else None
    alarm.place.client("cloudwatch").put_metric_alarm(
        **{key: value for key, value in request.items() if value is not None}
    )
    return Created(ref=name, attributes={"Arn": alarm.place.arn("cloudwatch", f"alarm:{name}")})


def _create_dashboard(dashboard: Declaration) -> Created:
    name = dashboard.name("DashboardName")
    dashboard.place.client("cloudwatch").put_dashboard(
        DashboardName=name, DashboardBody=dashboard.properties["DashboardBody"]
    )
    return Created(ref=name)


def _create_log_group(group: Declaration) -> Created:
    name = group.name("LogGroupName")
    logs = group.place.client("logs")
    logs.create_log_group(logGroupName=name)
    if "RetentionInDays" in group.properties:
        logs.put_retention_policy(
            logGroupName=name, retentionInDays=int(group.properties["RetentionInDays"])
        )
    return Created(ref=name, attributes={"Arn": group.place.arn("logs", f"log-group:{name}:*")})


def _record(declaration: Declaration) -> Created:
    name = f"{declaration.place.stack_name}-{declaration.logical_id}"
    return Created(
        ref=name, attributes={"Arn": declaration.place.arn("cloudwatch", f"alarm:{name}")}
    )


_FILTER = ("FilterName", "FilterPattern", "LogGroupName", "MetricTransformations")

TYPES = (
    ResourceType(
        name="AWS::Events::Rule",
        applied=frozenset(),
        accepted=dict.fromkeys(
            ("Description", "EventPattern", "Targets"),
            "no service here sends events; schedules belong to their function",
        ),
        create=_record,
    ),
    ResourceType(
        name="AWS::Logs::MetricFilter",
        applied=frozenset(),
        accepted=dict.fromkeys(_FILTER, "logs are files here; nothing counts their lines"),
        create=_record,
    ),
    ResourceType(
        name="AWS::CloudWatch::Alarm",
        applied=_ALARM,
        accepted={"Tags": NO_BILLING},
        create=_create_alarm,
    ),
    ResourceType(
        name="AWS::CloudWatch::CompositeAlarm",
        applied=frozenset(),
        accepted=dict.fromkeys(
            (
                "ActionsEnabled",
                "ActionsSuppressor",
                "ActionsSuppressorExtensionPeriod",
                "ActionsSuppressorWaitPeriod",
                "AlarmActions",
                "AlarmDescription",
                "AlarmName",
                "AlarmRule",
                "InsufficientDataActions",
                "OKActions",
                "Tags",
            ),
            "no metric arrives here, so no alarm could ever combine",
        ),
        create=_record,
    ),
    ResourceType(
        name="AWS::CloudWatch::Dashboard",
        applied=frozenset({"DashboardBody", "DashboardName"}),
        accepted={},
        create=_create_dashboard,
    ),
    ResourceType(
        name="AWS::Logs::LogGroup",
        applied=frozenset({"LogGroupName", "RetentionInDays"}),
        accepted={
            "DataProtectionPolicy": "functions log to files here",
            "KmsKeyId": "functions log to files here",
            "LogGroupClass": "functions log to files here",
            "Tags": NO_BILLING,
        },
        create=_create_log_group,
    ),
)
