"""One browser for all tests that see the page, and a demo for each of them."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.platforms.web.seen.showing import Demo, launched, prepare, serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    await prepare(folder)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A demo's data, at the beginning."""
    return Path(shutil.copytree(prepared, tmp_path / "demo"))


@pytest_asyncio.fixture(loop_scope="session")
async def page_demo(chromium: Browser, folder: Path) -> AsyncIterator[Demo]:
    async with serving(folder) as address:
        opened = Demo(chromium, address)
        yield opened
        for context in chromium.contexts:
            await context.close()
    assert not opened.said, "the page complained"
