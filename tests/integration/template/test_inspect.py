"""`inspect` opens what strangers made: it has no right, no way out, and no secret."""

from typing import Any

from meterai.aws.clients import CONNECT_WITHIN_S, INSPECT_WITHIN_S
from meterai.inspection_ports import ANSWERED_WITHIN_S, stamped_within_s
from meterai.pdf.sandbox import CPU_SECONDS, MAX_WAIT_SECONDS, WALL_SECONDS
from tests.integration.template.declared import (
    TEMPLATE,
    functions,
    of_type,
    statements,
    text,
)

INSPECT = functions()["inspect"]
ATTACHES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda needs (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)."""


def only(resource_type: str) -> dict[str, Any]:
    (resource,) = of_type(resource_type).values()
    return dict(resource.properties)


def test_its_role_allows_its_log_and_what_is_denied_to_its_own_code() -> None:
    attach, deny, log = INSPECT.rights
    assert (log.effect, log.resources) == ("Allow", ("InspectLogs.Arn",))
    assert log.actions == ("logs:CreateLogStream", "logs:PutLogEvents")
    assert (attach.effect, attach.actions, attach.condition) == ("Allow", ATTACHES, {})
    assert (deny.effect, deny.actions, deny.resources) == ("Deny", ATTACHES, ("*",))
    named = text(deny.condition["ArnEquals"]["lambda:SourceFunctionArn"])
    own = text(INSPECT.properties["FunctionName"])
    assert named == f"arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:{own}"


def test_those_who_ask_know_it_by_the_name_that_it_has() -> None:
    variables = TEMPLATE.globals["Function"]["Environment"]["Variables"]
    assert variables["INSPECT_FUNCTION"] == INSPECT.properties["FunctionName"]


def test_no_policy_of_another_resource_gives_its_role_anything() -> None:
    named = [
        name
        for name, resource in TEMPLATE.resources.items()
        for key in ("KeyPolicy", "PolicyDocument")
        if "InspectRole" in str(resource.properties.get(key, ""))
    ]
    assert named == []


def test_it_alone_runs_in_a_network() -> None:
    config = INSPECT.properties["VpcConfig"]
    assert [text(one) for one in config["SecurityGroupIds"]] == ["InspectSecurityGroup.GroupId"]
    assert {text(one) for one in config["SubnetIds"]} == set(of_type("AWS::EC2::Subnet"))
    inside = [one.folder for one in functions().values() if "VpcConfig" in one.properties]
    assert inside == ["inspect"]


def test_its_network_has_no_route_but_to_storage() -> None:
    """A route to anywhere else needs a resource of another type: a gateway, a peer, a route."""
    kinds = {one.type for one in TEMPLATE.resources.values() if one.type.startswith("AWS::EC2::")}
    assert kinds == {
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCEndpoint",
    }
    endpoint = only("AWS::EC2::VPCEndpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert text(endpoint["ServiceName"]) == "com.amazonaws.AWS::Region.s3"
    assert [text(one) for one in endpoint["RouteTableIds"]] == ["InspectRoutes"]
    associated = of_type("AWS::EC2::SubnetRouteTableAssociation").values()
    assert {
        (text(one.properties["SubnetId"]), text(one.properties["RouteTableId"]))
        for one in associated
    } == {(subnet, "InspectRoutes") for subnet in of_type("AWS::EC2::Subnet")}


def test_at_storage_it_reaches_uploads_and_repaired_documents_of_one_bucket() -> None:
    """It may list what it may read, since S3 answers 404 to those alone, and 403 to others: an
    upload that is missing is told from storage that refuses."""
    endpoint = only("AWS::EC2::VPCEndpoint")
    get, list_, put = statements(endpoint["PolicyDocument"])
    assert {one.effect for one in (get, list_, put)} == {"Allow"}
    assert (get.actions, get.resources, get.condition) == (
        ("s3:GetObject",),
        ("DocumentsBucket.Arn/documents/*", "DocumentsBucket.Arn/incoming/*"),
        {},
    )
    assert (list_.actions, list_.resources, list_.condition) == (
        ("s3:ListBucket",),
        ("DocumentsBucket.Arn",),
        {"StringLike": {"s3:prefix": ["documents/*", "incoming/*"]}},
    )
    assert (put.actions, put.resources, put.condition) == (
        ("s3:PutObject",),
        ("DocumentsBucket.Arn/repaired/*",),
        {},
    )


def test_nothing_comes_in_and_only_https_goes_out() -> None:
    group = only("AWS::EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in group
    (out,) = group["SecurityGroupEgress"]
    assert (out["IpProtocol"], out["FromPort"], out["ToPort"]) == ("tcp", 443, 443)


def test_no_name_but_the_buckets_is_looked_up() -> None:
    """The resolver of a network has a way to the internet of its own."""
    allowed, blocked = only("AWS::Route53Resolver::FirewallRuleGroup")["FirewallRules"]
    lists = {
        name: [text(domain) for domain in one.properties["Domains"]]
        for name, one in of_type("AWS::Route53Resolver::FirewallDomainList").items()
    }
    assert allowed["Action"] == "ALLOW"
    assert lists[text(allowed["FirewallDomainListId"])] == [
        "DocumentsBucket.s3.AWS::Region.AWS::URLSuffix"
    ]
    assert (blocked["Action"], blocked["BlockResponse"]) == ("BLOCK", "NXDOMAIN")
    assert lists[text(blocked["FirewallDomainListId"])] == ["*"]
    assert allowed["Priority"] < blocked["Priority"]
    association = only("AWS::Route53Resolver::FirewallRuleGroupAssociation")
    assert text(association["VpcId"]) == "InspectNetwork"
    assert text(association["FirewallRuleGroupId"]) == "InspectNameRules"


def test_it_ends_while_it_is_still_waited_for() -> None:
    asking = [one for one in functions().values() if one.may("lambda:InvokeFunction")]
    assert {one.folder for one in asking} == {
        "check_pages",
        "pages",
        "preflight",
        "preview",
        "request_stamping",
        "stamp",
        "verify",
    }
    longest_s = max(INSPECT_WITHIN_S)
    assert INSPECT.timeout_s < longest_s
    least_s = min(one.timeout_s for one in asking)
    assert CONNECT_WITHIN_S + longest_s + ANSWERED_WITHIN_S < least_s


def test_the_stamping_function_has_time_for_a_repair_for_a_turn_and_for_the_stamping() -> None:
    """The time left to a repair is four times the processor time that it may take."""
    for_repair_s = functions()["stamp"].timeout_s - stamped_within_s() - CONNECT_WITHIN_S
    assert stamped_within_s() > MAX_WAIT_SECONDS + WALL_SECONDS
    assert max(one for one in INSPECT_WITHIN_S if one <= for_repair_s) >= 4 * CPU_SECONDS
