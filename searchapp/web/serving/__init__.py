"""The server: sockets, processes, waitress."""
