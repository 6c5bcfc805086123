"""The greeting (RFC 5730 section 2.4): who we are, what time it is, what we offer, what happens to data."""

from datetime import datetime

from registry.epp.answer import HEAD
from registry.epp.markup import element, moment, tag
from registry.epp.namespaces import EXTENSIONS, OBJECTS
from registry.epp.session.login import LANGUAGES

# RFC 5730 section 2.4: data of registrations is kept for administration and provisioning and, as far as the law of public
# bodies wants it, published; it is kept as the law says.
POLICY = element(
    "dcp",
    element("access", element("all")),
    element(
        "statement",
        element("purpose", element("admin"), element("prov")),
        element("recipient", element("ours"), element("public")),
        element("retention", element("legal")),
    ),
)


def write_greeting(server_id: str, now: datetime) -> bytes:
    """The document that opens a connection and answers ``hello``."""
    menu = element(
        "svcMenu",
        tag("version", "1.0"),
        *(tag("lang", language) for language in LANGUAGES),
        *(tag("objURI", service.uri) for service in OBJECTS),
        element("svcExtension", *(tag("extURI", service.uri) for service in EXTENSIONS)),
    )
    greeting = element("greeting", tag("svID", server_id), moment("svDate", now), menu, POLICY)
    return f"{HEAD}{greeting}</epp>".encode()
