"""What Schemathesis does not know by itself."""

import itertools

import schemathesis


@schemathesis.serializer("application/wasm")
def wasm(ctx, value):
    """Sends a plugin file as it was generated."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def xlsx(ctx, response):
    """Reads an XLSX file as bytes."""
    return response.content


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Guesses of the present password come from elsewhere: after five of them from one address, signing in from it is refused, and
    the run signs in."""
    if case.operation.path == "/api/auth/password":
        case.headers = {**(case.headers or {}), "X-Forwarded-For": f"10.0.{next(_address) % 250}.1"}


_address = itertools.count()
