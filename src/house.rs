//! The rooms together: everything that acts and pages may use, made once by `server`.
