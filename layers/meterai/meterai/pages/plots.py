"""Small plots as SVG, which need no script."""

from collections.abc import Sequence

WIDTH, HEIGHT = 120, 28
_EDGE = 2


def polyline(values: Sequence[float]) -> str:
    """`points` of a line over the whole width; 0 is at the bottom, the highest at the top."""
    peak = max(*values, 0.0) or 1.0
    step = (WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    height = HEIGHT - 2 * _EDGE
    return " ".join(
        f"{_EDGE + number * step:.1f},{HEIGHT - _EDGE - height * value / peak:.1f}"
        for number, value in enumerate(values)
    )
