//! What the program writes about itself: log lines and metrics. A line stays one line whatever a client sends (T46).
