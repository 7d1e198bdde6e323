//! Sessions: evidence gathered, held on the server, named by an opaque cookie; read from memory on the hot path.
