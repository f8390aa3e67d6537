"""The operators' pages."""

from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("operator", "signed in")
def came_in(visitor: Visitor) -> None:
    visitor.world.publish_load()
    visitor.open("/operator")
    visitor.page.get_by_role("button", name="sri.wahyuni").click()
    visitor.page.get_by_role("heading", name="Sistem sekarang").wait_for()
    visitor.page.wait_for_load_state()


@state("operator", "measuring stopped")
def not_measured(visitor: Visitor) -> None:
    """Nothing measures here by itself."""
    account = visitor.place.account
    account.client("dynamodb").delete_item(
        TableName=account.outputs["LoadStatusTableName"],
        Key={"flow": {"S": "snapshot"}, "at": {"S": "now"}},
    )
    visitor.sign_in_operator()
    visitor.open("/operator")
