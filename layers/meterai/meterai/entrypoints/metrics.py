"""Metrics in the embedded metric format (EMF): CloudWatch reads them from the function's log.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import os

from meterai.domain.metrics import Metric

SERVICE = "meterai"  # the one value of the one dimension: each further value would cost a metric


class EmfMetrics:
    """Writes each value at once, as a line of its own: nothing is left to flush when a run ends."""

    def record(self, metric: Metric, value: int = 1) -> None:
        # 20 modules that most events do not need.
        from aws_lambda_powertools.metrics import MetricUnit, single_metric

        namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", SERVICE)
        with single_metric(metric.value, MetricUnit.Count, value, namespace=namespace) as line:
            line.add_dimension("service", SERVICE)
