"""The site: a Bottle application over an `Archive`."""

from searchapp.web.app import make_app
from searchapp.web.serving.server import serve

__all__ = ["make_app", "serve"]
