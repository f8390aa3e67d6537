"""Resources as the endpoint has them."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.local.account import LocalAccount
from tests.local.declaration import Place
from tests.local.environment import PUBLIC
from tests.local.errors import ResourceCreationError, TemplateError
from tests.local.issuer.clients import clients_of
from tests.local.specs import ClientSpec, FunctionSpec
from tests.local.stack import Stack
from tests.local.template import Resource, Template, read_template

PAGES = {"CorsOrigins": "https://pages.meterai.example"}
REAL_TEMPLATE = Path(__file__).parents[3] / "template.yaml"


def test_a_table_is_as_declared(account: LocalAccount) -> None:
    dynamodb, name = account.client("dynamodb"), account.physical("Seen")
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert name == "sample-Seen"
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSEDescription"]["Status"] == "ENABLED"
    assert table["WarmThroughput"]["ReadUnitsPerSecond"] == 13_000
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (ttl["AttributeName"], ttl["TimeToLiveStatus"]) == ("ends_at", "ENABLED")
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    assert recovery == "ENABLED"


def test_a_queue_redrives_to_its_dead_letters(account: LocalAccount) -> None:
    attributes = account.client("sqs").get_queue_attributes(
        QueueUrl=account.physical("WorkQueue"), AttributeNames=["All"]
    )["Attributes"]
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == account.attribute("DeadLetters", "Arn")
    assert int(redrive["maxReceiveCount"]) == 2
    assert attributes["VisibilityTimeout"] == "1"


def test_a_bucket_is_as_declared(account: LocalAccount) -> None:
    s3, name = account.client("s3"), account.physical("Files")
    assert name == "sample-files"
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert (rule["Expiration"], rule["Filter"]) == ({"Days": 1}, {"Prefix": "tmp/"})
    (cors,) = s3.get_bucket_cors(Bucket=name)["CORSRules"]
    assert cors["MaxAgeSeconds"] == 60


def test_a_bucket_is_not_made_before_its_topic_lets_s3_publish(
    account: LocalAccount, sample: Path, tmp_path: Path
) -> None:
    """The policy stands further down: only DependsOn makes it first."""
    text = (sample / "template.yaml").read_text(encoding="utf-8")
    template = tmp_path / "template.yaml"
    template.write_text(text.replace("    DependsOn: FilesTopicPolicy\n", ""), encoding="utf-8")
    with pytest.raises(TemplateError, match="S3 may not publish"):
        stack_in(account, template, "too-early", folder=sample)


def test_a_generated_secret_joins_its_template(account: LocalAccount) -> None:
    secret = account.client("secretsmanager").get_secret_value(SecretId=account.physical("Secret"))
    value = json.loads(secret["SecretString"])
    assert value["user"] == "sample"
    assert len(value["password"]) == 20


def test_a_signing_key_signs_as_declared(account: LocalAccount) -> None:
    kms, message = account.client("kms"), b"attributes"
    signature = kms.sign(
        KeyId="alias/sample",
        Message=message,
        MessageType="RAW",
        SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
    )["Signature"]
    described = kms.get_public_key(KeyId=account.physical("SigningKey"))
    key = serialization.load_der_public_key(described["PublicKey"])
    metadata = kms.describe_key(KeyId="alias/sample")["KeyMetadata"]
    assert (metadata["KeySpec"], metadata["KeyUsage"]) == ("RSA_2048", "SIGN_VERIFY")
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


def test_the_outputs_are_resolved(account: LocalAccount) -> None:
    assert account.outputs == {"ApiUrl": account.api_url, "Joined": "b-sample"}


def test_a_vault_and_a_plan_of_backups_are_as_declared(account: LocalAccount) -> None:
    stack = meterai_in(account, "copied", Profile="production", BackupDays="90", **PUBLIC, **PAGES)
    backup, vault = account.client("backup"), stack.created("BackupVault").ref
    assert backup.describe_backup_vault(BackupVaultName=vault)["BackupVaultName"] == vault
    plan = backup.get_backup_plan(BackupPlanId=stack.created("BackupPlan").ref)["BackupPlan"]
    (rule,) = plan["Rules"]
    assert (rule["TargetBackupVaultName"], rule["Lifecycle"]["DeleteAfterDays"]) == (vault, 90)
    assert "BackupSelection" in stack.ids()


def test_the_template_of_meterai_is_handled_completely(account: LocalAccount) -> None:
    stack = meterai_in(account, "real")
    for function in stack.specs(FunctionSpec):
        assert (function.code_folder / "app.py").is_file(), function.logical_id


def test_the_gateways_keys_may_be_in_a_secret_of_the_operator(account: LocalAccount) -> None:
    secret_arn = f"arn:aws:secretsmanager:{account.region}:{account.account_id}:secret:keys-a1B2c3"
    stack = meterai_in(account, "own-secret", GatewaySecretArn=secret_arn)
    assert "GatewaySecret" not in stack.ids()
    assert stack.outputs()["GatewaySecretArn"] == secret_arn
    variables = [one.environment["GATEWAY_SECRET_ARN"] for one in stack.specs(FunctionSpec)]
    assert set(variables) == {secret_arn}


def meterai_in(account: LocalAccount, stack_name: str, **parameters: str) -> Stack:
    return stack_in(
        account,
        REAL_TEMPLATE,
        stack_name,
        folder=REAL_TEMPLATE.parent,
        PublicHost="meterai.example",
        **parameters,
    )


def stack_in(
    account: LocalAccount, template: Path, stack_name: str, *, folder: Path, **parameters: str
) -> Stack:
    place = Place(
        stack_name=stack_name,
        account_id=account.account_id,
        region=account.region,
        addresses=account.addresses,
        folder=folder,
        client=account.client,
    )
    stack = Stack(read_template(template), parameters, place)
    stack.create()
    return stack


CLIENT = {
    "UserPoolId": "pool",
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://pages.example/"],
}
ROTATING = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"CallbackURLs": ["http://pages.example/"]}, "cannot return to http://pages"),
        ({"CallbackURLs": ["https://pages.example/#x"]}, "cannot return"),
        ({"LogoutURLs": ["http://localhost.evil.example/"]}, "cannot return"),
        ({"CallbackURLs": []}, "needs CallbackURLs"),
        ({"RefreshTokenRotation": ROTATING}, "excludes ALLOW_REFRESH_TOKEN_AUTH"),
        ({"RefreshTokenRotation": ROTATING, "ExplicitAuthFlows": []}, "excludes"),
        (
            {
                "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61},
                "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"],
            },
            "0 to 60",
        ),
        ({"AllowedOAuthFlows": ["client_credentials"]}, "needs a secret"),
        (
            {"AllowedOAuthFlows": ["client_credentials", "code"], "GenerateSecret": True},
            "excludes the other flows",
        ),
        ({"AllowedOAuthScopes": ["shop/buy"]}, "no such scopes"),
    ],
)
def test_a_client_that_cognito_would_not_create_is_refused(
    account: LocalAccount, changes: dict[str, Any], reason: str
) -> None:
    def make(properties: dict[str, Any]) -> list[ClientSpec]:
        client = Resource("Client", "AWS::Cognito::UserPoolClient", properties)
        place = Place("s", "1", account.region, account.addresses, Path(), account.client)
        stack = Stack(Template(Path(), {"Client": client}), {}, place)
        stack.create()
        return clients_of(stack)

    (accepted,) = make(CLIENT)
    assert not accepted.has_login_page  # there is no domain
    with pytest.raises(ResourceCreationError, match=reason):
        make(CLIENT | changes)
