"""Networks and domain names: recorded, not built. Functions here are processes of one machine and
reach all of it; what a network lets through is read from the template by its tests."""

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType

_NOT_BUILT = "recorded; there is no network between the processes here"


def _record(declaration: Declaration) -> Created:
    name = f"{declaration.place.stack_name}-{declaration.logical_id}"
    return Created(ref=name, attributes={"GroupId": name, "RegionalDomainName": name})


def _type(name: str, *recorded: str) -> ResourceType:
    accepted = {**dict.fromkeys(recorded, _NOT_BUILT), "Tags": NO_BILLING}
    return ResourceType(name=name, applied=frozenset(), accepted=accepted, create=_record)


TYPES = (
    _type("AWS::ApiGatewayV2::DomainName", "DomainName", "DomainNameConfigurations"),
    _type("AWS::ApiGatewayV2::ApiMapping", "ApiId", "DomainName", "Stage"),
    _type("AWS::EC2::VPC", "CidrBlock", "EnableDnsHostnames", "EnableDnsSupport"),
    _type("AWS::EC2::Subnet", "AvailabilityZone", "CidrBlock", "VpcId"),
    _type("AWS::EC2::RouteTable", "VpcId"),
    _type("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", "SubnetId"),
    _type("AWS::EC2::SecurityGroup", "GroupDescription", "SecurityGroupEgress", "VpcId"),
    _type(
        "AWS::EC2::VPCEndpoint",
        "PolicyDocument",
        "RouteTableIds",
        "ServiceName",
        "VpcEndpointType",
        "VpcId",
    ),
    _type("AWS::Route53Resolver::FirewallDomainList", "Domains"),
    _type("AWS::Route53Resolver::FirewallRuleGroup", "FirewallRules"),
    _type(
        "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        "FirewallRuleGroupId",
        "Priority",
        "VpcId",
    ),
)
