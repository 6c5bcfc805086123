"""Pages: one template environment, one look, two languages side by side.

How a package makes a page::

    return page(request, "whois.web/lookup.html", title="…", name=name)

* ``whois.web/lookup.html`` is the file ``templates/lookup.html`` of the package ``whois.web``; nothing is
  registered anywhere. A name without a package (``base.html``, ``parts.html``) is one of the design system's own.
* A template begins with ``{% extends "base.html" %}`` and ``{% import "parts.html" as parts with context %}`` and fills
  the blocks ``title``, ``main`` and, where needed, ``head``, ``nav``, ``wide``. Everything is escaped; an
  undefined value is a fault.
* Every template may call ``both(zh, en)`` (Chinese with English beside it), ``asset("style.css")`` (static URL),
  and use the filters ``day`` (2026年6月1日), ``instant`` (with Beijing time and the machine-readable form), ``minute`` (without the year),
  ``unicode_name``, ``unseen`` and ``grouped``.
* ``public_url``, ``path`` and ``request`` are there as well.

No inline script or style: the policy of ``registry/kernel/web/security.py`` would not run it.
"""

from collections.abc import Callable
from datetime import date, datetime
from importlib import resources
from typing import Any
from unicodedata import category

from aiohttp import web
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from registry.kernel.clock import BEIJING
from registry.kernel.names import to_u

KERNEL = "registry.kernel.web"
ENVIRONMENT: web.AppKey[Environment] = web.AppKey("templates", Environment)


class PackageTemplates(BaseLoader):
    """Finds ``package.path/file.html`` in the folder ``templates`` of that package."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002  # jinja2's signature
        """The text of one template; it never changes while the process runs."""
        package, _, name = template.rpartition("/")
        file = resources.files(package or KERNEL) / "templates" / name
        if not file.is_file():
            raise TemplateNotFound(template)
        return file.read_text("utf-8"), str(file), lambda: True


def make_environment(asset: Callable[[str], str], public_url: str) -> Environment:
    """The environment that all pages of one application share."""
    environment = Environment(
        loader=PackageTemplates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=asset, public_url=public_url, both=both)
    environment.filters.update(
        day=day, instant=instant, unicode_name=unicode_name, grouped=grouped, unseen=unseen, minute=minute
    )
    return environment


def render(request: web.Request, template: str, **values: Any) -> str:
    """The text of a page."""
    return request.config_dict[ENVIRONMENT].get_template(template).render(request=request, path=request.path, **values)


def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page from a template. Public pages may be kept but are asked for again each time; sessions set
    ``no-store`` themselves.
    """
    text = render(request, template, **values)
    return web.Response(text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-cache"})


def both(zh: str, en: str) -> Markup:
    """Chinese, with English beside it in the smaller voice of the design."""
    return Markup('{} <span class="en" lang="en">{}</span>').format(zh, en)


def day(value: date) -> Markup:
    """``2026年6月1日``, of an instant the day in Beijing."""
    local = value.astimezone(BEIJING).date() if isinstance(value, datetime) else value
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(), f"{local.year}年{local.month}月{local.day}日"
    )


def instant(value: datetime) -> Markup:
    """``2026年6月1日 09:00``, in Beijing time."""
    local = value.astimezone(BEIJING)
    shown = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(timespec="seconds"), shown)


def minute(value: datetime) -> Markup:
    """``6月1日 09:00``, in Beijing time, where there is little room."""
    local = value.astimezone(BEIJING)
    shown = f"{local.month}月{local.day}日 {local:%H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(timespec="seconds"), shown)


def unicode_name(name: str) -> str:
    """A name of the DNS as people read it; what does not decode stays as it is."""
    try:
        return to_u(name)
    except ValueError:
        return name


def unseen(text: str) -> Markup:
    """A text of strangers in which what the eye cannot see, or what turns the text around, stands as its number."""
    pieces = (
        Markup('<span class="unseen">U+{:04X}</span>').format(ord(c))
        if category(c) in {"Cf", "Cc", "Zl", "Zp"}
        else escape(c)
        for c in text
    )
    return Markup("").join(pieces)


def grouped(code: str, size: int = 4) -> Markup:
    """A code in groups that the eye can follow; what is copied has no spaces in it."""
    pieces = (code[i : i + size] for i in range(0, len(code), size))
    spans = Markup("").join(Markup("<span>{}</span>").format(piece) for piece in pieces)
    return Markup('<span class="grouped">{}</span>').format(escape(spans))
