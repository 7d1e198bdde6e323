//! The gateway's own host: sign-in, launcher, account, API. Handlers are thin: parse, call, render.
