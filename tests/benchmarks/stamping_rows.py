"""One line of the stamping benchmark's results."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio_to_limit` is a median of ratios, each within one round."""

    input: str
    variant: str
    median_ms: float
    ratio_to_limit: float
    growth_bytes: int
    peak_rss_mb: float | None

    def with_peak(self, peak_rss_mb: float) -> "Row":
        return replace(self, peak_rss_mb=round(peak_rss_mb, 1))
