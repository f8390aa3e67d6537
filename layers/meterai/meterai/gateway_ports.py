"""The configured gateways, as `container.py` hands them out, and the secret with their keys."""

import json
import time
from collections.abc import Callable

from meterai.gateways.keys import KEY_NAMES, GatewayKeys
from meterai.gateways.package import GatewayConfig
from meterai.gateways.registry import GatewayRegistry
from meterai.settings import Settings
from meterai.ttl_cache import TtlCache

KEYS_TTL_S = 300.0
MIN_RENEW_S = 10.0


def gateway_registry(
    settings: Settings,
    read_secret: Callable[[], str],
    *,
    timer: Callable[[], float] = time.monotonic,
) -> GatewayRegistry:
    """`read_secret` answers the keys as a JSON object; one that it lacks is empty. A new key is
    read within `KEYS_TTL_S`, and at once if the one before is empty, or if a webhook's signature or
    a 401 suggests it. That is at most once in `MIN_RENEW_S`, so that forged webhooks cannot cause a
    flood of calls."""

    def read() -> dict[str, str]:
        keys: dict[str, str] = json.loads(read_secret())
        return {name: keys.get(name, "") for name in KEY_NAMES}

    secret = TtlCache(
        read, KEYS_TTL_S, min_renew_s=MIN_RENEW_S, keep_if_unavailable=True, timer=timer
    )
    keys, payouts_url = GatewayKeys(secret.get, secret.renew), settings.payouts_url
    configs = [GatewayConfig(settings.gateway, settings.gateway_url, payouts_url, keys)]
    if settings.previous_gateway is not None:
        name, url = settings.previous_gateway, settings.previous_gateway_url
        configs.append(GatewayConfig(name, url, payouts_url, keys.of_previous()))
    return GatewayRegistry(configs)
