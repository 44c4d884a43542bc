"""The fields that forms of several pages have, each with the most letters that are read of it."""

from typing import Annotated

from fastapi import Form

NameField = Annotated[str, Form(max_length=1000)]
PasswordField = Annotated[str, Form(max_length=10000)]
PathField = Annotated[str, Form(max_length=2000)]
"""Where to go on afterwards; `central.web.browser.own_path` says which paths are believed."""
