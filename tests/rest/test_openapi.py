"""``/api/openapi.json`` says what the door does."""

import re

from registry.kernel.web.app import CONTEXT
from registry.rest.auth import SCOPES
from registry.rest.routes import ROUTES
from tests.rest.conftest import Api


async def test_every_path_of_the_document_is_served_and_the_other_way_round(a: Api) -> None:
    """The document and the application come from the same list."""
    _, document = await a.get("/api/openapi.json")
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    app = a.client.server.app  # type: ignore[union-attr]  # a TestServer has an app
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource and route.resource.canonical.startswith("/api/v1/") and route.method != "HEAD"
    }
    assert told == served
    assert app[CONTEXT].config.public_url == document["servers"][0]["url"]


async def test_every_reference_of_the_document_leads_somewhere(a: Api) -> None:
    """No broken ``$ref``, unique operation ids, parameters for every variable part, a scope that exists."""
    answer, document = await a.get("/api/openapi.json")
    assert answer.status == 200
    schemas = document["components"]["schemas"]
    for name in re.findall(r"#/components/schemas/(\w+)", await answer.text()):
        assert name in schemas
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(ROUTES)
    for path, methods in document["paths"].items():
        for one in methods.values():
            named = {parameter["name"] for parameter in one["parameters"] if parameter["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert {scope for row in one["security"] for scope in row["token"]} <= set(SCOPES)


async def test_what_the_contract_names_is_there() -> None:
    """CONTRACT, "HTTP": these paths with these methods."""
    assert {(route.method, route.path) for route in ROUTES} >= {
        ("POST", "/api/v1/token"),
        ("POST", "/api/v1/name-checks"),
        ("POST", "/api/v1/verifications"),
        ("POST", "/api/v1/domains"),
    }
