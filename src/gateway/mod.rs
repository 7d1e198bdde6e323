//! Enforcement: the road a request takes, in order. Invariant: nothing reaches an upstream but through `forward`, which takes a `Permit`.
