//! One file per act of an administrator. The command line and the API call these and nothing else.
