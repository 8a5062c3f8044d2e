"""The connector's protocol over HTTP."""
