"""Debian's chromium, driven by Playwright. Nothing is downloaded: `.ci/run` installs it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
ColorScheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Device:
    name: str
    width: int
    height: int
    has_touch: bool

    @property
    def viewport(self) -> Any:
        return {"width": self.width, "height": self.height}


PHONE = Device("phone", 360, 640, has_touch=True)
DESKTOP = Device("desktop", 1280, 900, has_touch=False)


def need_chromium() -> None:
    """Skips the test where it is missing; on a CI machine that is a failure."""
    if CHROMIUM is None:
        missing = "chromium is not installed (.ci/run installs it)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


def open_context(
    browser: Browser, device: Device = PHONE, *, language: str = "id", has_script: bool = True
) -> BrowserContext:
    """Of somebody who was never here: no cookies, nothing kept."""
    context = browser.new_context(
        viewport=device.viewport,
        has_touch=device.has_touch,
        is_mobile=device.has_touch,
        extra_http_headers={"accept-language": language},
        java_script_enabled=has_script,
        timezone_id="Asia/Makassar",  # not that of the times on the pages, which is WIB
    )
    context.set_default_timeout(30_000)
    return context


def show_on(page: Page, device: Device, scheme: ColorScheme) -> None:
    """The same page in another size and in other colours; it is not loaded again."""
    page.set_viewport_size(device.viewport)
    page.emulate_media(color_scheme=scheme)
