//! Gathering evidence across requests: the only caller of a factor's verifier. Invariant: no verifier runs without a `Turn`.
