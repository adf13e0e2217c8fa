//! The four wire formats: peeks, shallow edits, SSE framing, taps, faults; pure.
