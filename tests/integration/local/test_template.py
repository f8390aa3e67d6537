"""Reading the template, and stopping at unknown types and properties."""

from pathlib import Path
from typing import Any

import pytest

from tests.local.addresses import Addresses
from tests.local.declaration import Place
from tests.local.errors import TemplateError, UnhandledResourceError
from tests.local.specs import FunctionSpec
from tests.local.stack import Stack
from tests.local.template import read_template

FUNCTION = """
  Web:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: web, Handler: app.handle, Runtime: python3.13}
"""


def _nothing_is_created(service: str) -> Any:
    pytest.fail(f"{service} was called")


def _stack(folder: Path, text: str, **parameters: str) -> Stack:
    path = folder / "template.yaml"
    path.write_text(text, encoding="utf-8")
    place = Place(
        stack_name="s",
        account_id="123456789012",
        region="ap-southeast-3",
        addresses=Addresses("http://e", "http://api", "http://issuer"),
        folder=folder,
        client=_nothing_is_created,
    )
    return Stack(read_template(path), parameters, place)


@pytest.mark.parametrize(
    ("resources", "logical_id", "resource_type", "what"),
    [
        ("{Odd: {Type: AWS::Odd::Thing}}", "Odd", "AWS::Odd::Thing", None),
        (
            "{T: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {}}}}",
            "T",
            "AWS::DynamoDB::Table",
            "StreamSpecification",
        ),
        (
            "{Api: {Type: AWS::Serverless::HttpApi, Properties: {StageName: prod}}}",
            "Api",
            "AWS::Serverless::HttpApi",
            "StageName: prod",
        ),
        (
            (
                "{B: {Type: AWS::Serverless::LayerVersion, Metadata: {BuildMethod: go1.x},"
                " Properties: {ContentUri: b}}}"
            ),
            "B",
            "AWS::Serverless::LayerVersion",
            "Metadata.BuildMethod: go1.x",
        ),
        (
            (
                "{F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f, Handler: app.h,"
                " Runtime: python3.13, Events: {Q: {Type: SQS, Properties: {Queue: q,"
                " FilterCriteria: {}}}}}}}"
            ),
            "F",
            "AWS::Serverless::Function",
            "Events.Q.FilterCriteria",
        ),
        (
            (
                "{F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f, Handler: app.h,"
                " Runtime: python3.13, Events: {Q: {Type: Kinesis}}}}}"
            ),
            "F",
            "AWS::Serverless::Function",
            "Events.Q of type Kinesis",
        ),
        (
            (
                "{F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f, Handler: app.h,"
                " Runtime: nodejs22.x}}}"
            ),
            "F",
            "AWS::Serverless::Function",
            "Runtime: nodejs22.x",
        ),
    ],
)
def test_an_unhandled_property_stops_the_account_and_is_named(
    tmp_path: Path, resources: str, logical_id: str, resource_type: str, what: str | None
) -> None:
    with pytest.raises(UnhandledResourceError) as stopped:
        _stack(tmp_path, f"Resources: {resources}").create()
    assert (stopped.value.logical_id, stopped.value.resource_type, stopped.value.what) == (
        logical_id,
        resource_type,
        what,
    )


def test_an_unknown_type_stops_before_anything_is_created(tmp_path: Path) -> None:
    text = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  Odd: {Type: AWS::Odd::Thing}"
    with pytest.raises(UnhandledResourceError, match="Odd"):
        _stack(tmp_path, text).create()


def test_globals_are_merged_as_sam_does(tmp_path: Path) -> None:
    stack = _stack(
        tmp_path,
        """
Globals:
  Function:
    Runtime: python3.13
    Timeout: 10
    Layers: [general]
    Environment: {Variables: {A: general, B: general}}
Resources:
  Web:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: web
      Handler: app.handle
      Timeout: 20
      Layers: [own]
      Environment: {Variables: {B: own, C: true}}
""",
    )
    stack.create()
    (function,) = stack.specs(FunctionSpec)
    assert function.runtime == "python3.13"
    assert function.timeout_s == 20
    assert function.layers == ("general", "own")
    assert function.environment == {"A": "general", "B": "own", "C": "true"}


def test_intrinsic_functions_get_their_values(tmp_path: Path) -> None:
    stack = _stack(
        tmp_path,
        f"""
Parameters:
  Mode: {{Type: String, Default: quiet, AllowedValues: [quiet, loud]}}
  Origins: {{Type: CommaDelimitedList, Default: "a, b"}}
Mappings: {{Sizes: {{quiet: {{Memory: 128}}, loud: {{Memory: 256}}}}}}
Conditions:
  Loud: !Equals [!Ref Mode, loud]
  Quiet: !Not [!Condition Loud]
  Both: !And [!Condition Loud, !Condition Quiet]
  Either: !Or [!Condition Loud, !Condition Quiet]
Resources:{FUNCTION}
Outputs:
  Arn: {{Value: !GetAtt Web.Arn}}
  Role: {{Value: !Sub "${{WebRole.Arn}}"}}
  Sub: {{Value: !Sub ["${{Mode}} ${{!Literal}} ${{Own}} ${{AWS::Region}}", {{Own: mine}}]}}
  Map: {{Value: !FindInMap [Sizes, !Ref Mode, Memory]}}
  Select: {{Value: !Select [1, !Ref Origins]}}
  If: {{Value: !If [Both, both, !If [Either, either, neither]]}}
  Left: {{Value: unseen, Condition: Loud}}
  Issuer: {{Value: !Sub "https://cognito-idp.${{AWS::Region}}.amazonaws.com/pool_1"}}
""",
    )
    stack.create()
    assert stack.outputs() == {
        "Arn": "arn:aws:lambda:ap-southeast-3:123456789012:function:s-Web",
        "Role": "arn:aws:iam::123456789012:role/s-WebRole",
        "Sub": "quiet ${Literal} mine ap-southeast-3",
        "Map": "128",
        "Select": "b",
        "If": "either",
        "Issuer": "http://issuer",
    }


@pytest.mark.parametrize(
    ("text", "parameters", "complaint"),
    [
        ("Resources: {A: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref B}}}", {}, "called B"),
        (
            (
                "Resources:\n"
                "  A: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref B}}\n"
                "  B: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref A}}"
            ),
            {},
            "circular: A -> B -> A",
        ),
        ("Parameters: {P: {Type: String}}\nResources: {}", {}, "P has no default"),
        ("Resources: {}", {"Q": "1"}, "no parameters"),
        (
            "Parameters: {P: {Type: String, AllowedPattern: '[a-z]+'}}\nResources: {}",
            {"P": "A"},
            "does not match",
        ),
        ("Transforms: x\nResources: {}", {}, "sections not known"),
    ],
)
def test_a_template_that_contradicts_itself_is_refused(
    tmp_path: Path, text: str, parameters: dict[str, str], complaint: str
) -> None:
    with pytest.raises(TemplateError, match=complaint):
        _stack(tmp_path, text, **parameters).create()
