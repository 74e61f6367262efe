"""The live route, from the commit of an event to the browser: real uvicorn on loopback, raw sockets."""
