"""cfn-lint finds nothing: it expands the SAM template and checks it against AWS's schemas."""

from tests.integration.template.declared import ROOT


def test_cfn_lint_finds_nothing() -> None:
    # Here: its rules take seconds to load, which else every process that collects tests would pay.
    from cfnlint.api import lint_file  # type: ignore[import-untyped]

    assert [str(match) for match in lint_file(ROOT / "template.yaml")] == []
