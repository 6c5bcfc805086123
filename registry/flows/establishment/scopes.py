"""What a client of a data centre may be allowed to do (OAuth 2.0 scopes, RFC 6749 section 3.3)."""

PUSH = "establishment.push"  # send the bodies of its own centre, and see what became of them
READ = "establishment.read"  # search all bodies and read their life
CENTRE_SCOPES = (PUSH, READ)
