//! Registered browsers: a long-lived secret in a cookie, tied to a user. One registry for every way of registration.
