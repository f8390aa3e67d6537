"""Each night's copies: of every table with facts, apart from it, kept for as long as is said."""

from tests.integration.template.declared import TEMPLATE, default_of, of_type, text

# What is worth nothing a day later; drafts, which are no records; and consents to e-mails, of which
# a copy would bring back what was withdrawn.
NOT_COPIED = {"DraftsTable", "LoadStatusTable", "NotificationsTable", "WaitingRoomTable"}
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
MIN_START_WINDOW_MINUTES = 60


def test_every_table_with_facts_is_copied_and_named_one_by_one() -> None:
    (selection,) = of_type("AWS::Backup::BackupSelection").values()
    chosen = selection.properties["BackupSelection"]
    copied = {text(arn).removesuffix(".Arn") for arn in chosen["Resources"]}
    assert copied == set(of_type("AWS::DynamoDB::Table")) - NOT_COPIED
    assert text(chosen["IamRoleArn"]) == "BackupRole.Arn"
    assert text(selection.properties["BackupPlanId"]) == "BackupPlan"


def test_copies_are_made_each_night_into_the_vault_and_deleted_by_the_parameter() -> None:
    (plan,) = of_type("AWS::Backup::BackupPlan").values()
    (rule,) = plan.properties["BackupPlan"]["BackupPlanRule"]
    assert text(rule["TargetBackupVault"]) == "BackupVault"
    assert rule["ScheduleExpression"] == "cron(0 18 * * ? *)"
    assert rule["StartWindowMinutes"] >= MIN_START_WINDOW_MINUTES
    assert {key: text(value) for key, value in rule["Lifecycle"].items()} == {
        "DeleteAfterDays": "BackupDays"
    }


def test_no_retention_that_the_vault_would_refuse_can_be_chosen() -> None:
    """A copy that is to be kept for less than the lock says fails:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
    vault = TEMPLATE.resources["BackupVault"].properties
    least = vault["LockConfiguration"]["MinRetentionDays"]
    assert TEMPLATE.parameters["BackupDays"]["MinValue"] >= least
    assert default_of("BackupDays") >= least


def test_the_vault_outlives_the_stack_and_its_name_does_not_collide() -> None:
    """Of two stacks one after the other with one name, the second finds the vault of the first."""
    name = TEMPLATE.resources["BackupVault"].properties["BackupVaultName"]
    assert "AWS::StackId" in str(name)


def test_a_trial_copies_nothing_and_has_nobody_who_could() -> None:
    names = ("BackupPlan", "BackupSelection", "BackupRole", "BackupsMissingAlarm")
    assert {TEMPLATE.resources[name].condition for name in names} == {"IsProduction"}
    assert TEMPLATE.resources["BackupVault"].condition is None


def test_only_the_service_takes_the_role_and_for_this_account_alone() -> None:
    role = TEMPLATE.resources["BackupRole"].properties
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert [text(arn).rpartition("/")[2] for arn in role["ManagedPolicyArns"]] == [
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForRestores",
    ]


def test_of_what_awss_policies_allow_only_what_tables_need_is_left() -> None:
    (policy,) = TEMPLATE.resources["BackupRole"].properties["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Deny",
            "NotAction": ["backup:*", "backup-storage:*", "dynamodb:*", "kms:*", "tag:*"],
            "Resource": "*",
        }
    ]


def test_a_night_without_all_copies_rings() -> None:
    alarm = TEMPLATE.resources["BackupsMissingAlarm"].properties
    (selection,) = of_type("AWS::Backup::BackupSelection").values()
    copied = selection.properties["BackupSelection"]["Resources"]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", len(copied))
    assert alarm["TreatMissingData"] == "breaching"
    assert text(alarm["Dimensions"][0]["Value"]) == "BackupVault"
