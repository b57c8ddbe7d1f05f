"""Media types that Schemathesis does not know by itself."""

import schemathesis


@schemathesis.serializer("application/wasm")
def wasm(ctx, value):
    """Sends a plugin file as it was generated."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def xlsx(ctx, response):
    """Reads an XLSX file as bytes."""
    return response.content
