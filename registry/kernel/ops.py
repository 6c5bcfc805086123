"""The operator's port: health and the figures of all processes in one place.

``/health/live`` says that the supervisor runs, ``/health/ready`` that every service answers (503 and a list otherwise),
``/metrics`` joins the figures of all instances, each sample with the label ``instance``.
"""

import asyncio
from collections.abc import Callable, Iterable

from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from registry.kernel.config import Config
from registry.kernel.health import METRICS, ask, is_ready
from registry.kernel.metrics import CONTENT_TYPE


def build_ops(config: Config, instances: Callable[[], Iterable[str]]) -> web.Application:
    """The application of the operator's port over the instances that should be running."""

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def ready(_: web.Request) -> web.Response:
        names = list(instances())
        answers = await asyncio.gather(*(is_ready(config, name) for name in names))
        waiting = [name for name, fine in zip(names, answers, strict=True) if not fine]
        body = {"status": "ready" if not waiting else "not ready", "waiting": waiting}
        return web.json_response(body, status=503 if waiting else 200)

    async def figures(_: web.Request) -> web.Response:
        names = list(instances())
        answers = await asyncio.gather(*(ask(config, name, METRICS) for name in names))
        text = join_figures({name: body.decode() for name, body in zip(names, answers, strict=True)})
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.add_routes([web.get("/health/live", live), web.get("/health/ready", ready), web.get("/metrics", figures)])
    return app


def join_figures(texts: dict[str, str]) -> str:
    """Join expositions of several instances: one HELP and TYPE a family, every sample with its ``instance``."""
    families: dict[str, list[str]] = {}
    heads: dict[str, str] = {}
    for instance, text in texts.items():
        for family in text_string_to_metric_families(text):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            heads.setdefault(name, f"# HELP {name} {family.documentation}\n# TYPE {name} {family.type}\n")
            lines = families.setdefault(name, [])
            lines += [
                _sample(sample.name, {**sample.labels, "instance": instance}, sample.value) for sample in family.samples
            ]
    return "".join(heads[name] + "".join(lines) for name, lines in families.items())


def _sample(name: str, labels: dict[str, str], value: float) -> str:
    inside = ",".join(f'{key}="{_escape(text)}"' for key, text in sorted(labels.items()))
    return f"{name}{{{inside}}} {value}\n"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
