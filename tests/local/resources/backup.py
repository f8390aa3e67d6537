"""AWS Backup: the vault and the plan are made at the endpoint; nothing is ever copied.

No emulator runs a plan: moto has no selections, and ministack keeps them and does nothing. So a
selection is recorded, after what AWS refuses in it was refused; and so is a vault's lock, for which
ministack has no route. That a table can be restored is tried by `python -m meterai_cli drill`.
"""

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType

MIN_START_WINDOW_MINUTES = 60
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html"""
_NOTHING_COPIED = "nothing is copied here"


def _create_vault(vault: Declaration) -> Created:
    backup, name = vault.place.client("backup"), vault.name("BackupVaultName")
    arn = backup.create_backup_vault(BackupVaultName=name)["BackupVaultArn"]
    if "LockConfiguration" in vault.properties:
        lock = vault.properties["LockConfiguration"]
        vault.expect_keys("LockConfiguration", lock, {"MinRetentionDays", "MaxRetentionDays"})
    return Created(ref=name, attributes={"BackupVaultArn": arn, "BackupVaultName": name})


def _create_plan(plan: Declaration) -> Created:
    """CloudFormation's `BackupPlanRule` is the API's `Rules`."""
    wanted = plan.properties["BackupPlan"]
    plan.expect_keys("BackupPlan", wanted, {"BackupPlanName", "BackupPlanRule"})
    made = plan.place.client("backup").create_backup_plan(
        BackupPlan={
            "BackupPlanName": wanted["BackupPlanName"],
            "Rules": [_rule(plan, rule) for rule in wanted["BackupPlanRule"]],
        }
    )
    return Created(
        ref=made["BackupPlanId"],
        attributes={"BackupPlanId": made["BackupPlanId"], "BackupPlanArn": made["BackupPlanArn"]},
    )


def _rule(plan: Declaration, wanted: dict[str, object]) -> dict[str, object]:
    known = {
        "Lifecycle",
        "RuleName",
        "ScheduleExpression",
        "StartWindowMinutes",
        "TargetBackupVault",
    }
    plan.expect_keys("BackupPlanRule", wanted, known)
    lifecycle, starts = wanted["Lifecycle"], int(str(wanted["StartWindowMinutes"]))
    assert isinstance(lifecycle, dict)
    plan.expect_keys("BackupPlanRule.Lifecycle", lifecycle, {"DeleteAfterDays"})
    if starts < MIN_START_WINDOW_MINUTES:
        raise plan.unhandled(f"StartWindowMinutes: {starts}")
    return {
        "RuleName": wanted["RuleName"],
        "TargetBackupVaultName": wanted["TargetBackupVault"],
        "ScheduleExpression": wanted["ScheduleExpression"],
        "StartWindowMinutes": starts,
        "Lifecycle": {"DeleteAfterDays": int(lifecycle["DeleteAfterDays"])},
    }


def _record_selection(selection: Declaration) -> Created:
    wanted = selection.properties["BackupSelection"]
    selection.expect_keys("BackupSelection", wanted, {"IamRoleArn", "Resources", "SelectionName"})
    for arn in wanted["Resources"]:
        if not str(arn).startswith("arn:aws:dynamodb:"):
            raise selection.unhandled(f"Resources: {arn}")
    return Created(ref=f"{selection.properties['BackupPlanId']}|{wanted['SelectionName']}")


TYPES = (
    ResourceType(
        name="AWS::Backup::BackupVault",
        applied=frozenset({"BackupVaultName", "LockConfiguration"}),
        accepted={
            "AccessPolicy": _NOTHING_COPIED,
            "BackupVaultTags": NO_BILLING,
            "EncryptionKeyArn": _NOTHING_COPIED,
        },
        create=_create_vault,
    ),
    ResourceType(
        name="AWS::Backup::BackupPlan",
        applied=frozenset({"BackupPlan"}),
        accepted={"BackupPlanTags": NO_BILLING},
        create=_create_plan,
    ),
    ResourceType(
        name="AWS::Backup::BackupSelection",
        applied=frozenset({"BackupPlanId", "BackupSelection"}),
        accepted={},
        create=_record_selection,
    ),
)
