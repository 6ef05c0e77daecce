"""The pages that people read, one module each."""

import bottle

from searchapp.web.pages.about import add_routes as add_about
from searchapp.web.pages.article import add_routes as add_article
from searchapp.web.pages.correcting import add_routes as add_correcting
from searchapp.web.pages.displaying import add_routes as add_display
from searchapp.web.pages.entity import add_routes as add_entity
from searchapp.web.pages.facet import add_routes as add_facet
from searchapp.web.pages.help import add_routes as add_help
from searchapp.web.pages.search import add_routes as add_search
from searchapp.web.site import Site

__all__ = ["add_routes"]


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds every page."""
    for add in (add_search, add_facet, add_article, add_entity, add_about, add_display, add_help, add_correcting):
        add(app, site)
