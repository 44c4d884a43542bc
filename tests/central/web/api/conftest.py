"""What the pages' service holds, and beside it people, and who was on duty."""

import pytest

from tests.worlds.pages.registered import enter_people
from tests.worlds.pages.service import PagesService


@pytest.fixture(scope="module")
def registered(service: PagesService) -> PagesService:
    """The service with ``wren``, who works at North's Harbour, and ``lark``, who works at South's Market."""
    enter_people(service)
    return service
