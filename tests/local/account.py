"""An AWS account on one machine, made from `template.yaml`.

    with LocalAccount.start(Path("template.yaml"), parameters={...}) as account:
        urllib3.request("GET", f"{account.api_url}/v1/status")
        account.quiesce()

All servers bind to 127.0.0.1 and end with the process, even if it is killed.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.local.addresses import Addresses
from tests.local.aws_clients import AwsClients
from tests.local.declaration import Place
from tests.local.errors import LocalAccountError
from tests.local.event_sources import QueueSource
from tests.local.functions import Functions, functions_from
from tests.local.http_api import HttpApi
from tests.local.instances import Outcome
from tests.local.issuer.clients import clients_of, people_of
from tests.local.issuer.directory import Directory
from tests.local.issuer.server import Issuer
from tests.local.lambda_endpoint import LambdaEndpoint
from tests.local.listing import Listing
from tests.local.loopback import LoopbackServer
from tests.local.mailbox import Mailbox
from tests.local.moto_endpoint import MotoEndpoint
from tests.local.options import Options
from tests.local.outages import Outages
from tests.local.read_audit import Read
from tests.local.schedules import Schedule
from tests.local.source_watcher import SourceWatcher
from tests.local.specs import ApiSpec, ClientSpec, FunctionSpec, LayerSpec, RoleSpec
from tests.local.stack import Stack
from tests.local.template import read_template
from tests.local.used_rights import Right
from tests.local.wait_until_idle import wait_until_idle

Parameters = Mapping[str, str] | Callable[[Addresses], Mapping[str, str]]


class LocalAccount:
    """A running account. Create it with `start`; end it with `stop`, or use it as a context
    manager."""

    def __init__(self, template: Path, parameters: Parameters, options: Options) -> None:
        self._exit = ExitStack()
        self._options = options
        self._sources: list[QueueSource] = []
        self._schedules: list[Schedule] = []
        self._end_long_polls: Callable[[], None] = lambda: None
        self._moto: MotoEndpoint | None = None
        try:
            self._start(template, parameters)
        except BaseException:
            self._exit.close()
            raise

    @classmethod
    def start(cls, template: Path, parameters: Parameters | None = None, **options: Any) -> Self:
        """Create what the template declares and run it. `options` are those of `Options`.

        `parameters` may be a function of the addresses, for values that contain them. It is called
        when the ports are bound and before anything is created.
        """
        return cls(template, parameters or {}, Options(**options))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._exit.close()

    @property
    def addresses(self) -> Addresses:
        return self._addresses

    @property
    def endpoint_url(self) -> str:
        return self._addresses.endpoint_url

    @property
    def api_url(self) -> str:
        return self._addresses.api_url

    @property
    def issuer_url(self) -> str:
        return self._addresses.issuer_url

    @property
    def account_id(self) -> str:
        return self._account_id

    @property
    def region(self) -> str:
        return self._options.region

    @property
    def logs(self) -> Path:
        return self._options.logs

    def client(self, service: str) -> Any:
        """A boto3 client of this account."""
        return self._clients(service)

    def physical(self, logical_id: str) -> str:
        """The value of `Ref`: a table's or bucket's name, a queue's URL, a topic's ARN."""
        return self._stack.created(logical_id).ref

    @property
    def created(self) -> list[str]:
        """The logical ids of the created resources; those with a false condition are not
        created."""
        return self._stack.ids()

    def attribute(self, logical_id: str, name: str) -> str:
        """The value of `GetAtt`."""
        return self._stack.created(logical_id).attributes[name]

    def token(self, client: str, *scopes: str, username: str | None = None) -> str:
        """An access token for a client (by its logical id), or for a user through it."""
        spec = next(c for c in self._stack.specs(ClientSpec) if c.logical_id == client)
        return self._issuer.access_token(spec, scopes or spec.scopes, username)

    def client_credentials(self, client: str) -> tuple[str, str]:
        """Id and secret of a client (by its logical id)."""
        return self.attribute(client, "ClientId"), self.attribute(client, "ClientSecret")

    def invoke(self, function: str, event: bytes) -> Outcome:
        """Run a function (by its logical id) with an event of the caller's choice."""
        return self.functions.invoke(function, event)

    @property
    def outages(self) -> Outages | None:
        """Of AWS's services, to begin and end them; None at any endpoint but moto."""
        return None if self._moto is None else self._moto.outages

    def used_rights(self) -> frozenset[Right]:
        """The rights that requests to AWS used so far, by caller; unknown at any endpoint but
        moto."""
        if self._moto is None:
            return frozenset()
        here = self._lambda.used | self.mailbox.used | self._directory.used
        return self._moto.used | here

    def reads(self) -> frozenset[Read]:
        """What was read so far, by caller; unknown at any endpoint but moto."""
        return frozenset() if self._moto is None else self._moto.reads

    def fire_schedule(self, logical_id: str) -> Outcome:
        """Fire a schedule now: by its own id (function + event), or by its function's if it has
        only one."""
        found = [
            schedule
            for schedule in self._schedules
            if logical_id in {schedule.spec.logical_id, schedule.spec.function}
        ]
        if len(found) != 1:
            known = sorted(schedule.spec.logical_id for schedule in self._schedules)
            raise LocalAccountError(f"{logical_id} names {len(found)} schedules; known: {known}")
        return found[0].fire()

    def quiesce(self, timeout_s: float = 30.0) -> None:
        """Wait until the event sources' queues are empty and no function runs."""
        urls = [source.queue_url for source in self._sources]
        wait_until_idle(self.functions, self.client("sqs"), urls, timeout_s)

    def _start(self, template: Path, parameters: Parameters) -> None:
        """Ports first, then resources, then the functions, then the sources that invoke them."""
        options = self._options
        api_server = LoopbackServer(options.api_port)
        self._exit.callback(api_server.stop)
        issuer_server = LoopbackServer(options.issuer_port)
        self._exit.callback(issuer_server.stop)
        lambda_server, mailbox_server, directory_server = (LoopbackServer() for _ in range(3))
        for server in (lambda_server, mailbox_server, directory_server):
            self._exit.callback(server.stop)
        self._addresses = Addresses(self._endpoint(), api_server.url, issuer_server.url)
        self._clients = AwsClients(self._addresses.endpoint_url, options.region)

        self._stack = self._create_stack(template, parameters)
        self.outputs = self._stack.outputs()
        self._issuer = Issuer(self.issuer_url, clients_of(self._stack))
        issuer_server.start(self._issuer)
        self._directory = Directory(people_of(self._stack), self._issuer.tokens.attributes)
        directory_server.start(self._directory)
        mailbox_server.start(self.mailbox)
        if options.before_start_functions:
            options.before_start_functions(self)

        if self._moto is not None:
            functions, roles = self._stack.specs(FunctionSpec), self._stack.specs(RoleSpec)
            self._moto.enforce(Listing(functions, roles))
        self.functions = self._create_functions(
            lambda_server.url, mailbox_server.url, directory_server.url
        )
        self._lambda = LambdaEndpoint(self.functions)
        lambda_server.start(self._lambda)
        self._exit.callback(self._stop_running)
        self._start_api(api_server)
        self._start_sources()
        self._start_schedules()
        if options.reload:
            folders = [template.resolve().parent / name for name in ("functions", "layers")]
            watcher = SourceWatcher(folders, self.functions.replace_instances)
            self._exit.callback(watcher.stop)
        sys.stdout.write(
            f"Local development account {options.stack_name}, not AWS: "
            f"API {self.api_url}, issuer {self.issuer_url}, AWS APIs {self.endpoint_url}\n"
        )

    def _endpoint(self) -> str:
        if self._options.endpoint_url:
            return self._options.endpoint_url
        moto = self._moto = MotoEndpoint(
            self._options.endpoint_port, fair_queues=self._options.fair_queues
        )
        self._exit.callback(moto.stop)
        self._end_long_polls = moto.end_long_polls
        return moto.url

    def _create_stack(self, template: Path, parameters: Parameters) -> Stack:
        values = parameters(self._addresses) if callable(parameters) else parameters
        self._account_id = str(self.client("sts").get_caller_identity()["Account"])
        place = Place(
            stack_name=self._options.stack_name,
            account_id=self._account_id,
            region=self._options.region,
            addresses=self._addresses,
            folder=template.resolve().parent,
            client=self.client,
        )
        # Mails that functions sent.
        self.mailbox = Mailbox(values.get("SesIdentityArn", ""))
        stack = Stack(read_template(template), values, place)
        stack.create()
        return stack

    def _create_functions(self, lambda_url: str, mailbox_url: str, directory_url: str) -> Functions:
        return functions_from(
            self._stack.specs(FunctionSpec),
            self._stack.specs(LayerSpec),
            endpoint_url=self.endpoint_url,
            lambda_url=lambda_url,
            mailbox_url=mailbox_url,
            directory_url=directory_url,
            region=self._options.region,
            signs_by_name=self._options.functions_sign_by_name,
            logs=self._options.logs,
            instances=self._options.instances,
            unreserved=self._options.unreserved,
            niceness=self._options.niceness,
        )

    def _start_api(self, server: LoopbackServer) -> None:
        for spec in self._stack.specs(ApiSpec):
            api = HttpApi(
                spec,
                [route for function in self.functions for route in function.spec.routes],
                self.functions,
                account_id=self._account_id,
                log_file=self._options.logs / "api.log",
                local_links=_links(self._options.links_open_here, server.url),
            )
            self._exit.callback(api.stop)
            server.start(api)

    def _start_sources(self) -> None:
        sqs = self.client("sqs")
        for function in self.functions:
            for spec in function.spec.queue_sources:
                queue_name = spec.queue_arn.rpartition(":")[2]
                source = QueueSource(
                    spec,
                    self.functions,
                    sqs,
                    queue_url=sqs.get_queue_url(QueueName=queue_name)["QueueUrl"],
                    region=self._options.region,
                    redeliver_after_s=self._options.redeliver_after_s,
                    on_handled=self._options.on_handled,
                )
                self._sources.append(source)
                source.start()

    def _start_schedules(self) -> None:
        self._schedules = [
            Schedule(
                spec,
                self.functions,
                account_id=self._account_id,
                region=self._options.region,
                speed=self._options.schedule_speed,
            )
            for function in self.functions
            for spec in function.spec.schedules
        ]
        for schedule in self._schedules if self._options.fire_schedules else ():
            schedule.start()

    def _stop_running(self) -> None:
        """The invoking sources end first, then the functions, so that nothing starts in between."""
        for schedule in self._schedules:
            schedule.request_stop()
        for source in self._sources:
            source.request_stop()
        self.functions.stop()
        self._end_long_polls()
        for source in self._sources:
            source.join()


def _links(public_host: str | None, here: str) -> dict[bytes, bytes]:
    return {f"https://{public_host}/".encode(): f"{here}/".encode()} if public_host else {}
